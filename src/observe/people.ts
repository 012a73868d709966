import type { Person } from "../model/change.ts"
import { own } from "../model/own.ts"
import { teamsOwning } from "../model/owned.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { readApprovers } from "./approvers.ts"
import type { Findings } from "./findings.ts"
import { namedBy } from "./left.ts"
import type { LineSeen } from "./line.ts"
import { namedPeople, namedTeams } from "./line-config.ts"
import { allLines } from "./lines.ts"
import type { Needs } from "./needs.ts"
import type { ObserveInput } from "./observe-input.ts"
import type { Reader } from "./reader.ts"
import { pressesOf } from "./release-needs.ts"
import { isAmong, readStanding } from "./standing.ts"

/**
 * Reads first what those may do here who pressed a button on a release: in a public repository anybody can, and who may
 * not shall cost us no more than that. Gives the clicks that count for nothing, whatever else there is to know.
 */
export async function readPressers(
  input: ObserveInput,
  reader: Reader,
  findings: Findings,
): Promise<ReadonlySet<Signal>> {
  const { state, signals } = input
  const clicks = pressesOf(state, signals)
  const lines = allLines(state, new Map())
  // Owners have to be able to write: their teams are read of those alone whose press counts for anything.
  const teams = namedTeams(lines)
  const people = new Map(clicks.flatMap(({ by }) => (by.type === "User" ? [[by.login, by] as const] : [])))
  await readStandings(input, reader, findings, [...people.values()], teams)
  const standings = findings.facts().learned.standings
  return new Set(clicks.filter(({ by }) => !isAmong(own(standings, by.login), namedPeople(lines))))
}

/** What everybody may do here whose word counts for something in this run. */
export async function readPeople(
  input: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
): Promise<void> {
  const teams = teamsAsked(input.state, findings, allLines(input.state, lines))
  const known = findings.facts().learned.standings
  const isRead = ({ login }: Person) => teams.every((team) => own(own(known, login)?.teams, team) !== undefined)
  const unread = needed.people.filter((person) => !own(known, person.login) || !isRead(person))
  await readStandings(input, reader, findings, unread, teams)
}

async function readStandings(
  { now }: ObserveInput,
  reader: Reader,
  findings: Findings,
  people: readonly Person[],
  teams: readonly string[],
): Promise<void> {
  await Promise.all(
    people.map(async (person) => {
      const reading = await readStanding(reader, person, teams, now.toISOString())
      if (reading.is === "unknown") return findings.take("standings", person.login, reading)
      findings.take("standings", person.login, { is: "read", value: reading.value.standing })
      for (const [team, because] of Object.entries(reading.value.unreadTeams)) findings.unknown(`team:${team}`, because)
    }),
  )
}

/** Who may approve at all, where that is asked for or a line was read back. */
export async function readWhoMayApprove(
  { state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
): Promise<void> {
  if (!needed.approvers && ![...lines.values()].some((line) => line.readBack)) return
  const all = allLines(state, lines)
  const reading = await readApprovers(reader, teamsAsked(state, findings, all), namedBy(all))
  if (reading.is === "unknown") return findings.unknown("approvers", reading.because)
  findings.add({ approvers: reading.value.approvers })
  for (const [team, because] of Object.entries(reading.value.unreadTeams)) findings.unknown(`team:${team}`, because)
}

/** The teams that somebody's word may count by: those that files name, and those that own what open releases touch. */
function teamsAsked(state: State | undefined, findings: Findings, lines: readonly LineSeen[]): readonly string[] {
  const owners = { ...state?.owners, ...findings.facts().learned.owners }
  return [...new Set([...namedTeams(lines), ...teamsOwning(Object.values(owners))])]
}
