import type { Approvers } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import { readIsPersonal } from "./belonging.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"
import { isRole, readRole } from "./roles.ts"

export interface ApproversRead {
  readonly approvers: Approvers
  readonly unreadTeams: { readonly [team: string]: string }
}

/**
 * Who may push, outside collaborators left out, and the members of the teams that configuration and plan name.
 * https://docs.github.com/en/rest/collaborators/collaborators#list-repository-collaborators,
 * https://docs.github.com/en/rest/teams/members#list-team-members
 *
 * @param teams `org/slug`
 */
export async function readApprovers(reader: Reader, teams: readonly string[]): Promise<Read<ApproversRead>> {
  const [writers, ...members] = await Promise.all([
    readWriters(reader),
    ...teams.map(async (team) => [team, await readMembers(reader, team)] as const),
  ])
  if (writers.is === "unknown") return writers
  const known: { [team: string]: readonly Person[] } = {}
  const unreadTeams: { [team: string]: string } = {}
  for (const [team, people] of members) {
    if (people.is === "read") known[team] = people.value
    else unreadTeams[team] = people.because
  }
  return read({ approvers: { ...writers.value, teams: known }, unreadTeams })
}

/**
 * Outside collaborators never count. Of a person's own repository all collaborators may be called that, who are all that
 * it has; so the owner is asked for where there are some.
 * https://docs.github.com/en/rest/collaborators/collaborators#list-repository-collaborators: `affiliation`
 */
async function readOutside(reader: Reader): Promise<Read<ReadonlySet<number>>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listCollaborators({ ...at, affiliation: "outside" }),
    (items) => ({ items }),
  )
  if (answer.is === "refused")
    return unknown(`the outside collaborators could not be read: ${whyUnknown(answer.error)}`)
  if (answer.is === "too many") return unknown("there are too many outside collaborators to read")
  const isPersonal = answer.data.length > 0 ? await readIsPersonal(reader) : read(false)
  if (isPersonal.is === "unknown") return isPersonal
  return read(new Set(isPersonal.value ? [] : answer.data.map(({ id }) => id)))
}

async function readWriters(reader: Reader): Promise<Read<Pick<Approvers, "writers" | "admins">>> {
  const [answer, outside] = await Promise.all([
    reader.all(
      (at) => reader.rest.repos.listCollaborators({ ...at, permission: "push" }),
      (items) => ({ items }),
    ),
    readOutside(reader),
  ])
  if (outside.is === "unknown") return outside
  if (answer.is === "refused") return unknown(`the collaborators could not be read: ${whyUnknown(answer.error)}`)
  if (answer.is === "too many") return unknown("there are too many collaborators to read")
  // guard: outside-reviewer
  const inside = answer.data.filter(({ id }) => !outside.value.has(id))
  const writers = inside.filter((c) => c.permissions?.push !== false)
  const admins = writers.filter((c) => c.permissions?.admin === true && c.type === "User")
  return read({ writers: writers.map(person), admins: admins.map(person) })
}

async function readMembers(reader: Reader, team: string): Promise<Read<readonly Person[]>> {
  if (isRole(team)) return readRole(reader, team)
  const [org = "", team_slug = ""] = team.split("/")
  const answer = await reader.all(
    ({ request, per_page, page }) => reader.rest.teams.listMembersInOrg({ org, team_slug, request, per_page, page }),
    (items) => ({ items }),
  )
  if (answer.is === "answer") return read(answer.data.map(person))
  if (answer.is === "too many") return unknown(`the team ${team} has too many members to read`)
  if (answer.error.is === "gone") return unknown(`there is no team ${team} that Slipway can see; is its name right?`)
  return unknown(`the members of the team ${team} could not be read: ${whyUnknown(answer.error)}`)
}
