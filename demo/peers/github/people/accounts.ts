import { installationToken } from "../callers.ts"
import { type Files, setRef, writeCommit, writeTree } from "../commit.ts"
import { emit, markPushed, shared } from "../events.ts"
import { manifestGrants } from "../manifest.ts"
import { type Role, roleNamed } from "../permissions.ts"
import type { AppRow, InstallationRow, OrganizationRow, RepositoryRow, TeamRow, UserRow } from "../rows.ts"
import { installation as installationShape } from "../shapes/accounts.ts"
import {
  botOf,
  findOrganization,
  findRepository,
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
const ACTIONS_APP = 15_368

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
  access: { repositories?: string[]; role?: Role } = {},
): TeamRow {
  const organization = createOrganization(state, org, { members })
  const team = insertTeam(state, organization, slug, access.role ?? "read")
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

/** Takes somebody out of a team. */
export function leaveTeam(state: GitHubState, org: string, slug: string, login: string): void {
  const organization = findOrganization(state, org)
  const team = organization && state.tables.teams.findBy("org_id", organization.id).find((row) => row.slug === slug)
  const user = userOf(state, login)
  const row = team && state.tables.teamMembers.findBy("team_id", team.id).find((item) => item.user_id === user.id)
  if (!row) throw new Error(`${login} is not in ${org}/${slug}`)
  state.tables.teamMembers.delete(row.id)
}

/** What a new repository is to be. */
export type NewRepository = {
  owner: string
  name: string
  defaultBranch?: string
  /** Files of its first commit; an empty object makes an empty repository. A README where absent. */
  files?: Files
  private?: boolean
  /** Author of the first commit. */
  by?: string
}

/** Adds a repository with one commit, without webhooks: it was there before the App. */
export async function createRepository(state: GitHubState, wanted: NewRepository): Promise<RepositoryRow> {
  const fullName = `${wanted.owner}/${wanted.name}`
  if (findRepository(state, fullName)) throw new Error(`${fullName} exists already`)
  const organization = findOrganization(state, wanted.owner)
  const owner = organization ?? userOf(state, wanted.owner)
  const repository = state.tables.repos.insert({
    ...REPOSITORY_DEFAULTS,
    name: wanted.name,
    full_name: fullName,
    owner_id: owner.id,
    owner_type: organization ? "Organization" : "User",
    private: wanted.private ?? false,
    default_branch: wanted.defaultBranch ?? "main",
  })
  const files = wanted.files ?? { "README.md": `# ${wanted.name}\n` }
  if (Object.keys(files).length === 0) return repository
  const by = wanted.by ? userOf(state, wanted.by) : undefined
  const commit = await writeCommit(state, repository, {
    message: "Initial commit",
    tree: await writeTree(state, repository, undefined, files),
    parents: [],
    author: by
      ? { name: by.name ?? by.login, email: by.email ?? "" }
      : { name: wanted.owner, email: `${wanted.owner}@users.noreply.github.com` },
  })
  setRef(state, repository, `refs/heads/${repository.default_branch}`, commit.sha)
  markPushed(state, repository, commit.sha)
  return state.tables.repos.get(repository.id) as RepositoryRow
}

/** Renames a repository and sends `repository.renamed`. */
export function renameRepository(state: GitHubState, repo: string, name: string, by: string): void {
  const before = repositoryOf(state, repo)
  const full_name = `${before.full_name.split("/")[0]}/${name}`
  const row = state.tables.repos.update(before.id, { name, full_name }) as RepositoryRow
  const changes = { repository: { name: { from: before.name } } }
  emit(state, row, userOf(state, by), "repository", { action: "renamed", changes })
}

/** Makes another branch the default one and sends `repository.edited`. */
export function setDefaultBranch(state: GitHubState, repo: string, branch: string, by: string): void {
  const before = repositoryOf(state, repo)
  const row = state.tables.repos.update(before.id, { default_branch: branch }) as RepositoryRow
  const changes = { default_branch: { from: before.default_branch } }
  emit(state, row, userOf(state, by), "repository", { action: "edited", changes })
}

/** Changes which repositories an installation holds, and sends `installation_repositories`. */
export function changeInstalledRepositories(
  state: GitHubState,
  owner: string,
  change: { added?: string[]; removed?: string[]; by: string },
): void {
  const row = installationOf(state, owner)
  const all = state.tables.repos.all().filter((item) => item.full_name.startsWith(`${owner}/`))
  const held = row.repository_selection === "all" ? all.map((item) => item.id) : row.repository_ids
  const ids = (names: string[] = []) => names.map((name) => repositoryOf(state, name).id)
  const [added, removed] = [ids(change.added), ids(change.removed)]
  state.tables.appInstallations.update(row.id, {
    repository_selection: "selected",
    repository_ids: [...new Set([...held, ...added])].filter((id) => !removed.includes(id)),
  })
  const brief = (list: number[]) => list.map((id) => briefRepository(state.tables.repos.get(id) as RepositoryRow))
  const changed = installationOf(state, owner)
  const { installation: _, ...parts } = shared(state, changed, userOf(state, change.by))
  state.deliver("installation_repositories", {
    action: added.length > 0 ? "added" : "removed",
    installation: installationShape(state, changed),
    repository_selection: "selected",
    repositories_added: brief(added),
    repositories_removed: brief(removed),
    requester: null,
    ...parts,
  })
}

const briefRepository = ({ id, name, full_name, private: hidden }: RepositoryRow) => ({
  id,
  node_id: nodeId("Repository", id),
  name,
  full_name,
  private: hidden,
})

/** What the emulator's own formatters expect of a repository. */
const REPOSITORY_DEFAULTS = {
  node_id: "repository",
  description: null,
  open_issues_count: 0,
  archived: false,
  pushed_at: null,
  delete_branch_on_merge: false,
  has_issues: true,
  allow_rebase_merge: true,
  allow_squash_merge: true,
  allow_merge_commit: true,
  topics: [],
  languages: {},
}

/** Lets somebody into a repository with a role; `none` takes them out. */
export function addCollaborator(state: GitHubState, repo: string, login: string, role: Role): void {
  const { collaborators } = state.tables
  const repository = repositoryOf(state, repo)
  const user = userOf(state, login)
  const known = collaborators.findBy("repo_id", repository.id).find((row) => row.user_id === user.id)
  const permission = { write: "push", read: "pull" }[role as string] ?? role
  if (known) collaborators.delete(known.id)
  if (roleNamed(role) !== "none") collaborators.insert({ repo_id: repository.id, user_id: user.id, permission })
}

/** Installs the App on an account and sends `installation.created`. Returns the installation's id. */
export function installApp(
  state: GitHubState,
  owner: string,
  by: string | undefined,
  grants: { permissions?: Record<string, string>; events?: string[]; repositories?: string[] } = {},
): number {
  const row = insertInstallation(state, state.app.row, owner, { ...manifestGrants(), ...grants })
  if (grants.repositories) {
    state.tables.appInstallations.update(row.id, {
      repository_selection: "selected",
      repository_ids: grants.repositories.map((name) => repositoryOf(state, name).id),
    })
  }
  emitInstallation(state, row, "created", by)
  return row.installation_id
}

/** Takes the App off an account: its tokens stop working, and `installation.deleted` is sent. */
export function uninstall(state: GitHubState, owner: string, by: string | undefined): void {
  const row = installationOf(state, owner)
  state.tables.appInstallations.delete(row.id)
  for (const [token, holder] of state.emulator.tokens) {
    if (holder.installation?.installationId === row.installation_id) state.emulator.tokens.delete(token)
  }
  emitInstallation(state, row, "deleted", by)
}

/** Changes what an installation may do, for its present tokens too. */
export function setPermissions(state: GitHubState, owner: string, permissions: Record<string, string>): void {
  const row = installationOf(state, owner)
  state.tables.appInstallations.update(row.id, { permissions })
  for (const { installation } of state.emulator.tokens.values()) {
    if (installation?.installationId === row.installation_id) installation.permissions = permissions
  }
}

function installationOf(state: GitHubState, owner: string): InstallationRow {
  const rows = state.tables.appInstallations.findBy("app_id", state.app.row.app_id)
  const row = rows.find((candidate) => candidate.account_login === owner)
  if (!row) throw new Error(`the App is not installed on ${owner}`)
  return row
}

function insertInstallation(
  state: GitHubState,
  app: AppRow,
  owner: string,
  grants: { permissions: Record<string, string>; events: string[] },
): InstallationRow {
  const organization = findOrganization(state, owner)
  const account = organization ?? userOf(state, owner)
  botOf(state, app)
  return state.tables.appInstallations.insert({
    installation_id: state.nextId(),
    app_id: app.app_id,
    account_type: organization ? "Organization" : "User",
    account_id: account.id,
    account_login: account.login,
    repository_selection: "all",
    repository_ids: [],
    permissions: grants.permissions,
    events: grants.events,
    suspended_at: null,
  })
}

function emitInstallation(state: GitHubState, row: InstallationRow, action: string, by: string | undefined): void {
  const organization = findOrganization(state, row.account_login)
  const sender = by ? userOf(state, by) : organization ? botOf(state, state.app.row) : userOf(state, row.account_login)
  const repositories = state.tables.repos
    .all()
    .filter((repository) => repository.full_name.startsWith(`${row.account_login}/`))
    .map(briefRepository)
  const { installation: _, ...parts } = shared(state, row, sender)
  state.deliver("installation", {
    action,
    installation: installationShape(state, row),
    repositories,
    ...(action === "created" ? { requester: null } : {}),
    ...parts,
  })
}

/** A token of another App (GitHub Actions, or one of that slug) on the account of a repository. */
export function otherAppToken(state: GitHubState, repository: RepositoryRow, slug: string): string {
  const { apps, appInstallations } = state.tables
  const known = apps.findOneBy("slug", slug)
  const app = known ?? insertApp(state, slug)
  const owner = repository.full_name.split("/")[0] ?? ""
  const row =
    appInstallations.findBy("app_id", app.app_id).find((candidate) => candidate.account_login === owner) ??
    insertInstallation(state, app, owner, { permissions: { checks: "write", statuses: "write" }, events: [] })
  return installationToken(state, row)
}

function insertApp(state: GitHubState, slug: string): AppRow {
  const id = slug === "github-actions" ? ACTIONS_APP : ACTIONS_APP + state.nextId()
  return state.tables.apps.insert({
    node_id: nodeId("App", id),
    app_id: id,
    slug,
    name: slug,
    private_key: "",
    permissions: {},
    events: [],
    created_at: iso(state.now()),
  })
}
