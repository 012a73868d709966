import { placeOf } from "../../model/deployment.ts"
import type { Incident, IncidentStands, RollbackAskedFor } from "../../model/incident.ts"
import { own } from "../../model/own.ts"
import { wentBack } from "../../model/rollback.ts"
import { environmentCheckUrl } from "../links.ts"
import type { Run } from "../run.ts"
import { want } from "../want.ts"
import { forgetLabelsOff } from "./labels-off.ts"
import { noticeOf } from "./notice.ts"
import { followed } from "./post-mortem.ts"
import { isThere } from "./there.ts"
import { withdrawWord } from "./withdraw-word.ts"

type Waiting = Extract<IncidentStands, { is: "waits" }>

/** Keeps the comment on each issue that was labelled as an incident true to what came of it. */
export function followIncidents(run: Run): void {
  forgetLabelsOff(run)
  const { incidents } = run.state
  if (!incidents) return
  const now = kept(Object.entries(incidents).map(([number, incident]) => [number, following(run, incident)]))
  run.state = { ...run.state, incidents: Object.fromEntries(now) }
  for (const [number, { by, stands }] of now)
    want(run, {
      kind: "incident",
      target: `incident:${number}`,
      lane: `incident:${number}`,
      content: { repositoryId: run.repo.id, issue: Number(number), by, stands },
    })
}

/** When the first word of two stands no longer. ISO 8601 */
export const incidentTimes = ({ state }: Run): readonly string[] =>
  Object.values(state.incidents ?? {}).flatMap(({ stands }) => (stands.is === "waits" ? [stands.until] : []))

/** The issues in which the rollback of a release was asked for. */
export const incidentsOf = ({ state }: Run, release: string): readonly number[] =>
  Object.entries(state.incidents ?? {}).flatMap(([number, { stands }]) =>
    "rollback" in stands && stands.release === release ? [Number(number)] : [],
  )

const SETTLED_KEPT = 50

/** Anybody may open an issue that a template labels: those that are settled give way, the oldest first. */
function kept(all: readonly (readonly [string, Incident])[]): readonly (readonly [string, Incident])[] {
  const settled = all.filter(([, { stands }]) => stands.is !== "waits" && stands.is !== "running")
  const newest = settled.toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-SETTLED_KEPT)
  return all.filter((one) => !settled.includes(one) || newest.includes(one))
}

function following(run: Run, incident: Incident): Incident {
  const { stands } = incident
  if (stands.is === "waits") {
    const now = waiting(run, incident, stands)
    // What everybody was told does not stand any more is not completed by a second word.
    if (now.is === "lapsed") withdrawWord(run, incident)
    return { ...incident, stands: now }
  }
  if (!("rollback" in stands)) return incident
  const now = asStands(run, stands.place, stands.rollback)
  return now ? { ...incident, stands: { ...stands, ...now } } : incident
}

/** A second person may have asked by another way, by the button as a rule. */
function waiting(run: Run, { by, at }: Incident, stands: Waiting): IncidentStands {
  const { place, release, version, until } = stands
  const environment = own(run.state.environments, place)
  const { rollback, asked } = environment ?? {}
  const isFor = rollback?.drill === undefined && rollback?.from.release === release && rollback.begun >= at
  if (isFor) return asStands(run, place, rollback.id) ?? stands
  const lapsed = (because: string): IncidentStands => ({ is: "lapsed", place, version, because })
  if (run.at >= until) return lapsed("no second person asked for it in time")
  if (!environment || !isThere(environment, release))
    return lapsed(`${version} is not what is live or failing there any more`)
  return asked?.release === release && asked.by.login === by
    ? stands
    : lapsed(asked ? "another rollback was asked for since" : "what was asked for was taken back")
}

/** The rollback of an environment that has this id; undefined: it has another one by now. */
export function asStands(run: Run, place: string, id: string): RollbackAskedFor | undefined {
  const environment = own(run.state.environments, place)
  const rollback = environment?.rollback
  if (!environment || rollback?.id !== id) return undefined
  const { is, from, to, by, ended, detail } = rollback
  const postMortem = followed(run).findLast((one) => one.release === from.release && one.place === place)?.number
  const how = is === "done" && !wentBack(rollback) ? noticeOf(run, environment, rollback, run.at).how : detail
  return {
    is,
    rollback: id,
    release: from.release,
    place: placeOf(environment),
    from: from.version,
    to: to.version,
    by,
    check: environmentCheckUrl(run, place, from.sha),
    ...(ended === undefined ? {} : { ended }),
    ...(how === undefined ? {} : { detail: how }),
    ...(postMortem === undefined ? {} : { postMortem }),
  }
}
