import type { Caller } from "./callers.ts"
import type { RepositoryRow, TeamRow, UserRow } from "./rows.ts"
import { findOrganization, forbidden, type GitHubState, installationFor, notFound } from "./state.ts"

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none"
const ORDER: Role[] = ["none", "read", "triage", "write", "maintain", "admin"]

/** The permission that an App needs for an operation: GitHub's documentation, "Permissions required for GitHub Apps". */
const NEEDED: Record<string, readonly [permission: string, access: "read" | "write"]> = {
  "repos/get": ["metadata", "read"],
  "repos/get-branch": ["contents", "read"],
  "repos/list-branches": ["contents", "read"],
  "repos/get-content": ["contents", "read"],
  "repos/create-or-update-file-contents": ["contents", "write"],
  "repos/list-commits": ["contents", "read"],
  "repos/get-commit": ["contents", "read"],
  "repos/compare-commits": ["contents", "read"],
  "repos/list-tags": ["metadata", "read"],
  "repos/list-pull-requests-associated-with-commit": ["pull_requests", "read"],
  "repos/list-activities": ["contents", "read"],
  "repos/create-commit-status": ["statuses", "write"],
  "repos/list-commit-statuses-for-ref": ["statuses", "read"],
  "repos/get-combined-status-for-ref": ["statuses", "read"],
  "repos/create-deployment": ["deployments", "write"],
  "repos/get-deployment": ["deployments", "read"],
  "repos/list-deployments": ["deployments", "read"],
  "repos/create-deployment-status": ["deployments", "write"],
  "repos/list-deployment-statuses": ["deployments", "read"],
  "repos/get-deployment-status": ["deployments", "read"],
  "repos/create-release": ["contents", "write"],
  "repos/update-release": ["contents", "write"],
  "repos/delete-release": ["contents", "write"],
  "repos/get-release": ["contents", "read"],
  "repos/list-releases": ["contents", "read"],
  "repos/get-latest-release": ["contents", "read"],
  "repos/get-release-by-tag": ["contents", "read"],
  "repos/get-branch-rules": ["metadata", "read"],
  "repos/get-branch-protection": ["administration", "read"],
  "repos/list-collaborators": ["metadata", "read"],
  "repos/get-collaborator-permission-level": ["metadata", "read"],
  "checks/create": ["checks", "write"],
  "checks/update": ["checks", "write"],
  "checks/rerequest-run": ["checks", "write"],
  "checks/get": ["checks", "read"],
  "checks/list-for-ref": ["checks", "read"],
  "checks/list-suites-for-ref": ["checks", "read"],
  "checks/list-annotations": ["checks", "read"],
  "git/create-ref": ["contents", "write"],
  "git/update-ref": ["contents", "write"],
  "git/delete-ref": ["contents", "write"],
  "git/get-ref": ["contents", "read"],
  "git/list-matching-refs": ["contents", "read"],
  "git/create-tag": ["contents", "write"],
  "git/get-tag": ["contents", "read"],
  "git/get-commit": ["contents", "read"],
  "git/create-commit": ["contents", "write"],
  "git/get-tree": ["contents", "read"],
  "git/create-tree": ["contents", "write"],
  "git/get-blob": ["contents", "read"],
  "git/create-blob": ["contents", "write"],
  "issues/create": ["issues", "write"],
  "issues/update": ["issues", "write"],
  "issues/get": ["issues", "read"],
  "issues/list-for-repo": ["issues", "read"],
  "issues/create-comment": ["issues", "write"],
  "issues/update-comment": ["issues", "write"],
  "issues/delete-comment": ["issues", "write"],
  "issues/list-comments": ["issues", "read"],
  "issues/get-comment": ["issues", "read"],
  "issues/add-labels": ["issues", "write"],
  "issues/remove-label": ["issues", "write"],
  "issues/create-label": ["issues", "write"],
  "issues/list-labels-for-repo": ["issues", "read"],
  "issues/get-label": ["issues", "read"],
  "pulls/list": ["pull_requests", "read"],
  "pulls/get": ["pull_requests", "read"],
  "pulls/create": ["pull_requests", "write"],
  "pulls/update": ["pull_requests", "write"],
  "pulls/merge": ["contents", "write"],
  "pulls/list-commits": ["pull_requests", "read"],
  "pulls/list-files": ["pull_requests", "read"],
  "pulls/list-reviews": ["pull_requests", "read"],
  "pulls/create-review": ["pull_requests", "write"],
  "teams/get-membership-for-user-in-org": ["members", "read"],
  "teams/list-members-in-org": ["members", "read"],
  "teams/get-by-name": ["members", "read"],
  "orgs/get-membership-for-user": ["members", "read"],
  "orgs/list-org-roles": ["organization_custom_org_roles", "read"],
  "orgs/list-org-role-users": ["organization_custom_org_roles", "read"],
  "actions/list-repo-workflows": ["actions", "read"],
  "actions/create-workflow-dispatch": ["actions", "write"],
  "actions/list-workflow-runs": ["actions", "read"],
  "actions/list-workflow-runs-for-repo": ["actions", "read"],
  "actions/get-workflow-run": ["actions", "read"],
  "actions/review-custom-gates-for-run": ["deployments", "write"],
  "actions/get-pending-deployments-for-run": ["actions", "read"],
  "repos/create-dispatch-event": ["contents", "write"],
  "repos/list-release-assets": ["contents", "read"],
  "repos/get-release-asset": ["contents", "read"],
  "repos/upload-release-asset": ["contents", "write"],
  "repos/delete-release-asset": ["contents", "write"],
  "code-scanning/list-recent-analyses": ["security_events", "read"],
  "code-scanning/list-alerts-for-repo": ["security_events", "read"],
  "dependabot/list-alerts-for-repo": ["vulnerability_alerts", "read"],
  "repos/get-environment": ["actions", "read"],
  "repos/list-attestations": ["attestations", "read"],
  "repos/get-all-deployment-protection-rules": ["actions", "read"],
  "repos/get-repo-rulesets": ["metadata", "read"],
  "repos/get-repo-ruleset": ["metadata", "read"],
}

/** Writes that a person may do without push access; a pull request from a fork is one. */
const OPEN_WRITES = new Set([
  "issues/create",
  "issues/create-comment",
  // Whoever opened an issue may edit it: the endpoint looks.
  "issues/update",
  "pulls/create-review",
  "pulls/create",
])

/** Writes for which triage is enough. */
const TRIAGED = new Set(["issues/add-labels", "issues/remove-label"])

/** Throws GitHub's refusal unless the caller may do the operation on that repository. */
export function authorize(state: GitHubState, caller: Caller, operation: string, repository: RepositoryRow): void {
  const [name, access] = NEEDED[operation] ?? ["metadata", "read"]
  if (caller.kind === "installation") {
    // A token is good for the account that it was made for; elsewhere it reads what everybody may read.
    const own = installationFor(state, repository, caller.app.app_id)?.account_login === caller.accountLogin
    if (own) grant(caller.permissions, name, access)
    else if (repository.private) throw notFound()
    else if (access === "write") throw forbidden("Resource not accessible by integration")
    return
  }
  if (caller.kind !== "person") {
    if (repository.private || access === "write") throw notFound()
    return
  }
  const role = roleOf(state, repository, caller.user)
  if (role === "none") throw notFound()
  const least = TRIAGED.has(operation) ? "triage" : "write"
  if (access === "write" && !OPEN_WRITES.has(operation) && !atLeast(role, least)) {
    throw forbidden("Must have push access to repository")
  }
}

/** Throws GitHub's refusal unless an App with these permissions may do an operation on an organisation. */
export function authorizeOrganization(caller: Caller, operation: string): void {
  const needed = NEEDED[operation]
  if (caller.kind === "installation" && needed) grant(caller.permissions, needed[0], needed[1])
}

function grant(permissions: Record<string, string>, name: string, access: "read" | "write"): void {
  const granted = name === "metadata" ? "read" : permissions[name]
  if (granted === "write" || granted === "admin" || granted === access) return
  throw forbidden("Resource not accessible by integration", { "x-accepted-github-permissions": `${name}=${access}` })
}

/** True when `role` includes `wanted`. */
export const atLeast = (role: Role, wanted: Role): boolean => ORDER.indexOf(role) >= ORDER.indexOf(wanted)

/** The highest role of a user on a repository, by ownership, organisation, teams and invitation. */
export function roleOf(state: GitHubState, repository: RepositoryRow, user: UserRow): Role {
  const roles: Role[] = [repository.private ? "none" : "read"]
  if (repository.owner_type === "User" && repository.owner_id === user.id) roles.push("admin")
  for (const row of state.tables.collaborators.findBy("repo_id", repository.id)) {
    if (row.user_id === user.id) roles.push(roleNamed(row.permission))
  }
  if (repository.owner_type === "Organization") roles.push(...organizationRoles(state, repository, user))
  return roles.reduce((best, role) => (atLeast(role, best) ? role : best))
}

function organizationRoles(state: GitHubState, repository: RepositoryRow, user: UserRow): Role[] {
  const { teams, teamMembers, teamRepos, orgs } = state.tables
  const roles: Role[] = []
  for (const membership of teamMembers.findBy("user_id", user.id)) {
    const team = teams.get(membership.team_id)
    if (team?.org_id !== repository.owner_id) continue
    // The emulator keeps organisation members in a team of its own named "members"; its maintainers are owners.
    if (team.slug === "members") {
      const base = orgs.get(repository.owner_id)?.default_repository_permission ?? "read"
      roles.push(membership.role === "maintainer" ? "admin" : roleNamed(base))
    }
    // "Child teams inherit the parent's access permissions".
    // https://docs.github.com/en/organizations/organizing-members-into-teams/about-teams#nested-teams
    for (
      let at: TeamRow | undefined = team;
      at;
      at = at.parent_id === undefined ? undefined : teams.get(at.parent_id)
    ) {
      const { id, permission } = at
      if (teamRepos.findBy("team_id", id).some((link) => link.repo_id === repository.id))
        roles.push(roleNamed(permission))
    }
  }
  return roles
}

/** GitHub names the same roles differently by endpoint: `push` and `write`, `pull` and `read`. */
export function roleNamed(name: string): Role {
  if (name === "push") return "write"
  if (name === "pull") return "read"
  return ORDER.includes(name as Role) ? (name as Role) : "none"
}

/** Whether a user belongs to an organisation, and as what. */
export function organizationRole(state: GitHubState, login: string, user: UserRow): "admin" | "member" | undefined {
  const organization = findOrganization(state, login)
  if (!organization) return undefined
  const teams = state.tables.teams.findBy("org_id", organization.id).filter((team) => team.slug === "members")
  for (const team of teams) {
    const row = state.tables.teamMembers.findBy("team_id", team.id).find((member) => member.user_id === user.id)
    if (row) return row.role === "maintainer" ? "admin" : "member"
  }
  return undefined
}
