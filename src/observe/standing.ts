import type { Standing } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import { readBelonging } from "./belonging.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"
import { isRole, readRole } from "./roles.ts"

const PERMISSIONS = ["admin", "maintain", "write", "triage", "read", "none"] as const
type Permission = Standing["permission"]

/** What a person may do here, and which of the teams they are in; teams that could not be read, with the reason. */
export interface StandingRead {
  readonly standing: Standing
  readonly unreadTeams: { readonly [team: string]: string }
}

/**
 * @param teams `org/slug`, those that configuration and plan name
 * @param at ISO 8601
 */
export async function readStanding(
  reader: Reader,
  person: Person,
  teams: readonly string[],
  at: string,
): Promise<Read<StandingRead>> {
  const [permission, belongs, ...members] = await Promise.all([
    readPermission(reader, person),
    readBelonging(reader, person),
    ...teams.map(async (team) => [team, await readMembership(reader, team, person)] as const),
  ])
  if (permission.is === "unknown") return permission
  if (belongs.is === "unknown") return belongs
  const inTeams: { [team: string]: boolean } = {}
  const unreadTeams: { [team: string]: string } = {}
  for (const [team, is] of members) {
    if (is.is === "read") inTeams[team] = is.value
    else unreadTeams[team] = is.because
  }
  return read({
    standing: { person, permission: permission.value, teams: inTeams, belongs: belongs.value, at },
    unreadTeams,
  })
}

/**
 * Whether somebody's click may count under any rule: who has more than read access, is in one of the teams that were
 * asked for, or is named.
 *
 * @param named logins
 */
export function isAmong(standing: Standing | undefined, named: readonly string[]): boolean {
  if (!standing) return false
  const { permission, teams, person } = standing
  if (!["read", "none"].includes(permission) || Object.values(teams).includes(true)) return true
  return named.some((login) => login.toLowerCase() === person.login.toLowerCase())
}

/**
 * `permission` knows four words, `role_name` also maintain, triage and an organisation's own roles, which stand on one
 * of the four. 404: nobody of this repository.
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 *
 * A login that was given up can be taken by somebody else, whose permissions say nothing about the one before.
 * https://docs.github.com/en/account-and-profile/concepts/username-changes
 */
async function readPermission(reader: Reader, { login: username, id }: Person): Promise<Read<Permission>> {
  const answer = await reader.ask((at) => reader.rest.repos.getCollaboratorPermissionLevel({ ...at, username }))
  if (answer.is === "refused") {
    if (answer.error.is === "gone") return read("none")
    return unknown(`what @${username} may do here could not be read: ${whyUnknown(answer.error)}`)
  }
  const { role_name: role, permission, user } = answer.data
  // guard: taken-over-login
  if (user && String(user.id) !== id) return unknown(`@${username} is another account now than the one that decided`)
  return read(PERMISSIONS.find((p) => p === role) ?? PERMISSIONS.find((p) => p === permission) ?? "none")
}

/** https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user: 404 is "no", pending is not yet. */
async function readMembership(reader: Reader, team: string, { login: username, id }: Person): Promise<Read<boolean>> {
  if (isRole(team)) {
    const users = await readRole(reader, team)
    return users.is === "read" ? read(users.value.some((user) => user.id === id)) : users
  }
  const [org = "", team_slug = ""] = team.split("/")
  const answer = await reader.ask((at) =>
    reader.rest.teams.getMembershipForUserInOrg({ org, team_slug, username, request: at.request }),
  )
  if (answer.is === "answer") return read(answer.data.state === "active")
  if (answer.error.is === "gone") return read(false)
  return unknown(`whether @${username} is in the team ${team} could not be read: ${whyUnknown(answer.error)}`)
}
