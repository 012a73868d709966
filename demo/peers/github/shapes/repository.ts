import type { RepositoryRow } from "../rows.ts"
import { type GitHubState, nodeId, ownerOf } from "../state.ts"
import { account } from "./accounts.ts"

type Json = Record<string, unknown>

/** A repository as GitHub shows it, in full: the other forms are parts of it. */
export function repository(state: GitHubState, row: RepositoryRow): Json {
  return {
    ...minimalRepository(state, row),
    default_branch: row.default_branch,
    homepage: null,
    language: null,
    size: 1,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    open_issues_count: row.open_issues_count,
    forks: 0,
    open_issues: row.open_issues_count,
    watchers: 0,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    has_pull_requests: true,
    archived: row.archived,
    disabled: false,
    visibility: row.private ? "private" : "public",
    pushed_at: row.pushed_at ?? row.created_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
    mirror_url: null,
    license: null,
    allow_forking: true,
    web_commit_signoff_required: false,
    ...links(state, row),
  }
}

/** A repository as `GET /repos/{owner}/{repo}` shows it. */
export function fullRepository(state: GitHubState, row: RepositoryRow): Json {
  return {
    ...repository(state, row),
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    allow_rebase_merge: true,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_auto_merge: false,
    delete_branch_on_merge: row.delete_branch_on_merge,
    network_count: 0,
    subscribers_count: 0,
  }
}

/** A repository with names and links only. */
export function minimalRepository(state: GitHubState, row: RepositoryRow): Json {
  const api = apiOf(state, row)
  const under = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [`${name}_url`, `${api}/${name.replaceAll("_", "/")}`]))
  return {
    id: row.id,
    node_id: nodeId("Repository", row.id),
    name: row.name,
    full_name: row.full_name,
    private: row.private,
    owner: account(state, ownerOf(state, row)),
    html_url: `${state.url}/${row.full_name}`,
    description: row.description,
    fork: row.forked_from_id !== undefined,
    url: api,
    ...under("forks", "teams", "hooks", "events", "tags", "languages", "stargazers", "contributors", "subscribers"),
    ...under("subscription", "merges", "downloads", "deployments"),
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    issue_events_url: `${api}/issues/events{/number}`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    archive_url: `${api}/{archive_format}{/ref}`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
  }
}

function links(state: GitHubState, row: RepositoryRow): Json {
  const host = state.url.replace(/^https?:\/\//, "")
  return {
    git_url: `git://${host}/${row.full_name}.git`,
    ssh_url: `git@${host}:${row.full_name}.git`,
    clone_url: `${state.url}/${row.full_name}.git`,
    svn_url: `${state.url}/${row.full_name}`,
  }
}

/** Where the API has a repository. */
export const apiOf = (state: GitHubState, row: RepositoryRow): string => `${state.url}/repos/${row.full_name}`

/** Files are uploaded elsewhere than the API is: on GitHub Enterprise Server under this path, on github.com on a host of its own. */
export const UPLOADS = "/api/uploads"

/** Where files of a repository are uploaded to. */
export const uploadsOf = (state: GitHubState, row: RepositoryRow): string =>
  `${state.url}${UPLOADS}/repos/${row.full_name}`

/** Where the web has a repository. */
export const webOf = (state: GitHubState, row: RepositoryRow): string => `${state.url}/${row.full_name}`
