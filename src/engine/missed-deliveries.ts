import { z } from "zod"
import type { Clock } from "../model/clock.ts"
import type { HookDelivery, HookDeliveryPage } from "../model/hook-delivery.ts"
import type { Log } from "../model/log.ts"
import {
  dropMissed,
  forgetMissed,
  keepMissed,
  returnMissed,
  takeMissed,
  type Wanted,
} from "../store/missed-deliveries.ts"
import type { Db } from "../store/open.ts"

export interface MissedOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly stopping: AbortSignal
  /** What GitHub tried to deliver, from `cursor` on. A throw means: later. */
  readonly list: (cursor?: string) => Promise<HookDeliveryPage>
  /** Asks GitHub to deliver it again. A throw means: later. */
  readonly ask: (attempt: string) => Promise<"asked" | "gone">
}

const MINUTE_MS = 60_000
/** GitHub keeps them for 3 days: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const KEPT_MS = 3 * 24 * 60 * MINUTE_MS
/** An attempt is listed when it has ended, 10 seconds after it began at the latest. */
const OVERLAP_MS = 2 * MINUTE_MS
/** Of 100 each. What is older waits for the next round: a round with all of them is 1 % of an hour's limit. */
const PAGES = 50
/** With the pause between two rounds that have more to ask for, one a second: see `MORE_MS`. */
const ASKED_AT_ONCE = 20
/**
 * "If you are making a large number of POST … requests, wait at least one second between each request":
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */
const MORE_MS = 20_000
/** Minutes until a webhook is asked for once more. After the last time it is left to whoever looks at the repository. */
const PAUSES = [1, 5, 20, 60, 240, 720]

/** What the next round has to know. `gap`: deliveries that no round has come to yet, from a cursor down to an instant. */
const Memory = z.object({
  seenTo: z.iso.datetime().optional(),
  gap: z.object({ cursor: z.string(), downTo: z.iso.datetime() }).optional(),
})
type Memory = z.infer<typeof Memory>

/**
 * One round: looks through what GitHub tried to deliver since the round before, and asks again for what failed and is
 * not in the inbox. GitHub does not do that by itself: https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
 *
 * A webhook that comes again is no different from one that comes late: it has the same id, by which the inbox takes it once.
 *
 * @param memory what the round before returned
 * @throws what `list` throws; nothing is lost by that, and nothing of the round is remembered
 */
export async function fetchMissed(
  options: MissedOptions,
  memory: unknown,
): Promise<{ readonly memory: Memory; readonly againInMs?: number }> {
  const { db, clock } = options
  const now = clock.now()
  const oldest = new Date(now.getTime() - KEPT_MS)
  const known = Memory.safeParse(memory ?? {})
  const next = await readAttempts(options, known.success ? known.data : {}, oldest)
  await dropMissed(db, [], oldest)
  const asked = await askForMissed(options, clock.now())
  const more = next.gap !== undefined || asked >= ASKED_AT_ONCE
  return { memory: next, ...(more ? { againInMs: MORE_MS } : {}) }
}

/** Newest first, until what the round before has seen; then what it left over. */
async function readAttempts(options: MissedOptions, { seenTo, gap }: Memory, oldest: Date): Promise<Memory> {
  const budget = { pages: PAGES }
  const upTo = new Date(Math.max(oldest.getTime(), seenTo ? Date.parse(seenTo) - OVERLAP_MS : 0))
  const fresh = await readDown(options, budget, undefined, upTo)
  const newest = fresh.newest?.toISOString() ?? seenTo
  const to = newest === undefined ? {} : { seenTo: newest }
  const left = gap
    ? { cursor: gap.cursor, downTo: new Date(Math.max(oldest.getTime(), Date.parse(gap.downTo))) }
    : undefined
  // What was left over before lies behind this, and is read again on the way: GitHub sends more than a round can read.
  if (fresh.cursor !== undefined)
    return { ...to, gap: { cursor: fresh.cursor, downTo: (left?.downTo ?? upTo).toISOString() } }
  const rest = left ? await readDown(options, budget, left.cursor, left.downTo) : {}
  if (rest.cursor === undefined || !left) return to
  return { ...to, gap: { cursor: rest.cursor, downTo: left.downTo.toISOString() } }
}

/** @returns `cursor`: where it stopped for want of pages; `newest`: when the newest was delivered */
async function readDown(
  { db, clock, list, stopping }: MissedOptions,
  budget: { pages: number },
  from: string | undefined,
  downTo: Date,
): Promise<{ readonly cursor?: string; readonly newest?: Date }> {
  let newest: Date | undefined
  const arrived = new Set<string>()
  const found = () => (newest ? { newest } : {})
  for (let cursor = from; ; ) {
    if (cursor !== undefined && (budget.pages <= 0 || stopping.aborted)) return { cursor, ...found() }
    budget.pages--
    const page = await list(cursor)
    newest ??= page.deliveries[0]?.at
    const within = page.deliveries.filter(({ at }) => at >= downTo)
    await take(db, within, arrived, clock.now())
    if (page.older === undefined || within.length < page.deliveries.length) return found()
    cursor = page.older
  }
}

/** @param arrived webhooks of which a later attempt did: it stands before those that failed */
async function take(db: Db, attempts: readonly HookDelivery[], arrived: Set<string>, now: Date): Promise<void> {
  for (const attempt of attempts) if (attempt.arrived) arrived.add(attempt.guid)
  const came = attempts.filter(({ guid }) => arrived.has(guid)).map(({ guid }) => guid)
  if (came.length > 0) await dropMissed(db, came, new Date(0))
  await keepMissed(
    db,
    attempts.filter(({ guid }) => !arrived.has(guid)),
    now,
  )
}

/** @returns how many were asked for */
async function askForMissed({ db, log, ask, stopping }: MissedOptions, now: Date): Promise<number> {
  const wanted = await takeMissed(db, { now, most: ASKED_AT_ONCE, pauses: PAUSES })
  for (const [at, one] of wanted.entries()) {
    const rest = wanted.slice(at).map(({ guid }) => guid)
    if (stopping.aborted) {
      await returnMissed(db, rest, now)
      return at
    }
    try {
      await askFor(one)
    } catch (err) {
      await returnMissed(db, rest, new Date(now.getTime() + MINUTE_MS))
      log.warn({ err, waiting: rest.length }, "GitHub could not be asked for webhooks that were missed; asking later")
      return at
    }
  }
  return wanted.length

  async function askFor({ guid, attempt, asked }: Wanted): Promise<void> {
    const answer = await ask(attempt)
    if (answer === "gone") {
      await forgetMissed(db, guid)
      log.warn({ delivery: guid }, "a webhook that was missed is not to be had any more")
    } else if (asked === PAUSES.length)
      log.warn({ delivery: guid, asked }, "a webhook that was missed is asked for a last time")
    else log.info({ delivery: guid, asked }, "a webhook that was missed is asked for again")
  }
}
