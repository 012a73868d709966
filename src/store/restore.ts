import { Kysely, PostgresDialect, sql } from "kysely"
import pg from "pg"
import type { Json } from "../model/json.ts"
import { ourTables } from "./backup.ts"
import { type BackupEnd, type BackupHeader, readLine } from "./backup-format.ts"
import { startEmbeddedPostgres } from "./embedded.ts"
import { isKnown, migrate, migrateTo } from "./migrate.ts"
import type { Db } from "./open.ts"
import type { Tables } from "./schema.ts"
import { StoreError } from "./store-error.ts"

/** What was put back. */
export interface Restored {
  readonly header: BackupHeader
  readonly rows: Readonly<Record<string, number>>
}

export interface RestoreOptions {
  readonly databaseUrl?: string | undefined
  readonly dataDir: string
  readonly now: Date
  /** The signal by which every repository is looked at again. */
  readonly look: Json
}

/** So many characters of rows go to the database at once. */
const BATCH_LENGTH = 1_000_000

/**
 * Puts a backup into a database that has nothing of ours yet, and brings it up to date. What waited to be done is from
 * then on in doubt: it may have been done after the backup was made, and is looked for first. Every repository is looked
 * at again.
 *
 * @param lines of the backup
 * @throws StoreError with what to do: the database is in use or holds something, or the backup is not whole or of a newer version
 */
export async function restore(lines: AsyncIterable<string>, options: RestoreOptions): Promise<Restored> {
  const { databaseUrl, dataDir } = options
  const embedded = databaseUrl ? undefined : await startEmbeddedPostgres({ dataDir })
  const connection = embedded?.connection ?? { connectionString: databaseUrl, connectionTimeoutMillis: 10_000 }
  const pool = new pg.Pool({ ...connection, max: 2, application_name: "slipway restore" })
  pool.on("error", () => undefined)
  pool.on("connect", (client) => client.on("error", () => undefined))
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  try {
    return await restoreInto(db, lines, options)
  } finally {
    await db.destroy()
    await embedded?.stop()
  }
}

async function restoreInto(db: Db, lines: AsyncIterable<string>, { now, look }: RestoreOptions): Promise<Restored> {
  const all = lines[Symbol.asyncIterator]()
  const header = await readHeader(all)
  await refuseUsed(db)
  await sql`drop schema if exists slipway cascade`.execute(db)
  await migrateTo(db, header.schema)
  const rows = await db.transaction().execute(async (transaction) => {
    const end = await load(transaction, all)
    for (const [table, last] of Object.entries(end.sequences))
      await sql`select setval(pg_get_serial_sequence(${`slipway.${table}`}, 'seq'), ${last}::bigint)`.execute(
        transaction,
      )
    await doubt(transaction, now, look)
    return end.rows
  })
  await migrate(db)
  return { header, rows }
}

const notWhole = (why: string): StoreError =>
  new StoreError("no-backup", `This is no whole backup of Slipway: ${why}. Nothing was restored.`)

async function readHeader(lines: AsyncIterator<string>): Promise<BackupHeader> {
  const first = await lines.next()
  const line = first.done ? undefined : readLine(first.value)
  if (line?.is !== "header") throw notWhole("it does not begin as one")
  if (!isKnown(line.header.schema))
    throw new StoreError(
      "newer",
      `The backup was made by Slipway ${line.header.version}, whose database (${line.header.schema}) this version does not know. Restore it with that version or a newer one.`,
    )
  return line.header
}

/** Nothing is restored over anything: an empty schema is made anew, one with rows is refused. */
async function refuseUsed(db: Db): Promise<void> {
  const { rows } = await sql<{ others: number }>`
    select count(*)::int as others from pg_stat_activity
    where datname = current_database() and application_name in ('slipway', 'slipway wakes')`.execute(db)
  if ((rows[0]?.others ?? 0) > 0)
    throw new StoreError("in-use", "A Slipway is running on this database: stop it first. Nothing was restored.")
  const tables = new Set(await ourTables(db))
  for (const table of ["keys", "audit", "report_tokens"].filter((name) => tables.has(name))) {
    const { rows: found } = await sql`select 1 from ${sql.table(`slipway.${table}`)} limit 1`.execute(db)
    if (found.length > 0)
      throw new StoreError(
        "not-empty",
        "The database holds something of Slipway already, and nothing is restored over it. Set SLIPWAY_DATA_DIR to a new folder, or DATABASE_URL to an empty database.",
      )
  }
}

async function load(db: Db, lines: AsyncIterator<string>): Promise<BackupEnd> {
  const known = new Set(await ourTables(db))
  const loaded: { [table: string]: number } = {}
  let table: string | undefined
  let batch: string[] = []
  let length = 0
  const flush = async (): Promise<void> => {
    if (table !== undefined && batch.length > 0) await insert(db, table, batch)
    batch = []
    length = 0
  }
  for (;;) {
    const next = await lines.next().catch((cause: unknown) => {
      throw notWhole(`it cannot be read to its end (${cause instanceof Error ? cause.message : String(cause)})`)
    })
    const line = next.done ? undefined : readLine(next.value)
    if (!line || line.is === "header") throw notWhole(next.done ? "its end is missing" : "it has a line that none has")
    if (line.is === "row") {
      if (table === undefined) throw notWhole("it has a row of no table")
      batch.push(line.text)
      length += line.text.length
      loaded[table] = (loaded[table] ?? 0) + 1
      if (length >= BATCH_LENGTH) await flush()
      continue
    }
    await flush()
    if (line.is === "end") {
      refuseOtherCounts(line.end.rows, loaded)
      return line.end
    }
    if (!known.has(line.table)) throw notWhole(`there is no table ${line.table}`)
    table = line.table
    loaded[table] = 0
    await clear(db, table)
  }
}

function refuseOtherCounts(promised: BackupEnd["rows"], loaded: BackupEnd["rows"]): void {
  for (const [table, count] of Object.entries(promised))
    if (loaded[table] !== count) throw notWhole(`of ${table}, ${loaded[table] ?? 0} of ${count} rows are there`)
}

/** What a migration puts into a new table is in the backup, too, as it was then. */
async function clear(db: Db, table: string): Promise<void> {
  const of = sql.table(`slipway.${table}`)
  const { rows } = await sql`select 1 from ${of} limit 1`.execute(db)
  if (rows.length > 0) await sql`delete from ${of}`.execute(db)
}

async function insert(db: Db, table: string, rows: readonly string[]): Promise<void> {
  const of = sql.table(`slipway.${table}`)
  await sql`
    insert into ${of} overriding system value
    select * from jsonb_populate_recordset(null::${of}, ${`[${rows.join(",")}]`}::jsonb)`
    .execute(db)
    .catch((cause: unknown) => {
      throw notWhole(`a row of ${table} is not as it has to be (${cause instanceof Error ? cause.message : cause})`)
    })
}

async function doubt(db: Db, now: Date, look: Json): Promise<void> {
  await sql`
    update slipway.outbox set started_at = coalesce(started_at, ${now}), next_at = greatest(next_at, ${now})
    where status = 'pending'`.execute(db)
  await sql`update slipway.keys set lease_owner = null, lease_until = null where lease_owner is not null`.execute(db)
  await sql`
    insert into slipway.inbox (delivery, key, signals, received_at)
    select ${`restored:${now.toISOString()}`}, key, ${JSON.stringify([look])}::jsonb, ${now} from slipway.keys
    where state is not null and (state ->> 'uninstalled') is distinct from 'true'
    on conflict do nothing`.execute(db)
}
