import { sql } from "kysely"
import type { ChainHead } from "../model/audit-chain.ts"
import type { AuditEntry, Decision, Envelope, TimeRecord } from "../model/decision.ts"
import type { Repository } from "../model/repository.ts"
import type { Waiting } from "../model/waiting.ts"
import { appendAudit } from "./audit.ts"
import type { Lease } from "./lease.ts"
import { listenersTo } from "./listeners.ts"
import type { Db } from "./open.ts"
import type { Wakes } from "./wakes.ts"
import { type Withdrawing, withdraw } from "./withdraw.ts"

/** What a run decided, and on what reading of its key it rests. */
export interface DecisionCommit {
  readonly key: string
  /** Under which it was read. Absent: nobody's, and nobody may hold the key. */
  readonly lease?: Lease
  /** As they were read; the version is what proves that nobody has decided in between. */
  readonly read: { readonly version: string; readonly inbox: readonly string[] }
  readonly now: Date
  readonly state: unknown
  readonly revisitAt: Date | undefined
  readonly effects: readonly { readonly effect: Envelope; readonly contentHash: string }[]
  readonly audit: readonly AuditEntry[]
  readonly times: readonly TimeRecord[]
  /** Targets whose handles are dropped. */
  readonly forgets: readonly string[]
  /** Targets whose appends are put back if they ended as refused `unavailable` or `forbidden`. */
  readonly retries: readonly string[]
  readonly withdraws?: Withdrawing
  readonly listens: readonly string[]
  readonly waiting: readonly Waiting[]
  /** `by`: the repository that is decided on. */
  readonly tells?: (NonNullable<Decision<unknown, Envelope>["tells"]> & { readonly by: Repository }) | undefined
}

/**
 * Commits state, audit, times and outbox, and marks the inbox rows as decided: all of it, or, when another run has
 * decided since or has taken the key, nothing. Who took the key and has not decided yet acts on what was decided before.
 */
export async function commitDecision(
  { db, wakes }: { readonly db: Db; readonly wakes: Pick<Wakes, "send"> },
  commit: DecisionCommit,
): Promise<"committed" | "lost"> {
  return await db.transaction().execute(async (transaction) => {
    const advanced = await advance(transaction, commit)
    if (advanced === undefined) return "lost"
    const { version, head } = advanced
    const { key, now, read } = commit
    if (read.inbox.length > 0) {
      await transaction
        .updateTable("slipway.inbox")
        .set({ decided_at: now, decided_version: version })
        .where("key", "=", key)
        .where("seq", "in", [...read.inbox])
        .execute()
    }
    await appendAudit(transaction, { key, version, at: now }, head, commit.audit)
    if (commit.times.length > 0) {
      await transaction
        .insertInto("slipway.times")
        .values(
          commit.times.map(({ what, release, subject, at }) => ({ key, what, release, subject, at: new Date(at) })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
    if (commit.forgets.length > 0) await forget(transaction, commit)
    if (commit.retries.length > 0) await revive(transaction, commit)
    if (commit.withdraws) await withdraw(transaction, commit, commit.withdraws)
    for (const each of await wanted(transaction, commit)) await enqueue(transaction, commit, each)
    if (commit.tells) await tell(transaction, wakes, commit, commit.tells, version)
    return "committed"
  })
}

/** The row is locked from here to the commit, so that nobody else puts anything behind the audit trail's end. */
async function advance(
  db: Db,
  { key, lease, read, state, revisitAt, listens, waiting }: DecisionCommit,
): Promise<{ readonly version: string; readonly head: ChainHead } | undefined> {
  const { rows } = await sql<{ version: string; audit_sequence: string; audit_hash: string }>`
    update slipway.keys
    set state = ${JSON.stringify(state)}::jsonb, version = version + 1, failures = 0, broken = 0,
        revisit_at = ${revisitAt ?? null}, listens = ${listens}::text[],
        waiting = ${waiting.length > 0 ? JSON.stringify(waiting) : null}::jsonb
    where key = ${key} and version = ${read.version}
      and lease_owner is not distinct from ${lease?.owner ?? null}::text
      and fence = coalesce(${lease?.fence ?? null}::bigint, fence)
    returning version, audit_sequence, audit_hash`.execute(db)
  const [row] = rows
  return row && { version: row.version, head: { sequence: Number(row.audit_sequence), hash: row.audit_hash } }
}

/**
 * Tells the keys that listen. As with a webhook their rows are locked FOR KEY SHARE before they are woken
 * (store/ingest), which two decisions that tell each other do not wait for: neither changes its key. The sender's version
 * makes the delivery's id, so that it is told once.
 */
async function tell(
  db: Db,
  wakes: Pick<Wakes, "send">,
  { key, now }: DecisionCommit,
  { by, subjects, signal }: NonNullable<DecisionCommit["tells"]>,
  version: string,
): Promise<void> {
  for (const listener of await listenersTo(db, by, subjects)) {
    await sql`
      with locked as (select key from slipway.keys where key = ${listener.key} for key share)
      insert into slipway.inbox (delivery, key, signals, received_at)
      select ${`neighbour:${key}:${version}`}, key, ${JSON.stringify([signal])}::jsonb, ${now}::timestamptz from locked
      on conflict do nothing`.execute(db)
    await wakes.send(db, listener.key)
  }
}

type Wish = DecisionCommit["effects"][number]

/**
 * Those that are not said or shown already, in order; all are asked about in one statement. A second wish for a target, which
 * no decision of ours has, is never left out: what the target will show depends on the first.
 */
async function wanted(db: Db, { key, effects }: DecisionCommit): Promise<readonly Wish[]> {
  if (effects.length === 0) return []
  const of = (pick: (wish: Wish) => string) => effects.map(pick)
  const { rows } = await sql<{ place: string }>`
    select place from unnest(${of(({ effect }) => effect.key)}::text[], ${of(({ effect }) => effect.target)}::text[],
      ${of(({ effect }) => effect.mode)}::text[], ${of(({ contentHash }) => contentHash)}::text[])
      with ordinality as wish (effect_key, target, mode, content_hash, place)
    where case mode when 'append' then ${isSpent(key)} else ${isSpared(key)} end`.execute(db)
  const needless = new Set(rows.map(({ place }) => Number(place) - 1))
  const targets = new Set<string>()
  return effects.filter(({ effect: { mode, target } }, place) => {
    const isFirst = mode === "append" || !targets.has(target)
    targets.add(target)
    return !(isFirst && needless.has(place))
  })
}

async function enqueue(db: Db, { key, now }: DecisionCommit, { effect, contentHash }: Wish): Promise<void> {
  const { target, lane, mode } = effect
  if (mode === "replace") await supersede(db, key, effect, now)
  const doubt = mode === "replace" ? await leftInDoubt(db, key, effect) : undefined
  await db
    .insertInto("slipway.outbox")
    .values({
      key,
      effect_key: effect.key,
      kind: effect.kind,
      target,
      lane,
      mode,
      envelope: JSON.stringify(effect),
      content_hash: contentHash,
      started_at: doubt?.since ?? null,
      next_at: doubt?.landed && doubt.landed > now ? doubt.landed : now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(["key", "effect_key"]).doNothing())
    .execute()
}

/**
 * Since when content before this one may have made the target all the same: an attempt got no answer, and none that
 * could look came after it. The next one has to look. Content that was superseded after it had ended was given up, and is
 * tried again by hand; without an end it was never begun. What was dropped keeps when it began, and until when the request may
 * still take effect: a look before would not see it (store/mend-outbox).
 */
async function leftInDoubt(
  db: Db,
  key: string,
  { target }: Envelope,
): Promise<{ readonly since: Date | null; readonly landed: Date | null } | undefined> {
  const { rows } = await sql<{ since: Date | null; landed: Date | null }>`
    select max(coalesce(o.started_at, o.ended_at)) as since,
           max(o.next_at) filter (where o.started_at is not null) as landed
    from slipway.outbox o
    where o.key = ${key} and o.target = ${target} and o.mode = 'replace'
      and (o.attempts > 1 or o.started_at is not null)
      and o.status in ('refused', 'dead', 'superseded') and o.outcome->>'code' <> 'gone'
      and not exists (select from slipway.handles h where h.key = ${key} and h.target = ${target})
      and not exists (select from slipway.outbox later
                      where later.key = o.key and later.target = o.target and later.mode = 'replace' and later.seq > o.seq
                        and (later.status = 'done' or later.outcome->>'code' = 'gone'))`.execute(db)
  return rows[0]
}

async function forget(db: Db, { key, forgets }: DecisionCommit): Promise<void> {
  await db
    .deleteFrom("slipway.handles")
    .where("key", "=", key)
    .where("target", "in", [...forgets])
    .execute()
}

/**
 * Puts appends back that ended without having been done. An attempt that got no answer may have happened all the same,
 * so the next one looks first.
 */
async function revive(db: Db, { key, now, retries }: DecisionCommit): Promise<void> {
  await sql`
    update slipway.outbox
    set status = 'pending', attempts = 0, revivals = revivals + 1, started_at = ended_at, next_at = ${now},
        ended_at = null, outcome = null
    where key = ${key} and target = any(${[...retries]}) and mode = 'append' and status in ('refused', 'dead')
      and outcome->>'code' in ('unavailable', 'forbidden')`.execute(db)
}

/** Said so long ago that its row is gone (store/remove-old). */
const isSpent = (key: string) => sql`
  exists (select from slipway.spent_keys s where s.key = ${key} and s.effect_key = wish.effect_key)`

/**
 * Decided before under this key, or the target will show exactly this once what is on its way to it is written, also
 * when that is under way already. Should it be refused, its end is decided on, and then the target shows nothing known.
 */
const isSpared = (key: string) => sql`
  exists (select from slipway.outbox o where o.key = ${key} and o.effect_key = wish.effect_key)
  or coalesce(
       (select o.content_hash from slipway.outbox o
        where o.key = ${key} and o.target = wish.target and o.mode = 'replace' and o.status = 'pending'
        order by o.seq desc limit 1),
       (select h.content_hash from slipway.handles h where h.key = ${key} and h.target = wish.target)
     ) = wish.content_hash`

/**
 * Older content that nobody has begun to write is not written any more. It stays if the target does not exist yet
 * and something else waits behind it in its lane: a reply needs the message that the older content creates.
 */
async function supersede(db: Db, key: string, { target }: Envelope, now: Date): Promise<void> {
  await sql`
    update slipway.outbox o set status = 'superseded', ended_at = ${now}
    where key = ${key} and target = ${target} and mode = 'replace' and status = 'pending' and started_at is null
      and (exists (select from slipway.handles h where h.key = ${key} and h.target = ${target})
           or not exists (select from slipway.outbox behind
                          where behind.key = ${key} and behind.lane = o.lane and behind.status = 'pending'
                            and behind.seq > o.seq and behind.target <> o.target))`.execute(db)
}
