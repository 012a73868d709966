import { isLaterId } from "../../model/later-id.ts"
import { own } from "../../model/own.ts"
import { type ProtectionRequest, requestKey } from "../../model/protection.ts"
import type { Deployed, Ended, Requested } from "../../model/signal.ts"
import type { State } from "../../model/state.ts"
import { type Run, record } from "../run.ts"
import { plain } from "../wording.ts"
import { findRelease } from "./find-release.ts"
import { notLetIn } from "./let-in.ts"

/** More than this never wait at once but by mistake or malice; each of them is a page, and is looked at in every run. */
const OPEN_MOST = 200
/** https://docs.github.com/en/actions/reference/limits: a matrix makes no more jobs. */
const JOBS_MOST = 256
/** Of those that ended: a webhook that is sent again has to find its own. */
const ENDED_KEPT = 50

export const putRequest = (run: Run, request: ProtectionRequest): ProtectionRequest => {
  const key = requestKey(request)
  const known = own(run.state.requests, key)
  if (known && isSame(known, request)) return known
  run.state = { ...run.state, requests: { ...run.state.requests, [key]: request } }
  return request
}

const isSame = (a: ProtectionRequest, b: ProtectionRequest): boolean => {
  const [old, fresh] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
  return old.length === fresh.size && old.every(([key, value]) => fresh.has(key) && fresh.get(key) === value)
}

/** Oldest first: the database keeps no order of keys. */
export const requestsIn = (state: State): readonly ProtectionRequest[] => listed(state).all

/** All that waits is looked at for each that waits: the list is made once for as long as nothing in it changes. */
const lists = new WeakMap<NonNullable<State["requests"]>, Lists>()
interface Lists {
  readonly all: readonly ProtectionRequest[]
  readonly open: readonly ProtectionRequest[]
}

function listed({ requests }: State): Lists {
  if (!requests) return { all: [], open: [] }
  const known = lists.get(requests)
  if (known) return known
  const all = Object.values(requests).toSorted(byAge)
  const made = { all, open: all.filter(({ end }) => !end) }
  lists.set(requests, made)
  return made
}

/** Of two that came in one millisecond the later one has the deployment that GitHub made later. */
const byAge = (a: ProtectionRequest, b: ProtectionRequest): number =>
  a.at === b.at ? Number(isLaterId(a.deployment, b.deployment)) - 0.5 : a.at < b.at ? -1 : 1

/** Those that wait, oldest first. */
export const openRequests = (state: State): readonly ProtectionRequest[] => listed(state).open

/** The same in the order in which they are let in: hotfixes first. */
export function inTurn(state: State): readonly ProtectionRequest[] {
  const open = openRequests(state)
  const isHotfix = (request: ProtectionRequest): boolean => {
    const found = findRelease(state, request)
    return found.is === "found" && own(state.lines, found.release.branch)?.kind?.is === "hotfix"
  }
  const first = new Set(open.filter(isHotfix))
  return first.size === 0 ? open : [...first, ...open.filter((request) => !first.has(request))]
}

/** The oldest one that waits at the same environment with the same commit: what is pressed on their page is kept there. */
export const leadOf = (state: State, request: ProtectionRequest): ProtectionRequest =>
  openRequests(state).find((one) => isOneEntry(state, one, request)) ?? request

type At = Pick<ProtectionRequest, "sha" | "environment">
type Asking = At & Pick<ProtectionRequest, "ref">

export const isTogether = (a: At, b: At): boolean =>
  a.sha === b.sha && a.environment.toLowerCase() === b.environment.toLowerCase()

export const openTogether = (state: State, request: Asking): readonly ProtectionRequest[] =>
  openRequests(state).filter((one) => isOneEntry(state, one, request))

const isOneEntry = (state: State, a: Asking, b: Asking): boolean =>
  isTogether(a, b) && releaseAt(state, a) === releaseAt(state, b)

/** Of several components that were released from one commit each is an entry of its own. */
export const releaseAt = (state: State, request: Pick<ProtectionRequest, "sha" | "ref">): string | undefined => {
  const found = findRelease(state, request)
  return found.is === "none" ? undefined : found.release.id
}

/** A job waits. The same question once more changes nothing; that of a re-run, with a later deployment, is a new one. */
export function requested(
  run: Run,
  signal: Requested,
  takeOver: (run: Run, asks: Requested) => Partial<ProtectionRequest>,
): void {
  const { kind: _, event, ...asked } = signal
  const before = own(run.state.requests, requestKey(signal))
  // guard: question-asked-again
  if (before && !isLaterId(signal.deployment, before.deployment)) return
  const isFirst = openTogether(run.state, signal).length === 0
  const taken = isFirst ? takeOver(run, signal) : standingOn(before, signal)
  // guard: spent-approval
  const { approvals = [], answers = [] } = taken
  const fresh: ProtectionRequest = { ...asked, ...taken, approvals, answers, told: { times: 0, of: "" } }
  // A hold is of the commit in the environment: another run does not go round it.
  // guard: round-a-hold
  const held = openTogether(run.state, fresh).find(({ hold }) => hold)?.hold
  const request = { ...fresh, ...(held ? { hold: held } : {}), ...(before ? otherJobs(before) : {}) }
  putRequest(run, request)
  const { environment, deployment, sha, ref, by } = signal
  record(run, "deployment asked for", { environment, run: signal.run, deployment, sha, ref, event }, { by })
}

/** What was pressed before anything asked is for one entry: the jobs of one run that wait together are one. */
function standingOn(before: ProtectionRequest | undefined, { sha }: Requested): Partial<ProtectionRequest> {
  if (!before || before.end || before.sha !== sha || before.standing === undefined) return {}
  const { standing, approvals, answers } = before
  return { standing, approvals, answers }
}

/** Of several jobs of one run each asks by itself; what is known of the earlier ones goes on. */
function otherJobs({ end, also = [], inside, deployment }: ProtectionRequest): Partial<ProtectionRequest> {
  const waiting = end || deployment === "" ? [] : [...also, deployment].slice(-JOBS_MOST)
  return { ...(waiting.length > 0 ? { also: waiting } : {}), ...(inside ? { inside } : {}) }
}

/** Whether more wait than can be looked at: the newest are turned away, and say so. */
export const isTooMany = (state: State, request: ProtectionRequest): boolean =>
  openRequests(state).length > OPEN_MOST && openRequests(state).indexOf(request) >= OPEN_MOST

const ENDS: readonly string[] = ["success", "failure", "error", "inactive"]

/**
 * What GitHub says of a deployment that waits, or was turned away: that it ended, whoever ended it. It was never begun, so
 * its failure says nothing of the release; a success is one that went round the gates.
 *
 * @returns whether it is no news of the release
 */
export function endedUnanswered(run: Run, signal: Deployed): boolean {
  for (const request of openRequests(run.state))
    if (request.also?.includes(signal.deployment) && ENDS.includes(signal.state)) {
      const { also, ...rest } = request
      const left = also.filter((deployment) => deployment !== signal.deployment)
      putRequest(run, left.length > 0 ? { ...rest, also: left } : rest)
      return signal.state !== "success"
    }
  const request = requestsIn(run.state).find((one) => one.deployment !== "" && one.deployment === signal.deployment)
  if (!request || !ENDS.includes(signal.state)) return false
  const { end } = request
  if (end?.is === "answered" && end.verdict === "approved") return false
  const { environment, deployment, sha } = request
  if (!end) {
    const because = `the job ended as “${signal.state}” before it was answered`
    putRequest(run, { ...request, end: { is: "over", because, at: signal.at } })
    record(run, "deployment ended unanswered", { environment, deployment, sha, state: signal.state }, { by: signal.by })
  }
  if (signal.state !== "success") return true
  record(run, "deployed without an answer", { environment, deployment, sha }, { by: signal.by })
  return false
}

/** How an answer was taken. One that came too late for what it rested on is decided anew. */
export function answerEnded(run: Run, { target, outcome }: Ended): void {
  const request = requestsIn(run.state).find((one) => answerTarget(one) === target)
  if (request?.end?.is !== "answered" || outcome.is === "retry") return
  const { end, ...open } = request
  if (outcome.is === "done") putRequest(run, { ...request, end: { ...end, sent: "done" } })
  else if (outcome.code === "expired") putRequest(run, { ...notLetIn(open), late: end.attempt })
  else {
    putRequest(run, { ...notLetIn(request), end: { ...end, sent: "refused", trouble: plain(outcome.because) } })
    record(run, "answer refused", { environment: request.environment, run: request.run, because: outcome.because })
  }
}

/** One per deployment: a re-run of the job is answered for itself. */
export const answerTarget = ({ run, environment, deployment }: ProtectionRequest): string =>
  `protection:${run}:${deployment}:${environment.toLowerCase()}`

/** What is kept: everything that waits, and the newest of what ended. */
export function keptRequests(state: State): Pick<State, "requests"> {
  if (!state.requests) return {}
  const ended = requestsIn(state).filter(({ end, inside }) => end && !inside)
  const staying = requestsIn(state).filter(({ end, inside }) => !end || inside)
  const kept = [...staying, ...ended.slice(-ENDED_KEPT)]
  return { requests: Object.fromEntries(kept.map((request) => [requestKey(request), request])) }
}
