import type { Environment } from "../../model/deployment.ts"
import type { Rollback } from "../../model/rollback.ts"
import type { Deployed } from "../../model/signal.ts"
import { postMortemTarget, putEnvironment, putRelease, type Run, record, releaseOf, reply, stamp } from "../run.ts"
import { plain } from "../wording.ts"
import { noticeOf, postMortem } from "./post-mortem.ts"

/**
 * A status of the deployment that a rollback made. One that failed may come to a good end after all: whoever deploys
 * tries again, and the newest status says what is true.
 */
export function rollbackEnded(run: Run, environment: Environment, signal: Deployed): void {
  const { rollback } = environment
  if (!rollback || rollback.is === "done") return
  if (rollback.is === "running")
    putEnvironment(run, { ...environment, rollback: { ...rollback, deployment: signal.deployment, heard: signal.at } })
  if (signal.state === "success") succeeded(run, environment, rollback, signal)
  if (rollback.is === "running" && (signal.state === "failure" || signal.state === "error"))
    rollbackFailed(run, environment, rollback, `its deployment ended as “${signal.state}”`, signal.at, signal.url)
}

function succeeded(run: Run, environment: Environment, rollback: Rollback, signal: Deployed): void {
  const { failed: _, ...rest } = environment
  const known = environment.good.find(({ release }) => release === rollback.to.release)?.artifact
  const live = {
    ...rollback.to,
    since: signal.at,
    deployment: signal.deployment,
    ...(known ? { artifact: known } : {}),
  }
  const good = environment.good.filter((g) => g.release !== rollback.from.release && g.release !== rollback.to.release)
  putEnvironment(run, { ...rest, live, good: [...good, live], rollback: { ...rollback, is: "done", ended: signal.at } })
  const bad = releaseOf(run.state, rollback.from.release)
  const mark = { environment: environment.name, to: rollback.to.version, by: rollback.by, at: signal.at }
  if (bad) putRelease(run, { ...bad, rolledBack: [...bad.rolledBack, mark] })
  stamp(run, "rollback-ended", rollback.from.release, `${environment.name}/${rollback.id}`, signal.at)
  record(
    run,
    "rolled back",
    {
      environment: environment.name,
      from: rollback.from.version,
      to: rollback.to.version,
      sha: rollback.to.sha,
      rollback: rollback.id,
      deployment: signal.deployment,
      at: signal.at,
    },
    { release: rollback.from.release, by: rollback.by },
  )
  const notice = noticeOf(run, environment, rollback, signal.at)
  reply(run, rollback.from.release, `rolled-back:${rollback.id}`, notice)
  const target = postMortemTarget(rollback.id)
  run.effects.push({
    kind: "post-mortem",
    key: target,
    target,
    lane: target,
    mode: "append",
    content: { marker: `${run.repo.id}:${rollback.id}`, report: postMortem(run, environment, rollback, notice) },
  })
}

/** A deployment that nobody takes up, or tells more of, within this time is lost: its button has to come back. */
const SILENT_MS = 60 * 60_000

/** When a rollback is given up, unless another status of its deployment comes before. ISO 8601; undefined: never. */
export const givenUpAt = ({ rollback }: Environment): string | undefined =>
  rollback?.is === "running"
    ? new Date(new Date(rollback.heard ?? rollback.begun).getTime() + SILENT_MS).toISOString()
    : undefined

/** Ends a rollback whose deployment went silent: no workflow may listen to deployments here, or it was killed. */
export function giveUp(run: Run, environment: Environment): void {
  const until = givenUpAt(environment)
  if (!environment.rollback || until === undefined || run.at < until) return
  const because = environment.rollback.heard
    ? "its deployment was not heard of for an hour; look at the workflow that runs it"
    : "its deployment got no status within an hour; does a workflow run on deployments here?"
  rollbackFailed(run, environment, environment.rollback, because, run.at)
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
  putEnvironment(run, { ...environment, rollback: { ...rollback, is: "failed", ended: at, detail: because } })
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
    ...(url ? { url } : {}),
  })
}
