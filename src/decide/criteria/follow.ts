import { type Environment, type Failed, placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import { criteriaIn, type Held, heldOf, type Watched } from "../../model/watch.ts"
import { isFailing } from "../last-known-good.ts"
import { judgeComparison } from "../metrics.ts"
import { putEnvironment, type Run } from "../run.ts"
import { plural } from "../wording.ts"
import { act, actedNoMore, type Broken } from "./act.ts"
import { afterReading, isDue } from "./held.ts"
import { type Measuring, measuringIn, there } from "./watched.ts"

/** Holds what is live in each environment against its criteria, and does what a broken one says. */
export function followCriteria(run: Run): void {
  for (const environment of Object.values(run.state.environments)) {
    followMetrics(run, environment)
    followFailures(run, environment)
  }
}

function followMetrics(run: Run, environment: Environment): void {
  const { live, rollback } = environment
  // What was done about it stays known while that is under way: should it fail, it is not begun again by itself.
  if (rollback?.is === "running") return
  const all = measuringIn(run, environment)
  if (!live || (all.length === 0 && !environment.watch)) return
  const held = heldOf(environment)
  const looked = all.map((one) => ({ one, before: held[one.watched.key], ...look(run, environment, one) }))
  const now = Object.fromEntries(looked.flatMap(({ one, now }) => (now ? [[one.watched.key, now] as const] : [])))
  putWatch(run, environment, live.deployment, now)
  for (const { one, before, now, broken } of looked) {
    if (broken) act(run, placeOf(environment), one.watched, broken)
    else if (before?.acted !== undefined && now?.acted === undefined)
      actedNoMore(run, environment, one.watched, live.release)
  }
}

/** Nothing is kept where nothing was measured: a state that says nothing new stays as it is. */
function putWatch(
  run: Run,
  environment: Environment,
  deployment: string,
  held: { readonly [key: string]: Held },
): void {
  const { watch: _, ...rest } = environment
  putEnvironment(run, Object.keys(held).length === 0 ? rest : { ...rest, watch: { deployment, held } })
}

/** What came of a criterion since it was looked at last. */
function look(
  run: Run,
  environment: Environment,
  { watched, comparison, reading, pace }: Measuring,
): { readonly now?: Held; readonly broken?: Broken } {
  const { live } = environment
  const before = own(heldOf(environment), watched.key)
  const isNews = reading !== undefined && (before === undefined || reading.at > before.at)
  if (!live || !isNews || reading.at < comparison.from) return before ? { now: before } : {}
  const { state, because } = judgeComparison(run, comparison, environment.name)
  const is = state === "failed" ? "broken" : state === "passed" ? "kept" : "unknown"
  const now = afterReading(before, { is, at: reading.at }, pace)
  if (!isDue(now, pace) || reading.is !== "value") return { now }
  const says = `${because}, and was not for ${plural(watched.criterion.for, "minute")}`
  return {
    now: { ...now, acted: run.at },
    broken: { release: live.release, because: says, evidence: { value: reading.value, measured: reading.at } },
  }
}

/** A failure that is told this late may be over for long: people are told of it, and decide. */
const LATE_MS = 60 * 60_000

/** What has failed since the run before, and says of itself that something is to be done. */
function followFailures(run: Run, environment: Environment): void {
  if (!run.before) return
  const before = own(run.before.environments, placeOf(environment))
  for (const { when, failed } of failuresSince(before, environment)) {
    const found = there(run, environment, failed.release)
    const asked = criteriaIn(found?.rules ?? []).filter(
      ({ criterion }) => criterion.is === "failure" && criterion.when === when,
    )
    const isLate = run.now.getTime() - Date.parse(failed.at) > LATE_MS
    const because =
      failed.because === undefined
        ? `deployment of ${failed.version} failed`
        : `${failed.version} failed: ${failed.because}`
    const broken = {
      release: failed.release,
      because,
      evidence: { deployment: failed.deployment, measured: failed.at },
      ...(isLate ? { only: "it was told more than an hour later" } : {}),
    }
    for (const watched of worstFirst(asked)) act(run, placeOf(environment), watched, broken)
  }
}

/** What goes back says why by itself: who is told as well, is told after it. */
const worstFirst = (all: readonly Watched[]): readonly Watched[] =>
  all.toSorted((a, b) => Number(b.criterion.do === "rollback") - Number(a.criterion.do === "rollback"))

interface Failure {
  readonly when: "failed deployment" | "failed verification"
  readonly failed: Failed
}

function failuresSince(before: Environment | undefined, { live, failed, ...rest }: Environment): readonly Failure[] {
  const isFailed = live?.verification?.is === "failed" ? live.verification : undefined
  const wasFailed = before?.live?.deployment === live?.deployment && before?.live?.verification?.is === "failed"
  const isNew = failed && (before?.failed?.deployment !== failed.deployment || before.failed.at !== failed.at)
  const there = { ...rest, ...(live ? { live } : {}), ...(failed ? { failed } : {}) }
  return [
    ...(isNew && failed.because === undefined && isFailing(there, failed.release)
      ? [{ when: "failed deployment", failed } as const]
      : []),
    ...(live && isFailed && !wasFailed
      ? [{ when: "failed verification", failed: { ...live, at: isFailed.at, because: isFailed.because } } as const]
      : []),
  ]
}
