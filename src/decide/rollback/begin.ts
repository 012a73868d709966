import { type Environment, type Live, placeOf } from "../../model/deployment.ts"
import type { Lasting } from "../../model/lasting.ts"
import type { Rollback, RollbackAnswer, RollbackAsk, RollbackEnd } from "../../model/rollback.ts"
import { heldOf } from "../../model/watch.ts"
import { drillBrokenOff } from "../drill/end.ts"
import { peopleOf } from "../environment-people.ts"
import { isFailing, isRolledBackFrom, lastKnownGood } from "../last-known-good.ts"
import { environmentCheckUrl, issueUrl } from "../links.ts"
import { lockAfterRollback } from "../promotion/locked.ts"
import { putEnvironment, type Run, record, releaseOf, reply, stamp } from "../run.ts"
import { list } from "../wording.ts"
import { notUndone } from "./lasting.ts"
import { tryNext } from "./levels.ts"
import { page } from "./page.ts"
import { rollbackRulesOf } from "./rules.ts"
import { does, peopleSay, staysSays } from "./says.ts"

/**
 * Begins a rollback, whoever or whatever asked for it; whether they may is decided before. It locks the environment,
 * asks for the deployment of the release that was good, and says so.
 *
 * @param environment as it stands in the state
 * @returns why not, where there is nothing to go back to, or one runs already
 */
export function beginRollback(run: Run, environment: Environment, ask: RollbackAsk): RollbackAnswer {
  const { rollback } = environment
  if (rollback?.is === "running" && rollback.drill === undefined)
    return { is: "refused", because: `a rollback to ${rollback.to.version} is under way already` }
  const bad = releaseOf(run.state, ask.from)
  if (bad?.phase.is !== "published")
    return { is: "refused", because: "the release that it would leave is not known any more" }
  const good = goal(run, environment, ask)
  if (typeof good === "string") return { is: "refused", because: good }
  const { version, sha } = bad.phase.candidate
  const from = { release: bad.id, version, sha }
  const stays = notUndone(run.state, from, good)
  // guard: destructive-by-itself
  if (ask.automatic && stays.done.length + stays.unread.length > 0)
    return leave(run, environment, ask, { from, to: good, branch: bad.branch, stays })
  return begin(run, environment, ask, from, good, stays)
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
  given: Environment,
  ask: RollbackAsk,
  from: RollbackEnd,
  { release, version, sha }: Live,
  stays: Lasting,
): RollbackAnswer {
  const environment = given.drill ? drillBrokenOff(run, given, `${ask.by} asked for a rollback`) : given
  const id = String(run.state.lastRollback + 1)
  run.state = { ...run.state, lastRollback: run.state.lastRollback + 1 }
  const because = ask.because ?? reasonOf(environment, from)
  const to = { release, version, sha }
  const { by, at } = ask
  const automatic = ask.automatic ? { automatic: true as const } : {}
  const rules = rollbackRulesOf(run, releaseOf(run.state, from.release)?.branch ?? "", environment)
  const issue = ask.issue === undefined ? {} : { issue: ask.issue }
  const ends = { id, from, to, by, ...automatic, because, ...issue, begun: at }
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
    because,
    does: rules.levels.map((level) => does(level, environment, to)),
    stays: staysSays(stays),
    ...(ask.issue === undefined ? {} : { issue: issueUrl(run.repo, `#${ask.issue}`) }),
  })
  // From now on: it may have been asked for while nobody was there to decide on it.
  tryNext(run, next, run.at)
  return { is: "begun", to }
}

/** What cannot be undone is nothing that a machine decides on: who may is told, and presses the button, or does not. */
function leave(
  run: Run,
  environment: Environment,
  { by, at, because, evidence }: RollbackAsk,
  { from, to, branch, stays }: Left,
): RollbackAnswer {
  const lasting = staysSays(stays)
  const who = peopleSay(peopleOf(run, branch, environment))
  const reason = because ?? reasonOf(environment, from)
  const { name, live } = environment
  const facts = { environment: name, from: from.version, to: to.version, ...evidence, at, because: reason }
  record(run, "rollback left to people", { ...facts, stays: [...lasting] }, { release: from.release, by })
  reply(run, from.release, `rollback-left:${placeOf(environment)}:${live?.deployment ?? at}`, {
    is: "rollback left",
    environment: placeOf(environment),
    from: from.version,
    to: to.version,
    by,
    because: reason,
    stays: lasting,
    who,
    at,
    check: environmentCheckUrl(run, placeOf(environment), from.sha),
  })
  const id = `left-${placeOf(environment)}-${live?.deployment ?? at}`
  const says = `${placeOf(environment)} is not rolled back by itself, since ${to.version} would not undo what ${from.version} did: ${reason}`
  page(run, environment, { id, from, to, by }, says)
  return { is: "refused", because: `what ${from.version} did cannot be undone by a machine (${list(lasting)}): ${who}` }
}

interface Left {
  readonly from: RollbackEnd
  readonly to: RollbackEnd
  readonly branch: string
  readonly stays: Lasting
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
function stoodAs(environment: Environment, bad: string): NonNullable<Rollback["was"]> {
  const { live, good, failed } = environment
  const there = live?.release === bad ? live : good.find(({ release }) => release === bad)
  const { at, because } = failed?.release === bad ? failed : {}
  const broken =
    live?.release === bad ? Object.values(heldOf(environment)).flatMap((one) => one.broken?.since ?? []) : []
  const [first] = broken.toSorted()
  return {
    ...(there ? { live: there.since } : {}),
    ...(first === undefined ? {} : { sign: { at: first, what: "a criterion was broken" } }),
    ...(at === undefined ? {} : { failed: { at, ...(because === undefined ? {} : { because }) } }),
  }
}
