import { type Environment, placeOf } from "../../model/deployment.ts"
import { type Rollback, stepsOf, wentBack } from "../../model/rollback.ts"
import { lastKnownGood, withFailed } from "../last-known-good.ts"
import { environmentCheckUrl } from "../links.ts"
import { putEnvironment, putRelease, type Run, record, releaseOf, reply, stamp } from "../run.ts"
import { withFailure } from "../verification.ts"
import { plain } from "../wording.ts"
import { howSays, noticeOf } from "./notice.ts"
import { page } from "./page.ts"
import { openPostMortem } from "./post-mortem.ts"

/**
 * It came to a good end: everybody is told, and the post-mortem begins.
 *
 * @param before the environment with the rollback as it ran
 */
export function rollbackDone(run: Run, before: Environment, running: Rollback, at: string): void {
  const rollback: Rollback = { ...running, is: "done", ended: at }
  const environment = { ...before, rollback }
  putEnvironment(run, environment)
  // What a drill comes to is told by it, and no release was bad.
  if (rollback.drill !== undefined) return
  const { id, from, to, by } = rollback
  stamp(run, "rollback-ended", from.release, `${environment.name}/${id}`, at)
  const back = wentBack(rollback)
  record(
    run,
    back ? "rolled back" : "rolled back otherwise",
    {
      environment: environment.name,
      from: from.version,
      ...(back ? { to: to.version, sha: to.sha } : { level: stepsOf(rollback).at(-1)?.level ?? "" }),
      rollback: id,
      ...(rollback.deployment === undefined ? {} : { deployment: rollback.deployment }),
      at,
    },
    { release: from.release, by },
  )
  if (!back) easeOff(run, environment, rollback, at)
  const notice = noticeOf(run, environment, rollback, at)
  reply(run, from.release, `rolled-back:${id}`, notice)
  openPostMortem(run, environment, rollback, notice)
}

/** The bad release stays, without what was bad in it: who was told of it is told of that, too. */
function easeOff(run: Run, { name }: Environment, rollback: Rollback, at: string): void {
  const release = releaseOf(run.state, rollback.from.release)
  const how = howSays(rollback)
  if (!release || how === undefined) return
  const eased = { environment: name, to: rollback.to.version, by: rollback.by, at, how }
  putRelease(run, { ...release, eased: [...(release.eased ?? []), eased].slice(-EASED_KEPT) })
}

const EASED_KEPT = 20

/** What came back is not well: it is no last known good any more, and its page offers the one before it. */
export function rollbackUnwell(run: Run, before: Environment, because: string): Environment {
  const { live, rollback } = before
  if (!live || !rollback || !wentBack(rollback) || live.release !== rollback.to.release) return before
  // It leaves again at once; whether it is good is shown when somebody needs it.
  if (rollback.drill === "back") return before
  const { release, version, deployment } = live
  const environment = withFailed(withFailure(before, live, because, run.at), {
    release,
    version,
    deployment,
    at: run.at,
    because,
  })
  putEnvironment(run, environment)
  return environment
}

/** The rollback itself failed, or GitHub refused its deployment: said loudly, and the button stays. */
export function rollbackFailed(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  reason: string,
  at: string,
  url?: string,
): void {
  const because = plain(reason)
  const failed: Rollback = { ...rollback, is: "failed", ended: at, detail: because }
  putEnvironment(run, { ...environment, rollback: failed })
  if (rollback.drill !== undefined) return
  const { live } = environment
  const bad = live && [rollback.to.release, rollback.overtaken?.release].includes(live.release) ? live : rollback.from
  const good = lastKnownGood(run.state, environment, bad.release)
  record(
    run,
    "rollback failed",
    {
      environment: environment.name,
      to: rollback.to.version,
      sha: rollback.to.sha,
      rollback: rollback.id,
      ...(rollback.deployment === undefined ? {} : { deployment: rollback.deployment }),
      at,
      because,
    },
    { release: rollback.from.release, by: rollback.by },
  )
  stamp(run, "rollback-ended", rollback.from.release, `${environment.name}/${rollback.id}`, at)
  reply(run, rollback.from.release, `rollback-failed:${rollback.id}`, {
    is: "rollback failed",
    environment: environment.name,
    from: rollback.from.version,
    to: rollback.to.version,
    at,
    because,
    lastKnownGood: good ? { version: good.version, sha: good.sha } : null,
    check: environmentCheckUrl(run, placeOf(environment), bad.sha),
    ...(url ? { url } : {}),
  })
  openPostMortem(run, environment, failed, noticeOf(run, environment, failed, at), because)
  page(run, environment, rollback, `the rollback of ${placeOf(environment)} failed: ${because}`)
}
