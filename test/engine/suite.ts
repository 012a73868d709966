import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest"
import { empty, type OpenedStore, openFresh, type Server, startServer } from "./databases.ts"
import { World } from "./world.ts"

/**
 * Runs the tests twice: on the database as it is embedded, and on a server reached by TCP.
 * Each test gets a world of its own, in emptied tables.
 */
export function onBothDatabases(title: string, tests: (world: () => World) => void): void {
  for (const by of ["socket", "tcp"] as const) {
    describe(`${title} (${by})`, () => {
      let server: Server
      let store: OpenedStore
      let world: World
      beforeAll(async () => {
        server = await startServer(by)
        store = await openFresh(server)
      })
      afterAll(async () => {
        await store.close()
        await server.stop()
      })
      beforeEach(() => {
        world = new World(store)
      })
      afterEach(async () => {
        await world.close()
        await empty(store)
      })
      tests(() => world)
    })
  }
}
