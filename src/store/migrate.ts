import { type Kysely, sql } from "kysely"
import { type Migration, type MigrationResultSet, Migrator } from "kysely/migration"
import { start } from "./migrations/0001-start.ts"
import { upkeep } from "./migrations/0002-upkeep.ts"
import { auditChain } from "./migrations/0003-audit-chain.ts"
import { listeners } from "./migrations/0004-listeners.ts"
import { reportTokens } from "./migrations/0005-report-tokens.ts"
import { drillTokens } from "./migrations/0006-drill-tokens.ts"
import { outboxEndedBadly } from "./migrations/0007-outbox-ended-badly.ts"
import { waiting } from "./migrations/0008-waiting.ts"
import { missedDeliveries } from "./migrations/0009-missed-deliveries.ts"
import { tried } from "./migrations/0010-tried.ts"
import type { Tables } from "./schema.ts"

/** Listed, not found by scanning a folder: the list is the same in `src` and in `dist`. */
const MIGRATIONS: Record<string, Migration> = {
  "0001-start": start,
  "0002-upkeep": upkeep,
  "0003-audit-chain": auditChain,
  "0004-listeners": listeners,
  "0005-report-tokens": reportTokens,
  "0006-drill-tokens": drillTokens,
  "0007-outbox-ended-badly": outboxEndedBadly,
  "0008-waiting": waiting,
  "0009-missed-deliveries": missedDeliveries,
  "0010-tried": tried,
}

/** Any fixed number: names the advisory lock "somebody migrates this database". */
const MIGRATION_LOCK = "7310846"

/**
 * Brings the schema `slipway` to its newest form. Processes that start together wait for each other: Kysely locks
 * its own table, but that table's schema must exist first, and `create schema if not exists` is no lock.
 *
 * @throws the migration's own error; nothing of a failed migration remains
 */
export const migrate = async (db: Kysely<Tables>): Promise<void> =>
  await locked(db, async (migrator, session) =>
    (await isNewer(session)) ? { results: [] } : await migrator.migrateToLatest(),
  )

/**
 * Whether a newer version has migrated the database already: all of our migrations are applied, and others. Since
 * migrations only add, this version works on it, be it that both run for a while or that the newer one is rolled back;
 * Kysely itself would refuse.
 */
async function isNewer(db: Kysely<Tables>): Promise<boolean> {
  const { rows: tables } = await sql<{ there: boolean }>`
    select to_regclass('slipway.kysely_migration') is not null as there`.execute(db)
  if (!tables[0]?.there) return false
  const { rows } = await sql<{ name: string }>`select name from slipway.kysely_migration`.execute(db)
  const applied = new Set(rows.map(({ name }) => name))
  return Object.keys(MIGRATIONS).every((name) => applied.has(name)) && applied.size > Object.keys(MIGRATIONS).length
}

/**
 * The same up to a migration, where a database of an older version is to be had.
 *
 * @param name one that `isKnown`
 */
export const migrateTo = async (db: Kysely<Tables>, name: string): Promise<void> =>
  await locked(db, async (migrator) => await migrator.migrateTo(name))

export const isKnown = (name: string): boolean => Object.hasOwn(MIGRATIONS, name)

/** The newest migration that a database has. */
export async function newestApplied(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select max(name) as name from slipway.kysely_migration`.execute(
    db,
  )
  const name = rows[0]?.name
  if (!name) throw new Error("the database has no migration")
  return name
}

async function locked(
  db: Kysely<Tables>,
  work: (migrator: Migrator, session: Kysely<Tables>) => Promise<MigrationResultSet>,
): Promise<void> {
  await db.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(session)
    try {
      await sql`create schema if not exists slipway`.execute(session)
      const { error } = await work(migrator(session), session)
      if (error) throw error
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(session)
    }
  })
}

/** Whether every migration of this program has been applied. */
export async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  const known = await migrator(db).getMigrations()
  return known.every((migration) => migration.executedAt !== undefined)
}

const migrator = (db: Kysely<Tables>): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableSchema: "slipway",
  })
