import type { Approvers } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import { readIsMember, readIsPersonal } from "./belonging.ts"
import { type Named, readLeft } from "./left.ts"
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
 * @param people whom rules name by login
 */
export async function readApprovers(
  reader: Reader,
  teams: readonly string[],
  people: Named = NOBODY,
): Promise<Read<ApproversRead>> {
  const [writers, ...members] = await Promise.all([
    readWriters(reader),
    ...teams.map(async (team) => [team, await readMembers(reader, team)] as const),
  ])
  if (writers.is === "unknown") return writers
  const known: { [team: string]: readonly Person[] } = {}
  const unreadTeams: { [team: string]: string } = {}
  const unseen: string[] = []
  for (const [team, people] of members) {
    if (people.is === "read") known[team] = people.value
    else unreadTeams[team] = people.because
    if (people.is === "unknown" && people.unseen) unseen.push(team)
  }
  const foreign = Object.keys(unreadTeams).filter((team) => !isOwnTeam(reader, team))
  const gone = [...foreign, ...(await goneOf(reader, unseen, writers.value.writers))]
  const left = await readLeft(reader, people, writers.value.writers)
  const approvers = {
    ...writers.value,
    teams: known,
    ...(gone.length > 0 ? { gone } : {}),
    ...(left.length > 0 ? { left } : {}),
  }
  return read({ approvers, unreadTeams })
}

const NOBODY: Named = { named: [], replaced: [] }

/** Teams of another organisation own nothing here, and their members are shown to nobody here. */
const isOwnTeam = ({ repo }: Reader, team: string): boolean =>
  team.split("/")[0]?.toLowerCase() === repo.owner.toLowerCase()

/**
 * Teams that are none. That GitHub shows no team of the name may only mean that Slipway may see none: so one of the people
 * is asked for, whose membership takes the same permission.
 * https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user
 */
async function goneOf(
  reader: Reader,
  unseen: readonly string[],
  writers: readonly Person[],
): Promise<readonly string[]> {
  const mine = unseen.filter((team) => isOwnTeam(reader, team))
  const somebody = writers.find(({ type }) => type === "User")
  return mine.length > 0 && somebody && (await readIsMember(reader, somebody)) ? mine : []
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

/** `unseen`: GitHub says that it knows no such team. */
type MembersRead = Read<readonly Person[]> & { readonly unseen?: true }

async function readMembers(reader: Reader, team: string): Promise<MembersRead> {
  if (isRole(team)) return readRole(reader, team)
  const [org = "", team_slug = ""] = team.split("/")
  const answer = await reader.all(
    ({ request, per_page, page }) => reader.rest.teams.listMembersInOrg({ org, team_slug, request, per_page, page }),
    (items) => ({ items }),
  )
  if (answer.is === "answer") return read(answer.data.map(person))
  if (answer.is === "too many") return unknown(`the team ${team} has too many members to read`)
  if (answer.error.is === "gone")
    return { ...unknown(`there is no team ${team} that Slipway can see; is its name right?`), unseen: true }
  return unknown(`the members of the team ${team} could not be read: ${whyUnknown(answer.error)}`)
}
