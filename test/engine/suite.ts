import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest"
import { empty, type OpenedStore, openFresh } from "./databases.ts"
import { World } from "./world.ts"

/**
 * Runs the tests twice: on the database as it is embedded, and on a server reached by TCP.
 * Each test gets a world of its own, in emptied tables.
 */
export function onBothDatabases(title: string, tests: (world: () => World) => void): void {
  describe.each(["socket", "tcp"] as const)(`${title} (%s)`, (by) => {
    let store: OpenedStore
    let world: World
    beforeAll(async () => {
      store = await openFresh(by)
    })
    afterAll(async () => {
      await store.close()
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
