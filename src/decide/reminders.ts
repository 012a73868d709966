import { type Appointment, agendaOf, stepOf } from "../model/agenda.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { State } from "../model/state.ts"
import { versionOf } from "./candidate.ts"
import { configOf, planOf } from "./plan-of.ts"
import { gatesOfRelease, notPassed } from "./readiness.ts"
import { subjectOf } from "./release-changes.ts"
import { putRelease, type Run, record, reply } from "./run.ts"

/** What was due longer ago than this, when Slipway hears of it, is no reminder any more. */
const LATE_MS = 24 * 60 * 60_000

/** Says in the thread, once, that what the plan set a time for has come. Slipway only reminds: people do it. */
export function remind(run: Run): void {
  for (const release of run.state.releases) {
    const known = new Set(release.reminded)
    const planned = remindedOf(run.state, release)
    const due = planned.filter((one) => one.at <= run.at && !known.has(nameOf(one)))
    if (due.length === 0) continue
    // What the plan does not set any more needs no memory; what it sets, however much, must not be said twice.
    const set = new Set(planned.map(nameOf))
    const reminded = [...[...known].filter((name) => set.has(name)), ...due.map(nameOf)]
    putRelease(run, { ...release, reminded })
    for (const one of due)
      if (run.now.getTime() - Date.parse(one.at) <= LATE_MS && !isDone(run.state, release, one)) tell(run, release, one)
  }
}

/** What was moved is another appointment. */
const nameOf = ({ is, at }: Appointment): string => `${is}:${at}`

/** What people do. Messages are sent (informing/messages). */
const remindedOf = (state: State, release: Release): readonly Appointment[] =>
  appointmentsOf(state, release).filter(({ is }) => is !== "message")

/** Of a release that is out, what it was published with; what was rolled back or went round its plan has none. */
export function appointmentsOf(state: State, release: Release): readonly Appointment[] {
  const { phase, rolledBack } = release
  if (phase.is === "published") return rolledBack.length > 0 ? [] : (phase.agenda ?? [])
  const line = own(state.lines, release.branch)
  const plan = line && release.next.next !== null ? planOf(state, line, release) : null
  return plan ? agendaOf(plan) : []
}

/** A deployment that was made already is not due. */
function isDone(state: State, release: Release, { is }: Appointment): boolean {
  const line = own(state.lines, release.branch)
  if (is === "qa_start" || is === "message" || !line) return false
  const { environments } = configOf(line)
  return Object.values(state.environments).some(
    ({ name, component = "", live }) =>
      (own(environments, name)?.planned ?? stepOf(name)) === is &&
      component === release.component &&
      live?.release === release.id,
  )
}

function tell(run: Run, release: Release, one: Appointment): void {
  const version = versionOf(release)
  const open = openOf(run, release)
  record(run, "due by the plan", { what: one.what, at: one.at, version }, { release: release.id })
  reply(run, release.id, `due:${nameOf(one)}`, { is: "due", what: one.what, version, at: one.at, open })
}

/** What a release that is not out yet waits for. */
function openOf(run: Run, release: Release): readonly string[] {
  if (release.phase.is === "published") return []
  const subject = subjectOf(run, release)
  return subject ? notPassed(gatesOfRelease(subject)).map(({ name, because }) => `${name}: ${because}`) : []
}

/** When the next of them comes. */
export const reminderTimes = (run: Run): readonly string[] =>
  run.state.releases.flatMap((release) => {
    const next = remindedOf(run.state, release).find(({ at }) => at > run.at)
    return next ? [next.at] : []
  })
