import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "kysely"
import pg from "pg"
import { findBinaries } from "../../src/store/binaries.ts"
import { ensureCluster, ensureRunning, SUPERUSER, stopCluster } from "../../src/store/cluster.ts"
import { openStore, type Store } from "../../src/store/open.ts"
import { placeCluster } from "../../src/store/placement.ts"

/** A Postgres that several stores can open by URL, each in a database of its own. */
export interface Server {
  /** Without tables. @returns its URL: by the socket, as the embedded database is reached, or by TCP, as a server is */
  freshDatabase(by: "socket" | "tcp"): Promise<string>
  stop(): Promise<void>
}

/** A data directory that every user may enter, as the default `./data` of a clone usually is. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-"))
  chmodSync(folder, 0o755)
  return folder
}

/** The same binaries and settings as the embedded database, and a TCP port as well. */
export async function startServer(): Promise<Server> {
  const dataDir = temporaryFolder()
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(dataDir)
  await ensureCluster(place, binaries)
  const { sockets, port } = await ensureRunning(place, binaries, await freePort())
  const urlOf = (by: "socket" | "tcp", database: string): string =>
    by === "tcp"
      ? `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`
      : `postgres://${SUPERUSER}@/${database}?host=${encodeURIComponent(sockets)}&port=${port}`
  let databases = 0
  return {
    async freshDatabase(by) {
      const name = `test_${++databases}`
      const client = new pg.Client({ connectionString: urlOf("socket", "postgres") })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return urlOf(by, name)
    },
    async stop() {
      await stopCluster(place, binaries)
      rmSync(dataDir, { recursive: true, force: true })
      rmSync(sockets, { recursive: true, force: true })
    },
  }
}

export type OpenedStore = Store & { readonly url: string }

export const openFresh = async (server: Server, by: "socket" | "tcp"): Promise<OpenedStore> =>
  await openAgain(await server.freshDatabase(by))

/** As a second process on the same database would. */
export const openAgain = async (url: string): Promise<OpenedStore> => ({
  ...(await openStore({ databaseUrl: url, dataDir: "unused" })),
  url,
})

/** Forgets every row, wakes among them; tables stay. */
export async function empty(store: OpenedStore): Promise<void> {
  await sql`truncate slipway.keys, slipway.inbox, slipway.outbox, slipway.spent_keys, slipway.handles, slipway.audit, slipway.times`.execute(
    store.db,
  )
  await sql`delete from slipway_wakes.job`.execute(store.db)
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      )
    })
  })
