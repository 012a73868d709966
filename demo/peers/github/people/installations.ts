import { installationToken } from "../callers.ts"
import { shared } from "../events.ts"
import { manifestGrants } from "../manifest.ts"
import type { AppRow, InstallationRow, RepositoryRow } from "../rows.ts"
import { installation as installationShape } from "../shapes/accounts.ts"
import { botOf, findOrganization, type GitHubState, iso, nodeId, repositoryOf, userOf } from "../state.ts"

const ACTIONS_APP = 15_368

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

/** Locks the App out of an account for a while, and sends `installation.suspend`. */
export function suspendInstallation(state: GitHubState, owner: string, by: string): void {
  const row = installationOf(state, owner)
  state.tables.appInstallations.update(row.id, { suspended_at: iso(state.now()) })
  emitInstallation(state, installationOf(state, owner), "suspend", by)
}

/** Lets it in again, and sends `installation.unsuspend`. */
export function unsuspendInstallation(state: GitHubState, owner: string, by: string): void {
  const row = installationOf(state, owner)
  state.tables.appInstallations.update(row.id, { suspended_at: null })
  emitInstallation(state, installationOf(state, owner), "unsuspend", by)
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

/** The token that GitHub gives to a job of a workflow, with the `permissions` that the workflow asks for. */
export function jobToken(state: GitHubState, repo: string, permissions: Record<string, string>): string {
  const repository = repositoryOf(state, repo)
  otherAppToken(state, repository, "github-actions")
  const row = state.tables.appInstallations
    .findBy("app_id", ACTIONS_APP)
    .find((candidate) => repository.full_name.startsWith(`${candidate.account_login}/`))
  if (!row) throw new Error(`GitHub Actions is not installed for ${repo}`)
  return installationToken(state, { ...row, permissions })
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
