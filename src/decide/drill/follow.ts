import { drillTimes } from "../../model/config-drill.ts"
import { type Environment, placeOf } from "../../model/deployment.ts"
import type { Drill, DrillLeg } from "../../model/drill.ts"
import { type DrillTimes, drillAfter, drillUpTo } from "../../model/drill-times.ts"
import { hashOf } from "../../model/hash.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import { driftOf, driftSays } from "../drift.ts"
import { tryNext } from "../rollback/levels.ts"
import { putEnvironment, type Run, record, reply } from "../run.ts"
import { plain } from "../wording.ts"
import { beginDrill, withLeg } from "./begin.ts"
import { drillBrokenOff, drillEnded } from "./end.ts"
import { drillRulesOf } from "./rules.ts"

/** Where a drill is due and cannot begin, it is tried again this often; after a day it was missed. */
const AGAIN_MS = 30 * 60_000
const PATIENCE_MS = 24 * 60 * 60_000
const HASH_LENGTH = 12

/** Goes on with the drills that are under way, and begins those that the timetable wants. */
export function followDrills(run: Run): void {
  for (const environment of Object.values(run.state.environments)) {
    if (environment.drill) goOn(run, environment, environment.drill)
    else followTimetable(run, environment)
  }
}

function goOn(run: Run, environment: Environment, drill: Drill): void {
  const { live, rollback } = environment
  if (rollback?.drill === undefined) {
    drillBrokenOff(run, environment, "another rollback was begun")
    return
  }
  if (live && ![drill.from.release, drill.to.release].includes(live.release)) {
    drillBrokenOff(run, environment, `${live.version} was deployed meanwhile`)
    return
  }
  const drift = driftOf(run.state, environment.name, environment.component ?? "")
  if (drift) {
    drillBrokenOff(run, environment, `${driftSays(drift)} was deployed meanwhile`)
    return
  }
  if (rollback.is === "running") return
  const leg = legOf(environment, rollback, run.at)
  const trouble = rollback.is === "failed" ? (rollback.detail ?? "no reason was given") : undefined
  if (rollback.drill === "back" && !isUntouched(environment, drill, rollback))
    goBack(run, environment, drill, leg, trouble)
  else drillEnded(run, environment, drill, leg, trouble && saysWhich(rollback, drill, trouble))
}

/** What was live comes back, whatever became of the way to the earlier release. */
function goBack(run: Run, environment: Environment, before: Drill, back: DrillLeg, trouble: string | undefined): void {
  const drill = { ...before, back, ...(trouble === undefined ? {} : { because: plain(trouble) }) }
  const { rules } = environment.rollback ?? {}
  if (!rules) return
  const { from, to, by, id } = drill
  reply(run, from.release, `drill:${id}:back`, {
    is: "drill",
    state: "back",
    environment: placeOf(environment),
    from: from.version,
    to: to.version,
    by,
    at: back.ended,
    ...(trouble === undefined ? {} : { because: plain(trouble) }),
  })
  tryNext(run, withLeg(run, { ...environment, drill }, { leg: "return", rules, at: run.at }), run.at)
}

/** GitHub refused the deployment, or no cluster was changed: nothing was done that would have to be taken back. */
const isUntouched = ({ live }: Environment, drill: Drill, rollback: Rollback): boolean =>
  rollback.is === "failed" &&
  live?.release === drill.from.release &&
  stepsOf(rollback).every((step) => step.is === "failed" && step.untouched === true)

const saysWhich = ({ drill: leg }: Rollback, { from, because }: Drill, trouble: string): string =>
  leg === "back"
    ? trouble
    : `${because === undefined ? "" : `${because}; `}${from.version} did not come back: ${trouble}`

function legOf({ live }: Environment, { begun, to, ended }: Rollback, at: string): DrillLeg {
  const isThere =
    live?.release === to.release && Date.parse(live.since) >= Math.floor(Date.parse(begun) / 1_000) * 1_000
  return { begun, ...(isThere ? { live: live.since } : {}), ended: ended ?? at }
}

function timesOf(run: Run, environment: Environment): DrillTimes | undefined {
  const { drill } = drillRulesOf(run, environment)?.rules ?? {}
  return drill === undefined ? undefined : drillTimes(drill)
}

/** A timetable that is new is followed from now on. */
function seenOf({ at }: Run, { drillsSeen }: Environment, times: DrillTimes): NonNullable<Environment["drillsSeen"]> {
  const of = hashOf(times).slice(0, HASH_LENGTH)
  return drillsSeen?.of === of ? drillsSeen : { of, after: at }
}

function followTimetable(run: Run, environment: Environment): void {
  const times = timesOf(run, environment)
  if (!times) return
  const seen = seenOf(run, environment, times)
  const due = drillUpTo(times, run.at)
  if (due <= seen.after) {
    if (seen !== environment.drillsSeen) putEnvironment(run, { ...environment, drillsSeen: seen })
    return
  }
  const because = beginDrill(
    run,
    { ...environment, drillsSeen: { ...seen, after: due } },
    { by: BY_TIMETABLE, at: run.at },
  )
  if (because !== undefined && run.now.getTime() >= Date.parse(due) + PATIENCE_MS)
    missed(run, { ...environment, drillsSeen: { ...seen, after: due } }, due, because)
}

/** As it stands in the thread and the audit. */
const BY_TIMETABLE = "the timetable"

function missed(run: Run, environment: Environment, due: string, reason: string): void {
  putEnvironment(run, environment)
  const { live, name, component } = environment
  const because = plain(reason)
  const where = { environment: name, ...(component === undefined ? {} : { component }) }
  record(run, "drill missed", { ...where, due, because }, live ? { release: live.release } : {})
  if (!live) return
  reply(run, live.release, `drill-missed:${placeOf(environment)}:${due}`, {
    is: "drill",
    state: "missed",
    environment: placeOf(environment),
    from: live.version,
    to: "",
    by: BY_TIMETABLE,
    at: due,
    because,
  })
}

/** When a drill is due next, or is tried again. ISO 8601 */
export const drillLooks = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) => {
    const times = environment.drill ? undefined : timesOf(run, environment)
    if (!times) return []
    const { after } = seenOf(run, environment, times)
    const due = drillUpTo(times, run.at)
    return [due > after ? new Date(run.now.getTime() + AGAIN_MS).toISOString() : drillAfter(times, run.at)]
  })
