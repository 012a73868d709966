import type { Call } from "../call.ts"
import { type Endpoint, list, ok, type RepositoryEndpoint } from "../call.ts"
import { atLeast, authorizeOrganization, organizationRole, type Role, roleNamed, roleOf } from "../permissions.ts"
import type { OrganizationRow, TeamRow, UserRow } from "../rows.ts"
import { account, fullAccount, fullOrganization, organizationSimple, team } from "../shapes/accounts.ts"
import { findOrganization, findUser, type GitHubState, notFound } from "../state.ts"

const getUser: Endpoint = ({ state, params }) => {
  const row = findUser(state, params.username ?? "") ?? findOrganization(state, params.username ?? "")
  if (!row) throw notFound()
  return ok(fullAccount(state, row))
}

const getAuthenticated: Endpoint = ({ state, caller }) => {
  if (caller.kind !== "person") throw notFound()
  return ok(fullAccount(state, caller.user))
}

const listCollaborators: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const wanted = roleNamed(request.query.get("permission") ?? "pull")
  const people = state.tables.users
    .all()
    .filter((user) => user.type === "User" && isCollaborator(state, call, user))
    .filter((user) => atLeast(roleOf(state, repository, user), wanted))
    .filter((user) => request.query.get("affiliation") !== "outside" || isOutside(state, call, user))
  return list(call, people, (user) => {
    const role = roleOf(state, repository, user)
    return { ...account(state, user), permissions: permissions(role), role_name: role }
  })
}

/** Everybody may read a public repository; a collaborator is one who was let in. */
function isCollaborator(state: GitHubState, call: Parameters<RepositoryEndpoint>[0], user: UserRow): boolean {
  const { repository } = call
  const asIfPrivate = { ...repository, private: true }
  return roleOf(state, asIfPrivate, user) !== "none"
}

/** Of a person's own repository everybody but them is. */
function isOutside(state: GitHubState, { repository }: Parameters<RepositoryEndpoint>[0], user: UserRow): boolean {
  if (repository.owner_type === "User") return repository.owner_id !== user.id
  const organization = state.tables.orgs.get(repository.owner_id)
  return !organization || organizationRole(state, organization.login, user) === undefined
}

const permissionLevel: RepositoryEndpoint = ({ state, repository, params }) => {
  const user = findUser(state, params.username ?? "")
  if (!user) throw notFound()
  const role = roleOf(state, repository, user)
  const legacy: Record<Role, string> = {
    admin: "admin",
    maintain: "write",
    write: "write",
    triage: "read",
    read: "read",
    none: "none",
  }
  return ok({
    permission: legacy[role],
    role_name: role,
    user: { ...account(state, user), permissions: permissions(role), role_name: role },
  })
}

/** What a role comes to, as GitHub lists it. */
export function permissions(role: Role): Record<string, boolean> {
  return {
    pull: atLeast(role, "read"),
    triage: atLeast(role, "triage"),
    push: atLeast(role, "write"),
    maintain: atLeast(role, "maintain"),
    admin: atLeast(role, "admin"),
  }
}

const teamMembership: Endpoint = (call) => {
  const { state, params } = call
  authorizeOrganization(call.caller, "teams/get-membership-for-user-in-org")
  const { organization, row } = findTeam(call)
  const user = findUser(state, params.username ?? "")
  const member = membersWithin(state, row).find((item) => item.user_id === user?.id)
  if (!user || !member) throw notFound()
  return ok({
    url: `${state.url}/organizations/${organization.id}/team/${row.id}/memberships/${user.login}`,
    role: member.role,
    state: "active",
  })
}

const teamMembers: Endpoint = (call) => {
  authorizeOrganization(call.caller, "teams/list-members-in-org")
  const { row } = findTeam(call)
  const ids = new Set(membersWithin(call.state, row).map((member) => member.user_id))
  const people = [...ids].flatMap((id) => call.state.tables.users.get(id) ?? [])
  return list(call, people, (user) => account(call.state, user))
}

/** "Team members will include the members of child teams." https://docs.github.com/en/rest/teams/members#list-team-members */
function membersWithin(state: GitHubState, row: TeamRow): readonly { user_id: number; role: string }[] {
  const { tables } = state
  const children = tables.teams.findBy("org_id", row.org_id).filter((team) => team.parent_id === row.id)
  const inherited = children.flatMap((child) => membersWithin(state, child))
  return [...tables.teamMembers.findBy("team_id", row.id), ...inherited]
}

const getTeam: Endpoint = (call) => {
  authorizeOrganization(call.caller, "teams/get-by-name")
  const { organization, row } = findTeam(call)
  const { state } = call
  return ok({
    ...team(state, row),
    created_at: row.created_at,
    updated_at: row.updated_at,
    members_count: state.tables.teamMembers.findBy("team_id", row.id).length,
    repos_count: state.tables.teamRepos.findBy("team_id", row.id).length,
    type: "organization",
    organization: fullOrganization(state, organization),
  })
}

/** The emulator keeps an organisation's members in a team "members", which GitHub does not have. */
function findTeam({ state, params }: Call): { organization: OrganizationRow; row: TeamRow } {
  const organization = findOrganization(state, params.org ?? "")
  const row =
    organization && state.tables.teams.findBy("org_id", organization.id).find((t) => t.slug === params.team_slug)
  if (!organization || !row || row.slug === "members") throw notFound()
  return { organization, row }
}

const getOrganization: Endpoint = ({ state, params }) => {
  const row = findOrganization(state, params.org ?? "")
  if (!row) throw notFound()
  return ok(fullOrganization(state, row))
}

const organizationMembership: Endpoint = (call) => {
  authorizeOrganization(call.caller, "orgs/get-membership-for-user")
  const { state, params } = call
  const organization = findOrganization(state, params.org ?? "")
  const user = findUser(state, params.username ?? "")
  const role = organization && user && organizationRole(state, organization.login, user)
  if (!organization || !user || !role) throw notFound()
  const api = `${state.url}/orgs/${organization.login}`
  return ok({
    url: `${api}/memberships/${user.login}`,
    state: "active",
    role,
    organization_url: api,
    organization: organizationSimple(state, organization),
    user: account(state, user),
  })
}

const listRoles: Endpoint = (call) => {
  authorizeOrganization(call.caller, "orgs/list-org-roles")
  const organization = findOrganization(call.state, call.params.org ?? "")
  if (!organization) throw notFound()
  const roles = (organization.roles ?? []).map(({ id, name }) => ({
    id,
    name,
    description: null,
    permissions: [],
    organization: null,
    source: "Organization",
    created_at: organization.created_at,
    updated_at: organization.updated_at,
  }))
  return ok({ total_count: roles.length, roles })
}

const listRoleUsers: Endpoint = (call) => {
  authorizeOrganization(call.caller, "orgs/list-org-role-users")
  const { state, params } = call
  const role = findOrganization(state, params.org ?? "")?.roles?.find(({ id }) => String(id) === params.role_id)
  if (!role) throw notFound()
  const people = role.user_ids.flatMap((id) => state.tables.users.get(id) ?? [])
  return list(call, people, (user) => ({ ...account(state, user), assignment: "direct" }))
}

export const accountEndpoints: Record<string, Endpoint> = {
  "users/get-by-username": getUser,
  "users/get-authenticated": getAuthenticated,
  "teams/get-membership-for-user-in-org": teamMembership,
  "teams/list-members-in-org": teamMembers,
  "teams/get-by-name": getTeam,
  "orgs/get": getOrganization,
  "orgs/get-membership-for-user": organizationMembership,
  "orgs/list-org-roles": listRoles,
  "orgs/list-org-role-users": listRoleUsers,
}

export const collaboratorEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/list-collaborators": listCollaborators,
  "repos/get-collaborator-permission-level": permissionLevel,
}
