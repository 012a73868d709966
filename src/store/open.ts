import { randomUUID } from "node:crypto"
import type { Socket } from "node:net"
import { Kysely, PostgresDialect, sql } from "kysely"
import pg from "pg"
import { startEmbeddedPostgres, visitEmbeddedPostgres } from "./embedded.ts"
import { isMigrated, migrate } from "./migrate.ts"
import type { Tables } from "./schema.ts"
import { StoreError } from "./store-error.ts"
import { openWakes, type Wakes } from "./wakes.ts"

export type Db = Kysely<Tables>

/** The database, open and migrated. */
export interface Store {
  readonly db: Db
  readonly wakes: Wakes
  /** True for the embedded database: no other living process works on it. */
  readonly exclusive: boolean
  /** Resolves if the database answers and every migration is applied; throws what is wrong otherwise. */
  ping(): Promise<void>
  /** Resolves if it takes what is written, too, and leaves nothing of that. */
  pingWriting(): Promise<void>
  close(): Promise<void>
}

/** Three processes, each with this pool, pg-boss' own and its listener, fit into the 50 connections of our Postgres. */
const POOL_SIZE = 10

/**
 * None of our transactions waits for anything but the database. A process that is paused in one would keep its locks for as
 * long as it sleeps, and no other could take its keys: Postgres breaks its session off. The pool hands out no connection on
 * which that is not set yet. As a parameter of the start, PgBouncer would end the connection for it:
 * https://www.pgbouncer.org/config.html#ignore_startup_parameters
 *
 * Who gets no connection, because the server has none left or all of ours hang, hears so in time to turn a webhook away.
 */
const LIMITS = {
  connectionTimeoutMillis: 8_000,
  onConnect: async (session: pg.ClientBase): Promise<void> => {
    await session.query("set idle_in_transaction_session_timeout = 5000")
  },
}

/** No query of ours takes nearly as long; but what a migration does may. */
const SILENCE_MS = 20_000

/**
 * A server that vanishes without a word (its machine is gone, another has its address) leaves connections at which everybody
 * waits for a quarter of an hour, until the kernel gives up. These end after some seconds in which a query heard nothing.
 */
class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    this.once("connect", () => {
      const { stream } = (this as unknown as { readonly connection: { readonly stream: Socket } }).connection
      stream.setTimeout(SILENCE_MS, () => stream.destroy(new Error(`the database said nothing for ${SILENCE_MS} ms`)))
    })
  }
}

/**
 * Opens the database named by `databaseUrl`, or the embedded one of `dataDir`, and brings its tables up to date.
 *
 * @throws StoreError with what to do, if it cannot be reached or is in use
 */
export async function openStore(options: {
  databaseUrl?: string | undefined
  dataDir: string
  log?: (message: string) => void
}): Promise<Store> {
  const log = options.log ?? (() => undefined)
  const { databaseUrl, dataDir } = options
  const embedded = databaseUrl ? undefined : await startEmbeddedPostgres({ dataDir, log })
  try {
    const connection = embedded?.connection ?? { connectionString: databaseUrl }
    return await open(
      { ...connection, ...LIMITS, Client: ImpatientClient },
      databaseUrl,
      embedded?.stop ?? (async () => undefined),
      embedded !== undefined,
      log,
    )
  } catch (cause) {
    await embedded?.stop()
    throw cause
  }
}

/** A database that somebody looks into, without the work that is done on it. */
export interface Visited {
  readonly db: Db
  close(): Promise<void>
}

/**
 * Opens a database as it is, beside whoever works on it: nothing is migrated, and nobody is kept from anything.
 *
 * @param doing `read`: every transaction is read-only, whatever is asked
 * @throws StoreError with what to do, if it cannot be reached, or was never brought up to date by this version
 */
export async function visitStore(
  { databaseUrl, dataDir }: { databaseUrl?: string | undefined; dataDir: string },
  doing: "read" | "write",
): Promise<Visited> {
  const embedded = databaseUrl ? undefined : await visitEmbeddedPostgres(dataDir)
  const connection = embedded?.connection ?? { connectionString: databaseUrl, connectionTimeoutMillis: 10_000 }
  const pool = new pg.Pool({ ...connection, max: 2, application_name: "slipway audit" })
  pool.on("error", () => undefined)
  pool.on("connect", (client) => {
    client.on("error", () => undefined)
    if (doing === "read")
      void client.query("set session characteristics as transaction read only").catch(() => undefined)
  })
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async (): Promise<void> => {
    await db.destroy()
    await embedded?.stop()
  }
  try {
    await sql`select 1`.execute(db).catch((cause: unknown) => {
      throw databaseUrl ? unreachable(databaseUrl, cause) : cause
    })
    if (!(await isMigrated(db).catch(() => false)))
      throw new StoreError(
        "outdated",
        "The database is not that of this version: start Slipway once, which brings it up to date.",
      )
    return { db, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function open(
  connection: pg.PoolConfig,
  databaseUrl: string | undefined,
  stopServer: () => Promise<void>,
  exclusive: boolean,
  log: (message: string) => void,
): Promise<Store> {
  const pool = new pg.Pool({ ...connection, max: POOL_SIZE, application_name: "slipway" })
  let isClosing = false
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process. One that
  // says farewell to a server that is about to stop breaks as it should.
  pool.on("error", (error) => isClosing || log(`a database connection broke: ${error.message}`))
  // The pool listens to idle connections only, and whoever uses one hears of it by the query that fails. Between two
  // queries of a transaction nobody listens, and that too would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined))
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  try {
    await sql`select 1`.execute(db).catch((cause: unknown) => {
      throw databaseUrl ? unreachable(databaseUrl, cause) : cause
    })
    await migrated(connection)
    const wakes = await openWakes(connection, log)
    return {
      db,
      wakes,
      exclusive,
      async ping() {
        if (!(await isMigrated(db))) throw new Error("the database lacks a migration of this version")
      },
      pingWriting: async () => await writeNothing(db),
      async close() {
        isClosing = true
        await wakes.close()
        await db.destroy()
        await stopServer()
      },
    }
  } catch (cause) {
    await db.destroy()
    throw cause
  }
}

/** By a patient connection of its own: a migration may take long, or wait for another process that does it. */
async function migrated({ Client: _, ...connection }: pg.PoolConfig): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ ...connection, max: 2 }) }) })
  await migrate(db).finally(() => db.destroy())
}

/** A full disk is told to who writes: Postgres goes on to read. */
async function writeNothing(db: Db): Promise<void> {
  const transaction = await db.startTransaction().execute()
  try {
    await sql`insert into slipway.keys (key, repo) values (${`nothing:${randomUUID()}`}, '{}')`.execute(transaction)
  } finally {
    await transaction.rollback().execute()
  }
}

/** Names host and database, never the password that the URL carries. */
function unreachable(databaseUrl: string, cause: unknown): StoreError {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined
  const where = url
    ? `${url.hostname || url.searchParams.get("host") || "localhost"}${url.port && `:${url.port}`}${url.pathname}`
    : "which is no URL"
  const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause)
  return new StoreError(
    "unreachable",
    `The database of DATABASE_URL (${where}) cannot be used: ${reason}. Check that the server runs, that the URL's user and password are right, and that this machine may reach it; or unset DATABASE_URL to use the embedded database.`,
    { cause },
  )
}
