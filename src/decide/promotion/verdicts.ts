import { own } from "../../model/own.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import type { State } from "../../model/state.ts"
import { asRequest, type Verdict, verdictKey } from "../../model/verdict.ts"
import { notPassed } from "../readiness.ts"
import { type Run, record } from "../run.ts"
import { isReadNow, type Standing, standingOf } from "./answer.ts"
import { failedAttempt } from "./checks.ts"
import { type Door, doorsOf } from "./doors.ts"
import type { Judged } from "./entry.ts"

/** What could not be read is tried again then, and after twice as long each time: nobody may ever come. */
const RETRY_MS = 5 * 60_000
/**
 * While it is green and nobody comes, what rests on no webhook (what approvers may do, failed attempts) is read again: after
 * a quarter of an hour, then after twice as long each time, to this.
 */
const FIRST_LOOK_MS = 15 * 60_000
const WIDEST_LOOK_MS = 4 * 60 * 60_000
const AGAINST_MS = 60 * 60_000
/** What somebody else has to be asked for (a probe, a metric, an attestation) is not taken for true for longer. */
const POLLED_MS = 60 * 60_000
/** What of an environment's rules webhooks tell, or the clock; people are spoken of by their approvals. */
const TOLD: readonly string[] = [
  "after",
  "soak",
  "checks",
  "window",
  "approvals",
  "verify",
  "rollback",
  "concurrency",
  "drill",
  "drilled",
]
/** What is not decided on any more keeps its last word for so long that a write of it has come to its end. */
const CLOSED_MS = 24 * 60 * 60_000
const CLOSED_KEPT = 100

export const putVerdict = (run: Run, verdict: Verdict): Verdict => {
  run.state = { ...run.state, verdicts: { ...run.state.verdicts, [verdictKey(verdict)]: verdict } }
  return verdict
}

export const verdictOf = (state: State, of: Pick<Verdict, "release" | "environment">): Verdict | undefined =>
  own(state.verdicts, verdictKey(of))

/** Looks at every release that may still enter an environment: whether it may at this moment, on what was read for it. */
export function judgeVerdicts(run: Run): void {
  const doors = doorsOf(run)
  if (doors.length === 0 && run.state.verdicts === undefined) return
  for (const door of doors) {
    if (door.stands.is === "past") close(run, verdictOf(run.state, named(door)), door.stands.because)
    else if (door.stands.is === "open") judge(run, verdictOf(run.state, named(door)) ?? firstVerdict(run, door))
    else rest(run, verdictOf(run.state, named(door)))
  }
  const known = new Set(doors.map((door) => verdictKey(named(door))))
  for (const verdict of Object.values(run.state.verdicts ?? {}))
    if (!known.has(verdictKey(verdict)))
      close(run, verdict, "newer releases are out, or the environment is none any more")
}

const named = ({ release, environment }: Door) => ({ release: release.id, environment })

export function firstVerdict({ at }: Run, { release, environment }: Omit<Door, "stands">): Verdict {
  const { id, component, tag, phase } = release
  const { version, sha } = phase.candidate
  const of = { release: id, environment, component, tag, version, sha }
  return { ...of, round: 1, since: at, approvals: [], answers: [] }
}

function judge(run: Run, verdict: Verdict): void {
  const { closed: _, ...open } = verdict
  const read = withAgainst(run, open)
  const standing = standingBefore(run, read)
  const seen = withAttempt(read, standing)
  const next = look(run, seen, standing)
  if ((next.green === undefined) !== (verdict.green === undefined)) note(run, next, standing)
  putVerdict(run, next)
}

/** Nothing is judged while a deployment asks, is on its way, or is there. */
function rest(run: Run, verdict: Verdict | undefined): void {
  if (!verdict) return
  const { green, asked: _, again: __, closed: ___, ...resting } = verdict
  putVerdict(run, green ? { ...resting, wasGreen: run.at } : resting)
}

function close(run: Run, verdict: Verdict | undefined, because: string): void {
  if (!verdict || verdict.closed) return
  const { green: _, asked: __, again: ___, reopened: ____, ...rest } = verdict
  putVerdict(run, { ...rest, closed: { at: run.at, because } })
}

/** What stands of a verdict at this moment, with what was read before and no later reading took back. */
export function standingBefore(run: Run, verdict: Verdict): Standing {
  const standing = standingOf(run, asRequest(verdict))
  if (verdict.against === undefined || standing.is !== "judged") return standing
  return { is: "never", because: verdict.against, release: standing.release }
}

/** Where the tag stands is seen by the run that reads it alone: what it shows is kept until the next reading. */
function withAgainst(run: Run, verdict: Verdict): Verdict {
  if (own(run.facts.learned.tags, verdict.tag) === undefined) return verdict
  const { against: _, ...rest } = verdict
  const standing = standingOf(run, asRequest(rest))
  return standing.is === "never" ? { ...rest, against: standing.because } : rest
}

/** A failed attempt that this run has read stays known until it is too old to count. */
function withAttempt(verdict: Verdict, standing: Standing): Verdict {
  if (standing.is !== "judged") return verdict
  const read = standing.entries.flatMap((entry) => failedAttempt(entry) ?? [])
  const newest = read.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
  return newest && newest.at > (verdict.attempt?.at ?? "") ? { ...verdict, attempt: newest } : verdict
}

/**
 * Green is only what this very run has read, and what was read before and nothing speaks against since. All that is known
 * lets it in: it is read by the next run. What cannot be read is not green, and not tried in a circle.
 */
function look(run: Run, verdict: Verdict, standing: Standing): Verdict {
  const { asked, again, tries = 0, green, ...rest } = verdict
  const shut = green ? { ...rest, wasGreen: run.at } : rest
  if (verdict.against !== undefined) return lookLater(run, verdict, shut)
  if (standing.is !== "judged" || standing.judged.length === 0) return shut
  const open = standing.judged.filter(({ gate }) => gate.state !== "passed")
  if (open.some(({ gate, unread }) => gate.state !== "unknown" && !unread)) return shut
  if (open.length === 0 && standing.entries.every(isReadNow)) {
    const looks = (green?.looks ?? 0) + 1
    return { ...rest, green: { at: run.at, looks, ...nextLook(run, verdict, standing, looks) } }
  }
  const stays = green !== undefined && open.every(isOnlyUnread)
  const due = green?.again !== undefined && run.at >= green.again
  if (asked === run.at) return verdict
  if (asked !== undefined) return { ...shut, again: after(run, RETRY_MS, tries), tries: tries + 1 }
  if (stays && !due) return verdict
  if (again !== undefined && run.at < again) return { ...shut, again, tries }
  return { ...(stays ? { ...rest, green } : shut), asked: run.at, tries }
}

/** Nothing speaks against it but that this run has not read it. */
export const isOnlyUnread = ({ gate, unread }: Judged): boolean => unread === true && gate.state === "unknown"

/** A tag that stands elsewhere may be put back without that anybody says so. */
function lookLater(run: Run, { asked, again }: Verdict, shut: Verdict): Verdict {
  const isDue = again !== undefined && run.at >= again
  if (asked === undefined && isDue) return { ...shut, asked: run.at }
  return {
    ...shut,
    again: isDue || again === undefined ? new Date(run.now.getTime() + AGAINST_MS).toISOString() : again,
  }
}

/** Twice as late each time, to a bound. ISO 8601 */
const after = ({ now }: Run, first: number, times: number, most = WIDEST_LOOK_MS): string =>
  new Date(now.getTime() + Math.min(first * 2 ** times, most)).toISOString()

/** When what makes it green is read once more: where a gate says so, and where it rests on what no webhook tells. */
function nextLook(
  run: Run,
  { approvals }: Verdict,
  { judged, entries }: Extract<Standing, { is: "judged" }>,
  looks: number,
): { readonly again?: string } {
  const isPolled = entries.some(({ rules }) => Object.keys(rules).some((key) => !TOLD.includes(key)))
  const instants = [
    ...judged.flatMap(({ until }) => until ?? []),
    ...(isPolled || approvals.length > 0
      ? [after(run, FIRST_LOOK_MS, looks - 1, isPolled ? POLLED_MS : WIDEST_LOOK_MS)]
      : []),
  ]
  const again = instants.filter((one) => one > run.at).sort()[0]
  return again === undefined ? {} : { again }
}

function note(run: Run, verdict: Verdict, standing: Standing): void {
  const gates = standing.is === "judged" ? standing.judged.map(({ gate }) => gate) : []
  const { environment, sha, round, release } = verdict
  record(
    run,
    verdict.green ? "may enter" : "may not enter any more",
    {
      environment,
      sha,
      round,
      gates: (verdict.green ? gates : notPassed(gates)).map(
        ({ name, state, because }) => `${name}: ${state}, ${because}`,
      ),
    },
    { release },
  )
}

/** Those that are decided on at this moment. */
export const openVerdicts = (run: Run): readonly Verdict[] => verdictsBefore(run, ({ stands }) => stands.is === "open")

/** Those of releases that did not stay well: they are decided on once somebody who may asks for it. */
export const lostVerdicts = (run: Run): readonly Verdict[] =>
  verdictsBefore(run, ({ stands }) => stands.is === "there" && stands.again)

/** The request that stands for each release that may still enter: people press on its page, too. */
export const standingRequests = (run: Run): readonly ProtectionRequest[] =>
  verdictsBefore(run, isAskable).map(asRequest)

const verdictsBefore = (run: Run, is: (door: Door) => boolean): readonly Verdict[] =>
  doorsOf(run).flatMap((door) => (is(door) ? (verdictOf(run.state, named(door)) ?? []) : []))

const isAskable = ({ stands }: Door): boolean => stands.is === "open" || (stands.is === "there" && stands.again)

/** What was pressed on the page of a verdict. */
export function putStanding(run: Run, request: ProtectionRequest, more: Pick<Verdict, "reopened"> = {}): void {
  const verdict = verdictOf(run.state, { release: request.release ?? "", environment: request.environment })
  if (!verdict) return
  const { hold: _, ...rest } = verdict
  const { approvals, answers, hold } = request
  putVerdict(run, { ...rest, approvals, answers, ...(hold ? { hold } : {}), ...more })
}

/** When one of them changes by itself. */
export function verdictTimes(run: Run): readonly string[] {
  return doorsOf(run).flatMap((door) => {
    if (door.stands.is === "let in") return [door.stands.until]
    const verdict = door.stands.is === "open" ? verdictOf(run.state, named(door)) : undefined
    if (!verdict) return []
    const standing = standingBefore(run, verdict)
    const untils = standing.is === "judged" ? standing.judged.flatMap(({ until }) => until ?? []) : []
    const atOnce = verdict.asked === run.at ? [new Date(run.now.getTime() + 1).toISOString()] : []
    return [...untils, ...atOnce, verdict.green?.again ?? [], verdict.again ?? []].flat()
  })
}

/** What is kept: everything that is decided on, and for a while what no longer is. */
export function keptVerdicts(state: State, at: string): Pick<State, "verdicts"> {
  if (!state.verdicts) return {}
  const before = new Date(Date.parse(at) - CLOSED_MS).toISOString()
  const all = Object.values(state.verdicts)
  const lately = all.flatMap((one) => (one.closed && one.closed.at > before ? [{ one, at: one.closed.at }] : []))
  const newest = lately.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, CLOSED_KEPT)
  const kept = [...all.filter(({ closed }) => !closed), ...newest.map(({ one }) => one)]
  return { verdicts: Object.fromEntries(kept.map((one) => [verdictKey(one), one])) }
}
