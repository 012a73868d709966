import type { AppRow, InstallationRow, OrganizationRow, TeamRow, UserRow } from "../rows.ts"
import { findOrganization, findUser, type GitHubState, iso, nodeId } from "../state.ts"

type Json = Record<string, unknown>

/** A user, bot or organisation as GitHub shows it inside other things ("simple user"). */
export function account(state: GitHubState, row: UserRow | OrganizationRow): Json {
  const type = "type" in row && (row.type === "User" || row.type === "Bot") ? row.type : "Organization"
  const api = `${state.url}/users/${encodeURIComponent(row.login)}`
  return {
    login: row.login,
    id: row.id,
    node_id: nodeId(type, row.id),
    avatar_url: `${state.url}/avatars/u/${row.id}`,
    gravatar_id: "",
    url: api,
    html_url: type === "Bot" ? `${state.url}/apps/${row.login.replace("[bot]", "")}` : `${state.url}/${row.login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    site_admin: false,
    user_view_type: "public",
  }
}

/** The user of that id, or GitHub's `null` for a deleted one. */
export function accountById(state: GitHubState, id: number | null): Json | null {
  const row = id === null ? undefined : state.tables.users.get(id)
  return row ? account(state, row) : null
}

/** A user as `GET /users/{username}` shows them. */
export function fullAccount(state: GitHubState, row: UserRow | OrganizationRow): Json {
  return {
    ...account(state, row),
    name: row.name,
    company: null,
    blog: "",
    location: null,
    email: "email" in row ? row.email : null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...("suspended_at" in row ? { suspended_at: row.suspended_at } : {}),
  }
}

/** An organisation as webhooks carry it. */
export function organizationSimple(state: GitHubState, row: OrganizationRow): Json {
  const api = `${state.url}/orgs/${row.login}`
  return {
    login: row.login,
    id: row.id,
    node_id: nodeId("Organization", row.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${state.url}/avatars/o/${row.id}`,
    description: null,
  }
}

/** An organisation as `GET /orgs/{org}` shows it. */
export function fullOrganization(state: GitHubState, row: OrganizationRow): Json {
  return {
    ...organizationSimple(state, row),
    name: row.name,
    html_url: `${state.url}/${row.login}`,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: "Organization",
    archived_at: null,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A team as GitHub lists it. */
export function team(state: GitHubState, row: TeamRow): Json {
  const login = state.tables.orgs.get(row.org_id)?.login ?? ""
  const api = `${state.url}/organizations/${row.org_id}/team/${row.id}`
  return {
    id: row.id,
    node_id: nodeId("Team", row.id),
    url: api,
    html_url: `${state.url}/orgs/${login}/teams/${row.slug}`,
    name: row.name,
    slug: row.slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: row.permission,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    parent: null,
  }
}

/** The account of that login, user or organisation; throws when there is none. */
function accountNamed(state: GitHubState, login: string): Json {
  const row = findUser(state, login) ?? findOrganization(state, login)
  if (!row) throw new Error(`the fake GitHub has no account ${login}`)
  return account(state, row)
}

/** An App as GitHub shows it inside check runs and deployments. */
export function integration(state: GitHubState, app: AppRow): Json {
  const own = app.app_id === state.app.row.app_id
  return {
    id: app.app_id,
    slug: app.slug,
    client_id: `Iv1.${app.app_id}`,
    node_id: nodeId("App", app.app_id),
    owner: own ? accountNamed(state, state.app.ownerLogin) : accountNamed(state, "github"),
    name: app.name,
    description: null,
    external_url: `${state.url}/apps/${app.slug}`,
    html_url: `${state.url}/apps/${app.slug}`,
    created_at: app.created_at,
    updated_at: app.updated_at,
    permissions: { metadata: "read", ...app.permissions },
    events: app.events,
  }
}

/** GitHub's own description of a suite's App does not know that an App can hear this. */
const UNDESCRIBED = ["deployment_protection_rule"]

/** The App of that id as GitHub shows it in what it made, or null. */
export function integrationById(state: GitHubState, appId: number | null): Json | null {
  const app = state.tables.apps.all().find((row) => row.app_id === appId)
  return app ? { ...integration(state, app), events: app.events.filter((event) => !UNDESCRIBED.includes(event)) } : null
}

/** An installation as `GET /app/installations` lists it. */
export function installation(state: GitHubState, row: InstallationRow): Json {
  const app = state.tables.apps.all().find((candidate) => candidate.app_id === row.app_id)
  return {
    id: row.installation_id,
    client_id: `Iv1.${row.app_id}`,
    account: accountNamed(state, row.account_login),
    repository_selection: row.repository_selection,
    access_tokens_url: `${state.url}/app/installations/${row.installation_id}/access_tokens`,
    repositories_url: `${state.url}/installation/repositories`,
    html_url: `${state.url}/organizations/${row.account_login}/settings/installations/${row.installation_id}`,
    app_id: row.app_id,
    app_slug: app?.slug ?? "",
    target_id: row.account_id,
    target_type: row.account_type,
    permissions: { metadata: "read", ...row.permissions },
    events: row.events,
    created_at: row.created_at ? iso(new Date(row.created_at)) : iso(state.now()),
    updated_at: row.updated_at ? iso(new Date(row.updated_at)) : iso(state.now()),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: row.suspended_at,
  }
}
