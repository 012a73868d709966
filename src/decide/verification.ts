import { type Environment, type Live, placeOf, type Verification } from "../model/deployment.ts"
import type { GateState } from "../model/gate.ts"
import { type Comparison, comparisonsOf } from "../model/metric.ts"
import { own } from "../model/own.ts"
import type { Probe } from "../model/probe.ts"
import type { Release } from "../model/release.ts"
import { probeKey, probesOf } from "../model/smoke.ts"
import { type VerifyRules, verifyRules } from "../model/verify-rules.ts"
import { driftOf, driftSays } from "./drift.ts"
import { unknownBecause } from "./gates/subject.ts"
import { isJudgedBad, lastKnownGood, withFailed, withGood } from "./last-known-good.ts"
import { environmentCheckUrl } from "./links.ts"
import { isMeasuredNow, judgeComparison } from "./metrics.ts"
import { rulesFor } from "./promotion/entry.ts"
import { matchingReports, newestReports } from "./promotion/reports.ts"
import { putEnvironment, type Run, record, releaseOf, reply, stamp } from "./run.ts"
import { list, plain } from "./wording.ts"

/** What is not shown yet is looked for again then, and ever more rarely: after half of the time that it is late by. */
const RETRY_MS = 5 * 60_000
/** What was not shown a day after its time is not known to be good, and nobody should wait for it any more. */
const PATIENCE_MS = 24 * 60 * 60_000

type Running = Extract<Verification, { is: "running" }>

/** What begins when a release goes live in an environment at an instant (ISO 8601); undefined: nothing is asked for. */
export function newVerification(run: Run, environment: string, release: Release, at: string): Running | undefined {
  const rules = rulesOf(run, environment, release)
  return rules && { is: "running", ends: new Date(Date.parse(at) + rules.minutes * 60_000).toISOString() }
}

/** Looks at every release that is being verified: when its time is over all is read once more, and that decides. */
export function followVerifications(run: Run): void {
  for (const environment of Object.values(run.state.environments)) {
    const { live } = environment
    const release = live && releaseOf(run.state, live.release)
    if (!isJudgedBad(environment) && live?.verification?.is === "running" && release)
      look(run, environment, live, live.verification)
  }
}

/** When one of them is looked at again. ISO 8601 */
export const verificationTimes = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) => {
    const { live } = environment
    if (live?.verification?.is !== "running" || isJudgedBad(environment)) return []
    const { ends, again, asked } = live.verification
    if (asked !== undefined) return [new Date(run.now.getTime() + 1).toISOString()]
    return [again ?? ends, ...measuredTimes(run, environment, live, ends)]
  })

/** A metric may show before its time is over that it is not good: it is measured some twenty times at most. */
const MEASURED_TIMES = 20

export function measuredTimes(run: Run, environment: Environment, live: Live, ends: string): readonly string[] {
  const step = Math.max(RETRY_MS, (Date.parse(ends) - Date.parse(live.since)) / MEASURED_TIMES)
  const next = new Date(run.now.getTime() + step).toISOString()
  return comparisons(run, environment, live)
    .map(({ from }) => (run.at < from ? from : next))
    .filter((at) => at < ends)
}

function look(run: Run, environment: Environment, live: Live, running: Running): void {
  const { ends, asked, again, missing } = running
  const put = (verification: Running) => putEnvironment(run, { ...environment, live: { ...live, verification } })
  if (asked === undefined) {
    const bad = run.at < ends ? brokenNow(run, environment, live) : []
    if (bad.length > 0) fail(run, environment, live, list(bad))
    else if (run.at >= (again ?? ends)) put({ ...running, asked: run.at })
    return
  }
  if (asked === run.at) return
  const found = allFindings(run, environment, live)
  const failed = found.filter(({ state }) => state === "failed")
  const open = found.filter(({ state }) => state !== "passed")
  const says = list(open.map(({ because }) => because))
  const late = run.now.getTime() - Date.parse(ends)
  if (failed.length > 0) fail(run, environment, live, list(failed.map(({ because }) => because)))
  else if (late < 0) put({ is: "running", ends, ...(missing === undefined ? {} : { missing }) })
  else if (open.length === 0) pass(run, environment, live)
  else if (late >= PATIENCE_MS) fail(run, environment, live, `a day after its time it was not shown: ${says}`)
  else {
    const next = new Date(run.now.getTime() + Math.max(RETRY_MS, late / 2)).toISOString()
    put({ is: "running", ends, again: next, missing: plain(says) })
  }
}

interface Found {
  readonly state: GateState
  readonly because: string
}

/** What this very run has read: what was known before shows nothing of the time since. */
export function allFindings(run: Run, environment: Environment, live: Live): readonly Found[] {
  const release = releaseOf(run.state, live.release)
  const rules = release && rulesOf(run, environment.name, release)
  return [
    ...(live.reported === true ? [reportFound(run, environment, live)] : []),
    ...(live.reported === true || live.deployment === "" ? [] : [deploymentFound(run, live)]),
    ...(rules?.checks ?? []).map((glob) => checkFound(run, live, glob)),
    ...probesOf({ smoke: { probes: rules?.probes ?? [] } }, live).map((probe) => probeFound(run, probe)),
    ...comparisons(run, environment, live).map((one) => measuredFound(run, one, environment.name)),
  ]
}

/** GitHub's own word on the deployment: a failure whose webhook was lost is one all the same. */
function deploymentFound({ state, facts }: Run, { deployment }: Live): Found {
  const word = own(facts.learned.statuses, deployment)
  if (word === undefined) {
    const because = unknownBecause(state, `status:${deployment}`) ?? "it was not read"
    return { state: "unknown", because: `how its deployment is could not be read: ${because}` }
  }
  if (word === "success") return { state: "passed", because: "its deployment stands" }
  const isBad = word === "failure" || word === "error"
  return { state: isBad ? "failed" : "pending", because: `its deployment is “${word}”` }
}

/** Nobody but the system that deployed it knows how it is: what it said last, unless something else is there by now. */
function reportFound({ state }: Run, { name, component = "", statuses }: Environment, { deployment }: Live): Found {
  const drift = driftOf(state, name, component)
  if (drift) return { state: "pending", because: `${driftSays(drift)} was reported there since` }
  const word = own(statuses, deployment)?.state
  if (word === "failure") return { state: "failed", because: "it was reported to have failed" }
  return { state: "passed", because: "it was reported to be there" }
}

/** The newest run that reported since it is live: an earlier one shows nothing of it. */
function checkFound({ state, facts }: Run, { sha, since }: Live, glob: string): Found {
  const read = own(facts.learned.evidence, sha)
  if (read === undefined) {
    const because = unknownBecause(state, `checks:${sha}`) ?? "they were not read"
    return { state: "unknown", because: `the checks could not be read: ${because}` }
  }
  const reports = newestReports(matchingReports(state, read, [glob])).filter(({ at }) => at >= since)
  const of = (is: "failed" | "pending") => reports.filter((report) => report.state === is).map(({ name }) => name)
  if (of("failed").length > 0) return { state: "failed", because: `${list(of("failed"))} did not pass` }
  if (of("pending").length > 0) return { state: "pending", because: `${list(of("pending"))} still running` }
  if (reports.length === 0) return { state: "pending", because: `no check named “${glob}” reported since it is live` }
  return { state: "passed", because: `${list(reports.map(({ name }) => name))} passed` }
}

/** What the address answered to this very run. */
function probeFound({ facts }: Run, probe: Probe): Found {
  const reading = own(facts.learned.probes, probeKey(probe))
  return reading
    ? { state: reading.is, because: reading.because }
    : { state: "unknown", because: `${probe.url} was not asked` }
}

function comparisons(run: Run, environment: Environment, live: Live): readonly Comparison[] {
  const release = releaseOf(run.state, live.release)
  const rules = release && rulesOf(run, environment.name, release)
  return comparisonsOf(environment, live, rules?.metrics ?? [])
}

/** As they were measured last. */
const measured = (run: Run, environment: Environment, live: Live): readonly Found[] =>
  comparisons(run, environment, live).map((one) => judgeComparison(run, one, environment.name))

/** What its metrics show already that it is not well, as they were measured last. */
export const brokenNow = (run: Run, environment: Environment, live: Live): readonly string[] =>
  measured(run, environment, live).flatMap(({ state, because }) => (state === "failed" ? [because] : []))

/** Measured by this very run: what was good a while ago shows nothing of the time since. */
function measuredFound(run: Run, comparison: Comparison, where: string): Found {
  const isNow = [comparison.now, ...(comparison.baseline ? [comparison.baseline.question] : [])].every((question) =>
    isMeasuredNow(run, question),
  )
  const found = judgeComparison(run, comparison, where)
  return isNow || found.state !== "passed" ? found : { state: "unknown", because: "its metrics were not measured" }
}

function rulesOf(run: Run, environment: string, { branch }: Release): VerifyRules | undefined {
  const line = own(run.state.lines, branch)
  return line && verifyRules(rulesFor(run, line, environment))
}

function pass(run: Run, environment: Environment, live: Live): void {
  const { release, version, sha, since, deployment } = live
  const verified: Live = { ...live, verification: { is: "passed", at: run.at } }
  putEnvironment(run, { ...environment, live: verified, good: withGood(environment.good, verified) })
  const { name } = environment
  record(run, "verified", { environment: name, version, sha, deployment, since }, { release })
  stamp(run, "verified", release, `${name}/${deployment}`)
  const said = { is: "verified", environment: name, version, sha, since, at: run.at } as const
  reply(run, release, `verified:${name}:${deployment}`, said)
}

/** It stays live until somebody acts, and is not known to be good: its page fails, and carries the way back. */
function fail(run: Run, before: Environment, live: Live, reason: string): void {
  const { release, version, sha, deployment } = live
  const { name } = before
  const [because, at] = [plain(reason), run.at]
  const environment = withFailure(before, live, because, at)
  putEnvironment(run, withFailed(environment, { release, version, deployment, at, because }))
  const good = lastKnownGood(run.state, environment, release)
  stamp(run, "failure-noticed", release, `${name}/${deployment}`)
  const facts = { environment: name, version, sha, deployment, because, lastKnownGood: good?.version ?? null }
  record(run, "verification failed", facts, { release })
  reply(run, release, `unverified:${name}:${deployment}`, {
    is: "failed",
    environment: name,
    version,
    sha,
    at,
    because,
    lastKnownGood: good ? { version: good.version, sha: good.sha } : null,
    check: environmentCheckUrl(run, placeOf(before), sha),
  })
}

/** What failed while it was verified was not good, though an earlier deployment of it may have been. */
export function withFailure(environment: Environment, live: Live, because: string, at: string): Environment {
  const good = environment.good.filter(({ release }) => release !== live.release)
  return { ...environment, good, live: { ...live, verification: { is: "failed", at, because } } }
}
