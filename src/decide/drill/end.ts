import { type Environment, placeOf } from "../../model/deployment.ts"
import { type Drill, type DrillEnd, type DrillLeg, legSeconds, withDrillEnd } from "../../model/drill.ts"
import { withdrawWay } from "../rollback/withdraw-way.ts"
import { putEnvironment, type Run, record, reply } from "../run.ts"
import { plain } from "../wording.ts"

/** A drill came to an end of its own. The environment speaks of the rollback again that it spoke of before. */
export function drillEnded(run: Run, environment: Environment, drill: Drill, last: DrillLeg, failure?: string): void {
  const because = failure === undefined ? drill.because : plain(failure)
  const { before: _, back, ...ran } = drill
  const end: DrillEnd = {
    ...ran,
    is: because === undefined ? "passed" : "failed",
    ended: last.ended,
    ...(back ? { back, return: last } : { back: last }),
    ...(because === undefined ? {} : { because }),
  }
  putEnvironment(run, { ...withoutDrill(environment), drills: withDrillEnd(environment.drills, end) })
  const took = tookOf(end)
  record(
    run,
    `drill ${end.is}`,
    { ...factsOf(environment, drill), ...took, ...becauseOf(end), at: end.ended },
    {
      release: drill.from.release,
      by: drill.by,
    },
  )
  reply(run, drill.from.release, `drill:${drill.id}:${end.is}`, {
    is: "drill",
    state: end.is,
    ...saidOf(environment, drill),
    at: end.ended,
    ...took,
    ...becauseOf(end),
  })
}

/**
 * Something came between: a rollback that is none for practice, or another release that went live. It takes over as it would
 * without the drill, which says nothing of the way back then.
 *
 * @returns the environment without it
 */
export function drillBrokenOff(run: Run, environment: Environment, because: string): Environment {
  const { drill, rollback } = environment
  if (rollback?.drill !== undefined) withdrawWay(run, rollback)
  const rest = withoutDrill(environment)
  if (!drill) return rest
  putEnvironment(run, rest)
  const of = { release: drill.from.release, by: drill.by }
  record(run, "drill broken off", { ...factsOf(environment, drill), because, at: run.at }, of)
  reply(run, drill.from.release, `drill:${drill.id}:broken off`, {
    is: "drill",
    state: "broken off",
    ...saidOf(environment, drill),
    at: run.at,
    because: plain(because),
  })
  return rest
}

function withoutDrill(environment: Environment): Environment {
  const { drill, rollback, ...rest } = environment
  const spoken = rollback?.drill === undefined ? rollback : drill?.before
  return { ...rest, ...(spoken ? { rollback: spoken } : {}) }
}

const tookOf = ({ back, return: again }: DrillEnd) => ({
  ...(back ? { back: legSeconds(back) } : {}),
  ...(again ? { return: legSeconds(again) } : {}),
})

const becauseOf = ({ because }: DrillEnd) => (because === undefined ? {} : { because })

const factsOf = ({ name, component }: Environment, { id, from, to }: Drill) => ({
  environment: name,
  ...(component === undefined ? {} : { component }),
  from: from.version,
  to: to.version,
  rollback: id,
})

const saidOf = (environment: Environment, { from, to, by }: Drill) => ({
  environment: placeOf(environment),
  from: from.version,
  to: to.version,
  by,
})
