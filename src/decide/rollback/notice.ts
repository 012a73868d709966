import type { Environment } from "../../model/deployment.ts"
import type { RollbackNotice } from "../../model/reply-rollback.ts"
import { fullName } from "../../model/repository.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import type { Run } from "../run.ts"

/** What everybody is told of a rollback that has ended at an instant (ISO 8601). */
export function noticeOf(run: Run, environment: Environment, rollback: Rollback, ended: string): RollbackNotice {
  const { from, to, by, because, begun } = rollback
  const how = howSays(rollback)
  return {
    is: "rolled back",
    service:
      environment.component === undefined ? fullName(run.repo) : `${fullName(run.repo)} (${environment.component})`,
    environment: environment.name,
    from: { version: from.version, sha: from.sha },
    to: { version: to.version, sha: to.sha },
    by,
    because,
    begun,
    ended,
    ...(how === undefined ? {} : { how }),
    next:
      how === undefined
        ? lookSays(rollback)
        : `Find out why ${from.version} was bad (a post-mortem issue is open); its fix goes out as the next release.`,
  }
}

const lookSays = ({ overtaken, from }: Rollback): string =>
  overtaken === undefined
    ? "Somebody has to look now: nothing that is declared is left to try."
    : `Somebody has to look now whether ${overtaken.version}, which is live, mends what was bad with ${from.version}.`

/** What the last way back did; undefined: it did not help. */
export function howSays(rollback: Rollback): string | undefined {
  const { from, to } = rollback
  const step = stepsOf(rollback).at(-1)
  if (!step || step.is === "failed") return undefined
  if (step.level === "flag") return `a flag was switched off, and ${from.version} stays live`
  if (step.level === "configuration") return `the changes since ${to.version} were taken back on its branch`
  const by = step.level === "application" ? "" : ` (${step.level})`
  const well = step.is === "worked" && step.verified ? ", and was shown to be well" : ""
  return `${to.version} was deployed again${by}${well}`
}
