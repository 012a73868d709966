import type { Reply } from "../../model/message.ts"
import { own } from "../../model/own.ts"
import type { FollowedPostMortem, PostMortemSeen } from "../../model/post-mortem.ts"
import { configOf } from "../plan-of.ts"
import { type Run, record, releaseOf, reply } from "../run.ts"
import { followed } from "./post-mortem.ts"

const MINUTE_MS = 60_000
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS
/** Who has not acted by then will not for being reminded once more. */
const REMINDED_MOST = 12
/** What could not be read is tried again then. */
const RETRY_MS = 60 * MINUTE_MS
const SHOWN = 5

/** Follows the actions of post-mortems until they are done: reminds of those that are open, and says once that all are done. */
export function followActions(run: Run): void {
  const all = followed(run)
  const now = all.map((one) => (one.is === "open" ? follow(run, one) : one))
  if (now.some((one, at) => one !== all[at])) run.state = { ...run.state, postMortems: now }
}

/** When one of them is read next. ISO 8601 */
export const actionTimes = (run: Run): readonly string[] =>
  followed(run).flatMap(({ is, next }) => {
    if (is !== "open" || next === undefined) return []
    // One that another run was to read is read at the next turn of the clock.
    return [next > run.at ? next : new Date(run.now.getTime() + MINUTE_MS).toISOString()]
  })

/** When people are reminded of a post-mortem for the first time; undefined: never, the configuration wants none. ISO 8601 */
export function firstReminder(run: Run, release: string): string | undefined {
  const every = everyMs(run, release)
  return every === undefined ? undefined : new Date(run.now.getTime() + every).toISOString()
}

function everyMs(run: Run, release: string): number | undefined {
  const line = own(run.state.lines, releaseOf(run.state, release)?.branch ?? "")
  const remind = line && configOf(line)["post-mortem"]?.remind
  if (remind === false) return undefined
  return remind === undefined ? WEEK_MS : remind * MINUTE_MS
}

function follow(run: Run, one: FollowedPostMortem): FollowedPostMortem {
  const seen = own(run.facts.learned.postMortems, one.id)
  if (!seen) {
    const isUnread = run.facts.unknown.some(({ what }) => what === `post-mortem:${one.id}`)
    return isUnread && isDue(run, one) ? { ...one, next: new Date(run.now.getTime() + RETRY_MS).toISOString() } : one
  }
  const all = seen.actions.length
  const open = seen.actions.filter(({ isDone }) => !isDone)
  const known = { ...one, actions: { open: open.length, all }, refs: seen.refs }
  if (seen.is === "gone" || seen.is === "dropped" || (seen.is === "closed" && open.length === 0))
    return end(run, known, seen, open)
  if (all > 0 && open.length === 0) return done(run, known)
  return remind(run, known, open)
}

const isDue = (run: Run, { next }: FollowedPostMortem): boolean => next !== undefined && next <= run.at

type Open = readonly PostMortemSeen["actions"][number][]

/** The issue is open still: who adds an action to it has that followed as well. */
function done(run: Run, { next: _, ...one }: FollowedPostMortem): FollowedPostMortem {
  if (one.done === one.actions?.all) return one
  say(run, one, "done", [], `done:${one.actions?.all}`)
  return { ...one, ...(one.actions ? { done: one.actions.all } : {}) }
}

/** Nobody works on it any more. A fix that closes the issue (`Fixes #41`) does not end what is still to be done. */
function end(
  run: Run,
  { next: _, ...one }: FollowedPostMortem,
  { is }: PostMortemSeen,
  open: Open,
): FollowedPostMortem {
  const all = one.actions?.all ?? 0
  record(
    run,
    "post-mortem over",
    { issue: one.number ?? 0, because: is, open: open.length, actions: all },
    { release: one.release },
  )
  if (open.length > 0 || all === 0) say(run, one, is === "gone" ? "gone" : "ended", open, "over")
  else if (one.done !== all) say(run, one, "done", [], `done:${all}`)
  return { ...one, is: "over" }
}

function remind(run: Run, one: FollowedPostMortem, open: Open): FollowedPostMortem {
  const { next: _, ...rest } = one
  const every = everyMs(run, one.release)
  if (every === undefined || one.reminded >= REMINDED_MOST) return rest
  const next = new Date(run.now.getTime() + every).toISOString()
  if (one.next === undefined) return { ...rest, next }
  if (!isDue(run, one)) return one
  const reminded = one.reminded + 1
  say(run, one, open.length === 0 ? "none" : "open", open, `reminder:${reminded}`)
  return reminded < REMINDED_MOST ? { ...rest, next, reminded } : { ...rest, reminded }
}

function say(
  run: Run,
  { id, release, version, number, url, actions }: FollowedPostMortem,
  state: Extract<Reply, { is: "actions" }>["state"],
  open: Open,
  name: string,
): void {
  if (number === undefined || url === undefined) return
  reply(run, release, `actions:${id}:${name}`, {
    is: "actions",
    version,
    state,
    open: open.slice(0, SHOWN).map(({ text }) => text),
    left: open.length,
    all: actions?.all ?? 0,
    number,
    url,
    at: run.at,
  })
}
