import { placeOf } from "../../model/deployment.ts"
import type { Gate } from "../../model/gate.ts"
import { hashOf } from "../../model/hash.ts"
import { organisationKey } from "../../model/organisation.ts"
import { own } from "../../model/own.ts"
import type { ProtectionNote, ProtectionRequest } from "../../model/protection.ts"
import { waitingGates } from "../../model/waiting.ts"
import { extendedBy } from "../gates/stop.ts"
import { environmentCheckUrl } from "../links.ts"
import { allPassed, notPassed } from "../readiness.ts"
import { type Run, record } from "../run.ts"
import { tellWaiting } from "../waits.ts"
import { list } from "../wording.ts"
import { isWayBack } from "./after.ts"
import { nextReading } from "./again.ts"
import { mutableArtifact } from "./artifact.ts"
import { isAttestationReadNow } from "./attestation.ts"
import { failedAttempt } from "./checks.ts"
import { concurrencyGate } from "./concurrency.ts"
import { isEntryWatched } from "./criteria.ts"
import { type Entry, type Judged, type Out, rulingLine } from "./entry.ts"
import { findRelease } from "./find-release.ts"
import { entriesOf, judgeEntry, strictest } from "./gates.ts"
import { followInside, insideTimes } from "./inside.ts"
import { letIn } from "./let-in.ts"
import { isEntryMeasured } from "./metrics.ts"
import { tagElsewhere, tagRead } from "./released.ts"
import { answerTarget, inTurn, isTooMany, leadOf, openRequests, putRequest } from "./requests.ts"
import { isSmokeRead } from "./smoke.ts"
import { isAlertsRead } from "./vulnerabilities.ts"

const DAY_MS = 24 * 60 * 60_000
/**
 * GitHub fails a job that waits for 30 days. An hour before, it is told why.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
 */
const PATIENCE_MS = 30 * DAY_MS - 60 * 60_000
/** What the gates saw may not be older than this when GitHub gets the approval. */
const GUARD_MS = 5 * 60_000
/** GitHub takes ten status comments a deployment. */
const COMMENTS_MOST = 10

/** What stands of a request at this moment. */
export type Standing =
  | { readonly is: "never"; readonly because: string; readonly release?: Out }
  | { readonly is: "coming"; readonly because: string }
  | {
      readonly is: "judged"
      readonly release: Out
      readonly entries: readonly Entry[]
      readonly judged: readonly Judged[]
    }

/** Looks at every deployment that waits: answers what can be answered, reads what is about to be, says what is waited for. */
export function answerRequests(run: Run): void {
  followInside(run)
  for (const request of openRequests(run.state)) withAttempt(run, request)
  // All of them are looked at before one is answered: those of one page go together.
  const standings = inTurn(run.state).map((request) => [request, standingOf(run, request)] as const)
  for (const [request, standing] of standings) answerOne(run, request, withTurn(standing))
}

/** Whether there is a place is looked at once more: who comes before it in this very run may have taken it. */
function withTurn(standing: Standing): Standing {
  if (standing.is !== "judged" || !standing.judged.some(({ gate }) => gate.name === "concurrency")) return standing
  const now = strictest(standing.entries.map((entry) => [concurrencyGate(entry) ?? []].flat()))
  return {
    ...standing,
    judged: standing.judged.map((one) => (one.gate.name === "concurrency" ? (now[0] ?? one) : one)),
  }
}

/** When a request is turned away, whatever it waits for. ISO 8601 */
export const patienceEnds = ({ at }: ProtectionRequest): string => new Date(Date.parse(at) + PATIENCE_MS).toISOString()

export function standingOf(run: Run, request: ProtectionRequest): Standing {
  if (isTooMany(run.state, request))
    return {
      is: "never",
      because: "too many deployments of this repository wait already; cancel those that nobody needs, and run it again",
    }
  const found = findRelease(run.state, request)
  if (found.is === "none") return { is: "never", because: found.because }
  if (found.is === "coming") return { is: "coming", because: `${found.release.tag} is being published at this moment` }
  const { release } = found
  const entries = entriesOf(run, request, leadOf(run.state, request), release)
  const [first] = entries
  if (!first) return { is: "coming", because: `nothing is known of ${release.branch}, from which it was released` }
  if (isWayBack(first)) return { is: "judged", release, entries, judged: judgeEntry(first) }
  const against = found.against ?? tagElsewhere(first) ?? entries.flatMap((one) => mutableArtifact(one) ?? [])[0]
  if (against !== undefined) return { is: "never", because: against, release }
  return { is: "judged", release, entries, judged: strictest(entries.map(judgeEntry)) }
}

function answerOne(run: Run, request: ProtectionRequest, standing: Standing): void {
  if (standing.is === "never") answer(run, request, "rejected", standing.because, standing)
  else if (run.at >= patienceEnds(request)) answer(run, request, "rejected", outOfPatience(standing), standing)
  else if (standing.is === "coming") tell(run, request, standing)
  else if (isLetIn(standing)) answer(run, request, "approved", "every gate is passed", standing)
  else {
    // Jobs that wait together wait for one thing.
    if (answerTarget(leadOf(run.state, request)) === answerTarget(request))
      run.waiting.push(...waitingGates("environment", gatesIn(standing)))
    tell(run, look(run, { ...request, release: standing.release.id }, standing.judged), standing)
  }
}

/** Every gate is passed, on what this very run has read; the way back rests on what was read when it was pressed for. */
function isLetIn(standing: Extract<Standing, { is: "judged" }>): boolean {
  const gates = gatesIn(standing)
  const isRead = standing.entries.some(isWayBack) || standing.entries.every(isReadNow)
  return gates.length > 0 && allPassed(gates) && isRead
}

/**
 * A request that is let in by all that is known is read for once more, by the next run; so is one of which something was
 * never read, or of which it is time to read it again. What cannot be read is not tried in a circle.
 */
function look(run: Run, request: ProtectionRequest, judged: readonly Judged[]): ProtectionRequest {
  const { asked, again, ...rest } = request
  const waits = judged.some(
    ({ gate: { state }, unread, stays }) => stays || ((state === "failed" || state === "pending") && !unread),
  )
  if (waits || judged.length === 0) return putRequest(run, rest)
  if (asked === run.at) return putRequest(run, request)
  if (asked !== undefined) return putRequest(run, { ...rest, again: nextReading({ request }, run.at) })
  if (again !== undefined && run.at < again) return putRequest(run, request)
  return putRequest(run, { ...rest, asked: run.at })
}

/** Whether this very run has read all that lets it in: where the tag stands, what is asked for and by whom. */
export function isReadNow(entry: Entry): boolean {
  const { rules, release, run } = entry
  const { sha } = release.phase.candidate
  const needsChecks =
    rules.checks.length > 0 ||
    rules.freshness !== undefined ||
    rules.coverage !== undefined ||
    rules.smoke?.checks !== undefined ||
    rules.artifact?.from !== undefined
  if (tagRead(entry) === undefined) return false
  if (own(run.facts.learned.configs, rulingLine(entry)?.branch ?? "") === undefined) return false
  if (!isSmokeRead(entry) || !isAlertsRead(entry)) return false
  if (needsChecks && own(run.facts.learned.evidence, sha) === undefined) return false
  if (!isEntryMeasured(entry) || !isEntryWatched(entry)) return false
  const line = own(run.state.lines, release.branch)
  const above = line ? extendedBy(line) : []
  if (above.some((name) => own(run.facts.learned.organisations, organisationKey(name)) === undefined)) return false
  if (!isAttestationReadNow(entry)) return false
  // guard: approver-read-again
  return entry.request.approvals.every(({ by }) => own(run.facts.learned.standings, by.login) !== undefined)
}

/** A failed attempt that this run has read stays known until it is too old to count. */
function withAttempt(run: Run, request: ProtectionRequest): void {
  const standing = standingOf(run, request)
  if (standing.is !== "judged") return
  const read = standing.entries.flatMap((entry) => failedAttempt(entry) ?? [])
  const all = [...(request.attempt ? [request.attempt] : []), ...read]
  const newest = all.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
  if (newest && newest.at !== request.attempt?.at) putRequest(run, { ...request, attempt: newest })
}

const gatesIn = (standing: Standing): readonly Gate[] =>
  standing.is === "judged" ? standing.judged.map(({ gate }) => gate) : []

const releaseIn = (standing: Standing): Out | undefined => (standing.is === "coming" ? undefined : standing.release)

function outOfPatience(standing: Standing): string {
  const open = notPassed(gatesIn(standing)).map(({ name, because }) => `${name} (${because})`)
  const what = open.length === 0 ? "" : `; it was still waiting for ${list(open)}`
  return `GitHub lets a job wait for 30 days${what}. Run it again`
}

function answer(
  run: Run,
  request: ProtectionRequest,
  verdict: "approved" | "rejected",
  because: string,
  standing: Standing,
): void {
  const { asked: _, again: __, late, ...rest } = request
  const [gates, release] = [gatesIn(standing), releaseIn(standing)]
  const attempt = (late ?? 0) + 1
  const lead = standing.is === "judged" ? standing.entries[0]?.request : undefined
  const entered = verdict === "approved" && release ? letIn(rest, release, run.at) : rest
  putRequest(run, {
    ...entered,
    ...(lead ? { approvals: lead.approvals, answers: lead.answers } : {}),
    ...(release ? { release: release.id } : {}),
    end: { is: "answered", verdict, because, gates, at: run.at, attempt, sent: "waits" },
  })
  const { run: of, environment, deployment, sha, by } = request
  record(
    run,
    `deployment ${verdict}`,
    {
      environment,
      run: of,
      deployment,
      sha,
      because,
      gates: gates.map((gate) => `${gate.name}: ${gate.state}, ${gate.because}`),
      config: (release && rulingLine({ run, state: run.state, release })?.inForce.config?.hash) ?? null,
    },
    { by, ...(release ? { release: release.id } : {}) },
  )
  const target = answerTarget(request)
  run.effects.push({
    kind: "protection-answer",
    key: `${target}:answer:${attempt}`,
    target,
    lane: target,
    mode: "append",
    ...(verdict === "approved" ? { guard: { notAfter: new Date(run.now.getTime() + GUARD_MS).toISOString() } } : {}),
    content: { run: of, environment, note: noteOf(run, request, release, { is: verdict, because, gates }) },
  })
}

/** Says what is waited for on the deployment, where that is something else than before; GitHub takes ten comments. */
function tell(run: Run, request: ProtectionRequest, standing: Standing): void {
  if (request.asked !== undefined || request.told.times >= COMMENTS_MOST) return
  const gates = notPassed(gatesIn(standing))
  const because = standing.is === "judged" ? "" : standing.because
  const of = hashOf([because, gates.map(subjectOf)])
  if (of === request.told.of || (gates.length === 0 && because === "")) return
  const times = request.told.times + 1
  putRequest(run, { ...request, told: { times, of } })
  const release = releaseIn(standing)
  if (release && gates.length > 0) tellWaiting(run, request, release, gates)
  const key = `${answerTarget(request)}:comment:${times}`
  const note = noteOf(run, request, release, { is: "waits", because, gates })
  run.effects.push({
    kind: "protection-comment",
    key,
    target: key,
    lane: answerTarget(request),
    mode: "append",
    content: {
      run: request.run,
      environment: request.environment,
      note: times === COMMENTS_MOST ? { ...note, last: true } : note,
    },
  })
}

/** What makes a gate worth another comment: that its state changed, or that one more person approved. */
const subjectOf = ({ name, state, because }: Gate): readonly string[] =>
  name === "approvals" ? [name, state, because] : [name, state]

function noteOf(
  run: Run,
  { environment, sha }: ProtectionRequest,
  release: Out | undefined,
  said: Pick<ProtectionNote, "is" | "because" | "gates">,
): ProtectionNote {
  const place = placeOf({ name: environment, component: release?.component ?? "" })
  return {
    ...said,
    environment: place,
    ...(release ? { version: release.phase.candidate.version } : {}),
    ...(release && sha !== null ? { page: environmentCheckUrl(run, place, sha) } : {}),
  }
}

/** When one of them changes by itself. */
export function requestTimes(run: Run): readonly string[] {
  const waiting = openRequests(run.state).flatMap((request) => {
    const standing = standingOf(run, request)
    const untils = standing.is === "judged" ? standing.judged.flatMap(({ until }) => until ?? []) : []
    const atOnce = request.asked === run.at ? [new Date(run.now.getTime() + 1).toISOString()] : []
    return [patienceEnds(request), ...untils, ...atOnce, ...(request.again === undefined ? [] : [request.again])]
  })
  return [...waiting, ...insideTimes(run)]
}
