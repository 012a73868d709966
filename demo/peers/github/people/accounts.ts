import type { Role } from "../permissions.ts"
import type { OrganizationRow, TeamRow, UserRow } from "../rows.ts"
import {
  findOrganization,
  findUser,
  type GitHubState,
  insertUser,
  iso,
  nodeId,
  repositoryOf,
  userOf,
} from "../state.ts"

/** GitHub numbers users and organisations in one row; the emulator in two. This keeps them apart. */
const FIRST_ORGANIZATION = 100_000

/** Adds a person. Their commits are known by `email`. */
export function createUser(state: GitHubState, login: string, more: { name?: string; email?: string } = {}): UserRow {
  const known = findUser(state, login)
  if (known) return known
  const name = more.name ?? `${login.slice(0, 1).toUpperCase()}${login.slice(1)}`
  return insertUser(state, { login, type: "User", name, email: more.email ?? `${login}@example.com` })
}

/** Adds an organisation, its owners and members (created where they are new). */
export function createOrganization(
  state: GitHubState,
  login: string,
  people: { owners?: string[]; members?: string[]; basePermission?: Role } = {},
): OrganizationRow {
  const { orgs } = state.tables
  const known = findOrganization(state, login)
  const id = FIRST_ORGANIZATION + orgs.all().length
  const organization =
    known ??
    orgs.insert({ id, node_id: nodeId("Organization", id), login, name: login, default_repository_permission: "read" })
  if (people.basePermission) orgs.update(organization.id, { default_repository_permission: people.basePermission })
  const team = insertTeam(state, organization, "members", "pull")
  for (const person of people.owners ?? []) join(state, team, createUser(state, person), "maintainer")
  for (const person of people.members ?? []) join(state, team, createUser(state, person), "member")
  return organization
}

/** Adds a team with its members, who join the organisation too. */
export function createTeam(
  state: GitHubState,
  org: string,
  slug: string,
  members: string[],
  access: { repositories?: string[]; role?: Role; parent?: string } = {},
): TeamRow {
  const organization = createOrganization(state, org, { members })
  const team = insertTeam(state, organization, slug, access.role ?? "read")
  if (access.parent !== undefined)
    state.tables.teams.update(team.id, { parent_id: insertTeam(state, organization, access.parent, "read").id })
  for (const person of members) join(state, team, userOf(state, person), "member")
  for (const name of access.repositories ?? []) {
    state.tables.teamRepos.insert({ team_id: team.id, repo_id: repositoryOf(state, name).id })
  }
  return team
}

function insertTeam(state: GitHubState, organization: OrganizationRow, slug: string, permission: string): TeamRow {
  const { teams } = state.tables
  const known = teams.findBy("org_id", organization.id).find((row) => row.slug === slug)
  return known ?? teams.insert({ org_id: organization.id, slug, name: slug, permission, node_id: `team:${slug}` })
}

function join(state: GitHubState, team: TeamRow, user: UserRow, role: "member" | "maintainer"): void {
  const { teamMembers } = state.tables
  const known = teamMembers.findBy("team_id", team.id).find((row) => row.user_id === user.id)
  if (!known) teamMembers.insert({ team_id: team.id, user_id: user.id, role })
  else if (role === "maintainer") teamMembers.update(known.id, { role })
}

/** Gives people a role in the organisation. */
export function assignRole(state: GitHubState, org: string, name: string, people: string[]): void {
  const organization = findOrganization(state, org)
  if (!organization) throw new Error(`there is no organisation ${org}`)
  const { roles = [] } = organization
  const role = { id: 8_000 + roles.length, name, user_ids: people.map((login) => userOf(state, login).id) }
  state.tables.orgs.update(organization.id, { roles: [...roles, role] })
}

/** Gives a person another login, which sets the old one free for anybody. Their id stays. */
export function renameUser(state: GitHubState, from: string, to: string): void {
  const user = userOf(state, from)
  state.tables.users.update(user.id, { login: to })
  for (const holder of state.emulator.tokens.values()) if (holder.login === from) holder.login = to
}

/** Takes somebody out of the organisation, its teams included; what they were let into by name stays theirs. */
export function leaveOrganization(state: GitHubState, org: string, login: string): void {
  const organization = findOrganization(state, org)
  const user = userOf(state, login)
  const teams = organization ? state.tables.teams.findBy("org_id", organization.id) : []
  const rows = teams.flatMap((team) => state.tables.teamMembers.findBy("team_id", team.id))
  for (const row of rows.filter((one) => one.user_id === user.id)) state.tables.teamMembers.delete(row.id)
}

/** Suspends somebody, as a site admin of a GitHub Enterprise Server does. What they may do stays on the books. */
export function suspendUser(state: GitHubState, login: string): void {
  state.tables.users.update(userOf(state, login).id, { suspended_at: iso(new Date()) })
}

/** Takes somebody out of a team. */
export function leaveTeam(state: GitHubState, org: string, slug: string, login: string): void {
  const organization = findOrganization(state, org)
  const team = organization && state.tables.teams.findBy("org_id", organization.id).find((row) => row.slug === slug)
  const user = userOf(state, login)
  const row = team && state.tables.teamMembers.findBy("team_id", team.id).find((item) => item.user_id === user.id)
  if (!row) throw new Error(`${login} is not in ${org}/${slug}`)
  state.tables.teamMembers.delete(row.id)
}
