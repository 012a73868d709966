import type { Criterion } from "../../model/config-criteria.ts"
import { type Environment, placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Watched } from "../../model/watch.ts"
import { environmentCheckUrl } from "../links.ts"
import { mentioned } from "../mentions.ts"
import { configOf } from "../plan-of.ts"
import { beginRollback } from "../rollback/begin.ts"
import { type Run, record, reply } from "../run.ts"
import { plain } from "../wording.ts"
import { type There, there } from "./watched.ts"

/** A criterion that is broken by a release. */
export interface Broken {
  readonly release: string
  readonly because: string
  /** What the audit keeps of it. */
  readonly evidence: { readonly [key: string]: string | number }
  /** Why nothing is to be done but telling. */
  readonly only?: string
}

/** Does what a broken criterion says, and tells who is on call of it. */
export function act(run: Run, place: string, watched: Watched, broken: Broken): void {
  const environment = own(run.state.environments, place)
  const found = environment && there(run, environment, broken.release)
  if (!environment || found?.release.phase.is !== "published") return
  const { criterion } = watched
  const { sha, version } = found.release.phase.candidate
  const name = nameOf(criterion)
  const not = criterion.do === "rollback" ? rollBack(run, environment, watched, broken) : undefined
  const because = plain(
    not === undefined ? broken.because : `${broken.because}. It is not rolled back by itself: ${not}`,
  )
  record(
    run,
    "criterion broken",
    { environment: environment.name, version, sha, criterion: name, does: criterion.do, because, ...broken.evidence },
    { release: broken.release },
  )
  reply(run, broken.release, `criterion:${place}:${watched.key}:${run.at}`, {
    is: "criterion",
    environment: place,
    version,
    name: plain(name),
    state: "broken",
    does: not === undefined ? criterion.do : "investigate",
    because,
    asks: onCall(found),
    at: run.at,
    check: environmentCheckUrl(run, place, sha),
  })
}

/** What it was paused for is kept to again, for as long. */
export function actedNoMore(run: Run, environment: Environment, { key, criterion }: Watched, release: string): void {
  const found = there(run, environment, release)
  if (found?.release.phase.is !== "published") return
  const place = placeOf(environment)
  const { sha, version } = found.release.phase.candidate
  const name = nameOf(criterion)
  record(run, "criterion kept again", { environment: environment.name, version, sha, criterion: name }, { release })
  reply(run, release, `criterion-kept:${place}:${key}:${run.at}`, {
    is: "criterion",
    environment: place,
    version,
    name: plain(name),
    state: "kept",
    does: criterion.do,
    because: "",
    asks: [],
    at: run.at,
    check: environmentCheckUrl(run, place, sha),
  })
}

/** @returns why nothing is rolled back */
function rollBack(run: Run, environment: Environment, watched: Watched, broken: Broken): string | undefined {
  const { live, rollback } = environment
  if (broken.only !== undefined) return broken.only
  // guard: criterion-that-nobody-approved
  if (!watched.isApproved) return "no release was approved with this criterion yet"
  // What came back shows it as well: the release is not what is wrong, and the one before would be no better.
  // guard: rollback-after-rollback
  if (rollback?.to.release === broken.release && live?.release === broken.release)
    return `${live.version} came back by a rollback itself`
  const answer = beginRollback(run, environment, {
    from: broken.release,
    by: `the criterion “${nameOf(watched.criterion)}”`,
    automatic: true,
    because: broken.because,
    at: run.at,
    evidence: broken.evidence,
  })
  return answer.is === "refused" ? answer.because : undefined
}

export const nameOf = (criterion: Criterion): string =>
  criterion.is === "failure" ? criterion.when : (criterion.metric.name ?? "the metric")

/** Who is on call, by their ID in Slack where the configuration knows it. */
function onCall({ rules, line }: There): readonly { readonly login: string; readonly slack?: string }[] {
  const named = new Set(rules.flatMap((one) => one["on-call"] ?? []))
  const logins = [...named].slice(0, TOLD_MOST).map((who) => who.slice(1))
  return mentioned(configOf(line), logins)
}

const TOLD_MOST = 10
