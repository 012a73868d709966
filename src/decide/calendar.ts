import { type Appointment, agendaOf } from "../model/agenda.ts"
import type { CalendarEntry, Span } from "../model/calendar.ts"
import { isWhole } from "../model/component.ts"
import { openingAt } from "../model/deploy-times.ts"
import { hashOf } from "../model/hash.ts"
import type { Plan } from "../model/plan.ts"
import { validPlans } from "../model/plan-folder.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Line, State } from "../model/state.ts"
import { cutoffOf, departureAfter, trainText } from "../model/train.ts"
import { collisionsOf } from "./collisions.ts"
import { componentsOn } from "./division.ts"
import { configOf, isUnspent } from "./plan-of.ts"
import { appointmentsOf } from "./reminders.ts"
import { trainOf } from "./timetable.ts"
import { instant, list } from "./wording.ts"

type Found = Omit<CalendarEntry, "id" | "repository">

/** More of a kind in one repository is no calendar: a window may open every day of ten years. */
const MOST = 500

/**
 * What the plans, trains and windows of a repository set for a span of time, oldest first: from what is known of it, and
 * nothing else.
 */
export function calendarOf(repo: Repository, state: State, span: Span): readonly CalendarEntry[] {
  const lines = Object.values(state.lines).filter(({ retired }) => retired === undefined)
  const met = meetingsIn(state)
  const found = [
    ...lines.flatMap((line) => [
      ...plannedOn(state, line, met),
      ...departuresOn(line, span, lines.length > 1),
      ...windowsOn(line, repo, span),
    ]),
    ...released(state, span, met),
  ]
  const repository = fullName(repo)
  const entries = found
    .filter(({ from, until }) => from < span.until && (until ?? from) >= span.from)
    .map((one) => ({ id: hashOf([repo.id, one.kind, one.what, one.from]).slice(0, 24), repository, ...one }))
  const distinct = [...new Map(entries.map((one) => [one.id, one])).values()]
  return distinct.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

/** The plans that are not spent: also those of versions that nothing is drafted for yet. */
function plannedOn(state: State, line: Line, met: Meetings): readonly Found[] {
  const plans = validPlans([line.plan, ...(line.plans ?? [])]).filter((plan) => isUnspent(line, state, plan))
  return plans.flatMap(({ path, value }) => {
    const name = nameOf(line, value, path)
    const { code_freeze, production_deploy } = value.timeline
    const end = production_deploy ?? value.release.date
    const until = code_freeze !== undefined && end !== undefined && end > code_freeze ? { until: end } : {}
    return [
      ...(code_freeze === undefined
        ? []
        : [{ kind: "freeze" as const, what: `code freeze of ${name} on ${line.branch}`, from: code_freeze, ...until }]),
      ...(value.release.date === undefined
        ? []
        : [{ kind: "plan" as const, what: `release of ${name}`, from: value.release.date }]),
      ...agendaOf(value).map((one) => appointed(one, name, met)),
    ]
  })
}

function nameOf({ branch }: Line, { release }: Plan, path: string): string {
  const version = release.version ?? release.name
  const what = [...(release.component ? [release.component] : []), ...(version === undefined ? [] : [version])]
  return what.length > 0 ? what.join(" ") : `the next release of ${branch} (${path})`
}

/** By appointment: the tags of the releases that are planned for the same time. */
type Meetings = ReadonlyMap<string, ReadonlySet<string>>

const keyOf = ({ what, at }: Pick<Appointment, "what" | "at">): string => `${at} ${what}`

function meetingsIn(state: State): Meetings {
  const met = new Map<string, Set<string>>()
  for (const release of state.releases)
    for (const { with: other, mine } of collisionsOf(state, release, "")) {
      const tags = met.get(keyOf(mine)) ?? new Set()
      met.set(keyOf(mine), tags.add(other.tag))
    }
  return met
}

/** Each of two that meet names the other one. */
function appointed(one: Appointment, name: string, met: Meetings): Found {
  const tags = one.is === "message" ? undefined : met.get(keyOf(one))
  const found = { kind: "plan" as const, what: `${one.what}: ${name}`, from: one.at }
  return tags === undefined ? found : { ...found, collides: list([...tags]) }
}

/** What is out keeps the dates that it was published with. */
const released = (state: State, span: Span, met: Meetings): readonly Found[] =>
  state.releases.flatMap((release) =>
    release.phase.is === "published"
      ? appointmentsOf(state, release)
          .filter(({ at }) => at >= span.from)
          .map((one) => appointed(one, release.tag, met))
      : [],
  )

function departuresOn(line: Line, span: Span, several: boolean): readonly Found[] {
  const components = componentsOn(line)
  return components.flatMap(({ name }) => {
    const train = trainOf(line, name)
    if (!train) return []
    const of = [...(isWhole(components) ? [] : [name]), ...(several ? [line.branch] : [])].join(" on ")
    const found: Found[] = []
    for (let at = departureAfter(train, span.from); at < span.until && found.length < MOST; ) {
      const cutoff = cutoffOf(train, at)
      const whose = of === "" ? "" : ` of ${of}`
      if (cutoff < at) found.push({ kind: "cut", what: `cut for the train${whose} of ${instant(at)}`, from: cutoff })
      found.push({ kind: "train", what: `train${whose} departs (${trainText(train)})`, from: at })
      at = departureAfter(train, at)
    }
    return found
  })
}

/** By the file of the default branch alone: each branch has its own, and they are the same as a rule. */
function windowsOn(line: Line, { defaultBranch }: Repository, span: Span): readonly Found[] {
  if (line.branch !== defaultBranch) return []
  return Object.entries(configOf(line).environments).flatMap(([name, { window }]) => {
    if (!window || (window.holidays && !window.holidays.dates)) return []
    const found: Found[] = []
    for (let at = span.from; at < span.until && found.length < MOST; ) {
      const opening = openingAt(window, new Date(at))
      if (opening.is === "open") {
        if (opening.until === null) break
        found.push({ kind: "window", what: `${name} is open (${window.zone})`, from: at, until: opening.until })
        at = opening.until
      } else at = opening.from
    }
    return found
  })
}
