import type { Environment, Live } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import { presentStep, type Rollback, type RollbackStep } from "../../model/rollback.ts"
import { drillBrokenOff } from "../drill/end.ts"
import { putEnvironment, type Run } from "../run.ts"
import { stepFailed } from "./levels.ts"

/**
 * A release went live at a place. Where a rollback runs that does not know it, whoever deployed it may have mended what was
 * bad, and no way back goes over that: the rollback ends, and says so. Whether it is mended, people have to see.
 */
export function overtake(run: Run, place: string, { release, version }: Live): void {
  const environment = own(run.state.environments, place)
  const { rollback, drill } = environment ?? {}
  const step = rollback && presentStep(rollback)
  if (!environment || !rollback || !step || [rollback.from.release, rollback.to.release].includes(release)) return
  if (drill && rollback.drill) {
    drillBrokenOff(run, environment, `${version} was deployed meanwhile`)
    return
  }
  const next = { ...withoutBad(environment, rollback), rollback: { ...rollback, overtaken: { release, version } } }
  putEnvironment(run, next)
  // What was taken back goes out as another release: that is what it was taken back for, and it is watched.
  if (step.level === "configuration" && step.is === "verifying") return
  stepFailed(
    run,
    next,
    `${version} went live meanwhile${saysLeft(rollback, step)}; no further way back is tried`,
    run.at,
  )
}

/** What somebody wanted gone is not known to be good because another release took its place. */
function withoutBad(environment: Environment, { from }: Rollback): Environment {
  const { good, unverified = [] } = environment
  const bad = good.filter(({ release }) => release === from.release)
  if (bad.length === 0) return environment
  return { ...environment, good: good.filter((one) => !bad.includes(one)), unverified: [...unverified, ...bad] }
}

function saysLeft({ to }: Rollback, step: RollbackStep): string {
  if (step.is === "running" && step.pull !== undefined) return `, #${step.pull} stays open`
  const isBack = step.is === "verifying" && step.level !== "flag"
  return isBack ? `, before ${to.version} was shown to be well` : ""
}
