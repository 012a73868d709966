import { sql } from "kysely"
import type { HookDelivery } from "../model/hook-delivery.ts"
import type { Db } from "./open.ts"

/** A webhook that is to be asked for again, by an attempt of it that GitHub knows. */
export interface Wanted {
  readonly guid: string
  readonly attempt: string
  /** How often it will have been asked for, with this time. */
  readonly asked: number
}

/**
 * Keeps those of the attempts that failed whose webhook is not in the inbox. Of one that is kept already no more is taken
 * than when it was first tried.
 * A webhook of a repository is in the inbox of that repository last of all, so that it is there for all whom it was
 * for; of one that is about no repository the inbox does not tell that.
 */
export async function keepMissed(db: Db, failed: readonly HookDelivery[], now: Date): Promise<void> {
  if (failed.length === 0) return
  await sql`
    insert into slipway.missed_deliveries (guid, repository, attempt, only_word, delivered_at, next_at)
    select distinct on (m.guid) m.guid, m.repository, m.attempt, m.only_word, m.delivered_at, ${now}::timestamptz
    from unnest(${failed.map(({ guid }) => guid)}::text[], ${failed.map(({ repository }) => repository ?? null)}::text[],
                ${failed.map(({ id }) => id)}::text[], ${failed.map(({ onlyWord }) => onlyWord)}::boolean[],
                ${failed.map(({ at }) => at)}::timestamptz[])
      as m (guid, repository, attempt, only_word, delivered_at)
    where not exists (select from slipway.inbox i where i.delivery = m.guid and i.key = m.repository)
    order by m.guid, m.delivered_at
    on conflict (guid) do update set delivered_at = excluded.delivered_at
    where excluded.delivered_at < missed_deliveries.delivered_at`.execute(db)
}

/** Lets go of what has come, by whatever way, and of what is too old to be had. */
export async function dropMissed(db: Db, arrived: readonly string[], before: Date): Promise<void> {
  await sql`
    delete from slipway.missed_deliveries m
    where m.guid = any(${[...arrived]}::text[]) or m.delivered_at < ${before}
      or exists (select from slipway.inbox i where i.delivery = m.guid and i.key = m.repository)`.execute(db)
}

/**
 * Takes those whose turn it is: first what nothing else can tell, then by age. That they are asked for counts before
 * GitHub hears of it, so that a crash in between never makes it one time more.
 *
 * @param pauses minutes after the first, second … time; there are no more times than these
 */
export async function takeMissed(
  db: Db,
  { now, most, pauses }: { readonly now: Date; readonly most: number; readonly pauses: readonly number[] },
): Promise<Wanted[]> {
  const { rows } = await sql<Wanted>`
    update slipway.missed_deliveries m
    set asked = m.asked + 1,
        next_at = ${now}::timestamptz + (${[...pauses]}::float8[])[m.asked + 1] * interval '1 minute'
    from (select guid from slipway.missed_deliveries
          where next_at <= ${now} and asked < ${pauses.length}
          order by only_word desc, delivered_at limit ${most} for update skip locked) as due
    where m.guid = due.guid
    returning m.guid, m.attempt, m.asked`.execute(db)
  return rows
}

/** When GitHub first tried to deliver a webhook that was missed, as far as is known. Undefined: it was not missed. */
export async function missedSince(db: Db, guid: string): Promise<Date | undefined> {
  const { rows } = await sql<{ delivered_at: Date }>`
    select delivered_at from slipway.missed_deliveries where guid = ${guid}`.execute(db)
  return rows[0]?.delivered_at
}

/** It was not asked for after all: that time does not count. */
export async function returnMissed(db: Db, guids: readonly string[], until: Date): Promise<void> {
  await sql`
    update slipway.missed_deliveries set asked = asked - 1, next_at = ${until}
    where guid = any(${[...guids]}::text[]) and asked > 0`.execute(db)
}

/** GitHub does not have it any more: it is not asked for again. */
export async function forgetMissed(db: Db, guid: string): Promise<void> {
  await sql`delete from slipway.missed_deliveries where guid = ${guid}`.execute(db)
}
