import { type Environment, placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Clicked } from "../../model/signal.ts"
import { isFailing } from "../last-known-good.ts"
import { whyLate } from "../late.ts"
import { putEnvironment, type Run, record, releaseOf, withAnswer } from "../run.ts"
import { askBack } from "./ask-back.ts"

/** The button on `Slipway / <environment>`: back to the last known good release, by somebody who may, at that moment. */
export function clickRollback(run: Run, environment: Environment, click: Clicked): void {
  const late = whyLate(run, click)
  // guard: late-rollback
  if (late !== undefined) {
    refuse(run, environment, click, late)
    return
  }
  const bad = badRelease(run, environment, click.sha)
  if (!bad) {
    refuse(run, environment, click, "this release is not the one that is live or failing here")
    return
  }
  const { by, at, checkRun } = click
  const answer = askBack(run, environment, bad, { by, at, evidence: { checkRun } })
  if (answer.is === "refused") refuse(run, environment, click, answer.because)
  else if (answer.is === "waits") accept(run, environment, click, answer.because)
  else accept(run, environment, click, `${answer.to.version} is being deployed again`)
}

/** The release on whose check the button was pressed, if it is the one that is failing or live there now, or was before a drill. */
function badRelease(run: Run, environment: Environment, sha: string): { release: string; branch: string } | undefined {
  const { failed, live, drill } = environment
  const failing = failed && isFailing(environment, failed.release) ? failed.release : undefined
  // Somebody sees during a drill that what was live is to stay away.
  const ids = [failing, live?.release, drill?.from.release]
  for (const id of ids) {
    const release = id === undefined ? undefined : releaseOf(run.state, id)
    if (release?.phase.is === "published" && release.phase.candidate.sha === sha)
      return { release: release.id, branch: release.branch }
  }
  return undefined
}

function refuse(run: Run, environment: Environment, click: Clicked, because: string): void {
  const said = { by: click.by.login, did: "roll back", counted: false, because, at: click.at }
  putEnvironment(run, { ...environment, answers: withAnswer(environment.answers, said) })
  record(
    run,
    "click did not count",
    { button: click.button, because, environment: environment.name, checkRun: click.checkRun, sha: click.sha },
    { by: click.by.login },
  )
}

function accept(run: Run, before: Environment, click: Clicked, because: string): void {
  const environment = own(run.state.environments, placeOf(before))
  if (!environment) return
  const said = { by: click.by.login, did: "roll back", counted: true, because, at: click.at }
  putEnvironment(run, { ...environment, answers: withAnswer(environment.answers, said) })
}
