import { randomUUID } from "node:crypto"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { appendFile } from "node:fs/promises"
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

/**
 * Nobody asks this database for anything after its machine stopped: it waits for no disk, as Postgres' documentation has
 * it for a cluster that can be made again ("Non-Durable Settings"). What durability costs and gives, the embedded
 * database of a test of its own shows (test/store/embedded.test.ts).
 */
const FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

interface TestServer {
  readonly address: Address
  /** Every database on it, as a superuser reaches it. */
  databases(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** The same binaries as the embedded database and its settings but for those of durability, and a TCP port as well. */
export async function startServer(): Promise<TestServer> {
  const dataDir = temporaryFolder()
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(dataDir)
  await ensureCluster(place, binaries)
  await appendFile(join(place.cluster, "postgresql.auto.conf"), FORGETFUL)
  const address = await ensureRunning(place, binaries, await freePort())
  const { sockets } = address
  await prepare(address)
  return {
    address,
    async databases() {
      const names = await asSuperuser(address, "select datname as name from pg_database where not datistemplate")
      return names.map(({ name }) => urlOf(address, "socket", name))
    },
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

/** One that Slipway has opened once, from which others are copied. */
const PREPARED = "prepared"

/** Bringing the tables up to date and pg-boss' to life costs ten times what a copy of them costs. */
async function prepare(address: Address): Promise<void> {
  await asSuperuser(address, `create database ${PREPARED}`)
  const store = await openStore({ databaseUrl: urlOf(address, "socket", PREPARED), dataDir: "unused" })
  await store.close()
}

async function asSuperuser(address: Address, statement: string): Promise<{ readonly name: string }[]> {
  const client = new pg.Client({ connectionString: urlOf(address, "socket", "postgres") })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(statement)
  await client.end()
  return rows
}

/**
 * A database on the Postgres of this worker.
 * @param has no tables (`nothing`), or those of a Slipway that has been started on it before
 * @returns its URL: by the socket, as the embedded database is reached, or by TCP, as a server is
 */
export async function freshDatabase(by: "socket" | "tcp", has: "nothing" | "tables" = "nothing"): Promise<string> {
  const all = inject("postgres")
  const address = all[Number(process.env.VITEST_POOL_ID) % all.length]
  if (!address) throw new Error("this test is of no project that has test/postgres.ts as its setup")
  const name = `test_${randomUUID().replaceAll("-", "")}`
  await asSuperuser(
    address,
    `create database ${name}${has === "tables" ? ` template ${PREPARED} strategy file_copy` : ""}`,
  )
  return urlOf(address, by, name)
}

export type OpenedStore = Store & { readonly url: string }

export const openFresh = async (by: "socket" | "tcp"): Promise<OpenedStore> =>
  await openAgain(await freshDatabase(by, "tables"))

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
    await sql`truncate slipway.keys, slipway.inbox, slipway.outbox, slipway.spent_keys, slipway.handles, slipway.audit, slipway.audit_checkpoints, slipway.times, slipway.report_tokens, slipway.chores, slipway.missed_deliveries`.execute(
      transaction,
    )
  })
  await sql`delete from slipway_wakes.job`.execute(store.db)
}

export const freePort = (): Promise<number> =>
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
