import { sql } from "kysely"
import type { Db } from "./open.ts"

const DAY_MS = 86_400_000
/**
 * How long rows are kept that nothing rests on any more: for people who ask what happened. GitHub delivers again what
 * is at most 3 days old, so a redelivery always meets its row, however few days an operator chooses
 * (https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks).
 */
const KEPT_DAYS = { glances: 1, superseded: 7 }
/** Deliveries and effects, unless an operator says otherwise. */
const KEEP_DAYS = 30

/** How the ids of our own looks at a repository begin: nobody asks what became of them. The index inbox_glances has it. */
export const GLANCE = "glance:"

/** Small, so that nobody waits for it. */
const BATCH = 500

/**
 * Removes one batch of deliveries decided on, and of effects ended, longer ago than they are kept. The audit trail and
 * the times are never touched. Of an append its key stays: the domain says it again at every run, and relies on it
 * being dropped.
 *
 * @param keepDays at least as many as superseded content is kept
 * @returns whether there may be more
 */
export async function removeOld(db: Db, now: Date, keepDays = KEEP_DAYS): Promise<boolean> {
  const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS)
  const deliveries = await sql`
    delete from slipway.inbox where (delivery, key) in (
      select delivery, key from slipway.inbox
      where decided_at < ${before(keepDays)} order by decided_at limit ${BATCH})`.execute(db)
  const glances = await sql`
    delete from slipway.inbox where (delivery, key) in (
      select delivery, key from slipway.inbox
      where delivery like 'glance:%' and decided_at < ${before(KEPT_DAYS.glances)} order by decided_at limit ${BATCH})`.execute(
    db,
  )
  const effects = await removeEffects(db, before(keepDays), before(KEPT_DAYS.superseded))
  return (
    [deliveries, glances].some(({ numAffectedRows }) => Number(numAffectedRows ?? 0n) === BATCH) || effects === BATCH
  )
}

/**
 * The keys are locked against decisions first, in one order: a decision that says an append again then sees either its
 * row or its spent key.
 */
async function removeEffects(db: Db, endedBefore: Date, supersededBefore: Date): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ seq: string; key: string }>`
      select seq, key from slipway.outbox
      where ended_at < ${supersededBefore} and (status = 'superseded' or ended_at < ${endedBefore})
      order by ended_at limit ${BATCH}`.execute(transaction)
    if (rows.length === 0) return 0
    const keys = [...new Set(rows.map(({ key }) => key))]
    await sql`
      select 1 from slipway.keys where key = any(${keys}) order by key for no key update`.execute(transaction)
    await sql`
      with gone as (
        delete from slipway.outbox where seq = any(${rows.map(({ seq }) => seq)}::bigint[]) and status <> 'pending'
        returning key, effect_key, mode
      )
      insert into slipway.spent_keys (key, effect_key)
      select key, effect_key from gone where mode = 'append' on conflict do nothing`.execute(transaction)
    return rows.length
  })
}
