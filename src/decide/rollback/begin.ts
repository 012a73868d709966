import type { Environment, Live } from "../../model/deployment.ts"
import type { Rollback, RollbackAnswer, RollbackAsk, RollbackEnd } from "../../model/rollback.ts"
import { isFailing, isRolledBackFrom, lastKnownGood } from "../last-known-good.ts"
import { lockAfterRollback } from "../promotion/locked.ts"
import { putEnvironment, type Run, record, releaseOf, reply, stamp } from "../run.ts"
import { tryNext } from "./levels.ts"
import { rollbackRulesOf } from "./rules.ts"

/**
 * Begins a rollback, whoever or whatever asked for it; whether they may is decided before. It locks the environment,
 * asks for the deployment of the release that was good, and says so.
 *
 * @param environment as it stands in the state
 * @returns why not, where there is nothing to go back to, or one runs already
 */
export function beginRollback(run: Run, environment: Environment, ask: RollbackAsk): RollbackAnswer {
  const { rollback } = environment
  if (rollback?.is === "running")
    return { is: "refused", because: `a rollback to ${rollback.to.version} is under way already` }
  const bad = releaseOf(run.state, ask.from)
  if (bad?.phase.is !== "published")
    return { is: "refused", because: "the release that it would leave is not known any more" }
  const good = goal(run, environment, ask)
  if (typeof good === "string") return { is: "refused", because: good }
  const { version, sha } = bad.phase.candidate
  return begin(run, environment, ask, { release: bad.id, version, sha }, good)
}

/** What is gone back to. @returns why there is nothing, as a sentence */
function goal(run: Run, environment: Environment, { from, to }: RollbackAsk): Live | string {
  if (to === undefined)
    return (
      lastKnownGood(run.state, environment, from) ??
      "no release was ever live and well here: there is nothing known to be good to go back to"
    )
  const found = environment.good.findLast(({ release }) => release === to)
  if (!found || to === from) return "that release was never live and well here before this one"
  if (isRolledBackFrom(run.state, environment, to)) return `${found.version} was itself rolled back from here`
  return found
}

function begin(
  run: Run,
  environment: Environment,
  ask: RollbackAsk,
  from: RollbackEnd,
  { release, version, sha }: Live,
): RollbackAnswer {
  const id = String(run.state.lastRollback + 1)
  run.state = { ...run.state, lastRollback: run.state.lastRollback + 1 }
  const because = ask.because ?? reasonOf(environment, from)
  const to = { release, version, sha }
  const { by, at } = ask
  const automatic = ask.automatic ? { automatic: true as const } : {}
  const rules = rollbackRulesOf(run, releaseOf(run.state, from.release)?.branch ?? "", environment)
  const ends = { id, from, to, by, ...automatic, because, begun: at }
  const was = stoodAs(environment, from.release)
  const rollback: Rollback = { ...ends, is: "running", was, rules, steps: [] }
  const next = { ...environment, rollback }
  putEnvironment(run, next)
  const place = { environment: environment.name, component: environment.component ?? "" }
  lockAfterRollback(run, place, { from, by, at })
  record(
    run,
    "rollback begun",
    {
      environment: environment.name,
      from: from.version,
      to: to.version,
      sha: to.sha,
      rollback: id,
      ...ask.evidence,
      at,
      because,
    },
    { release: from.release, by },
  )
  stamp(run, "rollback-begun", from.release, `${environment.name}/${id}`, at)
  reply(run, from.release, `rolling-back:${id}`, {
    is: "rolling back",
    environment: environment.name,
    from: from.version,
    to: to.version,
    by,
    at,
  })
  tryNext(run, next, at)
  return { is: "begun", to }
}

/** What is known of the release there, where who asked gave no reason. */
function reasonOf(environment: Environment, { release, version }: RollbackEnd): string {
  const { failed } = environment
  if (!isFailing(environment, release)) return `${version} was judged bad`
  return failed?.release === release && failed.because !== undefined
    ? `${version} failed: ${failed.because}`
    : `deployment of ${version} failed`
}

/** What the post-mortem is to tell, and is over when the way back has come to its end. */
function stoodAs({ live, good, failed }: Environment, bad: string): NonNullable<Rollback["was"]> {
  const there = live?.release === bad ? live : good.find(({ release }) => release === bad)
  const { at, because } = failed?.release === bad ? failed : {}
  return {
    ...(there ? { live: there.since } : {}),
    ...(at === undefined ? {} : { failed: { at, ...(because === undefined ? {} : { because }) } }),
  }
}
