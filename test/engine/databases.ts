import { randomUUID } from "node:crypto"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "kysely"
import pg from "pg"
import { inject } from "vitest"
import { findBinaries } from "../../src/store/binaries.ts"
import { ensureCluster, ensureRunning, SUPERUSER, stopCluster } from "../../src/store/cluster.ts"
import { openStore, type Store } from "../../src/store/open.ts"
import { placeCluster } from "../../src/store/placement.ts"

/** A folder of sockets and a port, by which a Postgres is reached either way. */
interface Address {
  readonly sockets: string
  readonly port: number
}

/** A data directory that every user may enter, as the default `./data` of a clone usually is. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-"))
  chmodSync(folder, 0o755)
  return folder
}

/** The same binaries and settings as the embedded database, and a TCP port as well. */
export async function startServer(): Promise<{ readonly address: Address; stop(): Promise<void> }> {
  const dataDir = temporaryFolder()
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(dataDir)
  await ensureCluster(place, binaries)
  const { sockets, port } = await ensureRunning(place, binaries, await freePort())
  return {
    address: { sockets, port },
    async stop() {
      await stopCluster(place, binaries)
      rmSync(dataDir, { recursive: true, force: true })
      rmSync(sockets, { recursive: true, force: true })
    },
  }
}

const urlOf = ({ sockets, port }: Address, by: "socket" | "tcp", database: string): string =>
  by === "tcp"
    ? `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`
    : `postgres://${SUPERUSER}@/${database}?host=${encodeURIComponent(sockets)}&port=${port}`

/**
 * A database on the Postgres of this worker, without tables.
 * @returns its URL: by the socket, as the embedded database is reached, or by TCP, as a server is
 */
export async function freshDatabase(by: "socket" | "tcp"): Promise<string> {
  const all = inject("postgres")
  const address = all[Number(process.env.VITEST_POOL_ID) % all.length]
  if (!address) throw new Error("this test is of no project that has test/postgres.ts as its setup")
  const name = `test_${randomUUID().replaceAll("-", "")}`
  const client = new pg.Client({ connectionString: urlOf(address, "socket", "postgres") })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return urlOf(address, by, name)
}

export type OpenedStore = Store & { readonly url: string }

export const openFresh = async (by: "socket" | "tcp"): Promise<OpenedStore> => await openAgain(await freshDatabase(by))

/** As a second process on the same database would. */
export const openAgain = async (url: string): Promise<OpenedStore> => ({
  ...(await openStore({ databaseUrl: url, dataDir: "unused" })),
  url,
})

/** Forgets every row, wakes among them; tables stay. */
export async function empty(store: OpenedStore): Promise<void> {
  await store.db.transaction().execute(async (transaction) => {
    // The audit trail does not let itself be emptied, but to a superuser who insists.
    await sql`set local session_replication_role = replica`.execute(transaction)
    await sql`truncate slipway.keys, slipway.inbox, slipway.outbox, slipway.spent_keys, slipway.handles, slipway.audit, slipway.audit_checkpoints, slipway.times, slipway.report_tokens`.execute(
      transaction,
    )
  })
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
