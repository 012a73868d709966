import type { CommentRow, IssueRow, RepositoryRow } from "../rows.ts"
import { type GitHubState, nodeId } from "../state.ts"
import { accountById, integrationById } from "./accounts.ts"
import { labels } from "./pull.ts"
import { apiOf, webOf } from "./repository.ts"

type Json = Record<string, unknown>

/** An issue as the API and webhooks show it; a pull request is one too, as at GitHub. */
export function issue(state: GitHubState, repository: RepositoryRow, row: IssueRow): Json {
  const api = `${apiOf(state, repository)}/issues/${row.number}`
  const web = `${webOf(state, repository)}/${row.is_pull_request ? "pull" : "issues"}/${row.number}`
  return {
    url: api,
    repository_url: apiOf(state, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    timeline_url: `${api}/timeline`,
    html_url: web,
    id: row.id,
    node_id: nodeId("Issue", row.id),
    number: row.number,
    title: row.title,
    user: accountById(state, row.user_id),
    labels: labels(state, repository, row.label_ids),
    state: row.state,
    state_reason: row.state_reason,
    locked: false,
    active_lock_reason: null,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: row.comments,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
    closed_by: accountById(state, row.closed_by_id),
    body: row.body,
    author_association: "CONTRIBUTOR",
    reactions: reactions(api),
    performed_via_github_app: viaApp(state, row.user_id),
    ...(row.is_pull_request
      ? {
          pull_request: {
            url: `${apiOf(state, repository)}/pulls/${row.number}`,
            html_url: web,
            diff_url: `${web}.diff`,
            patch_url: `${web}.patch`,
            merged_at: mergedAt(state, repository, row),
          },
        }
      : {}),
  }
}

const mergedAt = (state: GitHubState, repository: RepositoryRow, row: IssueRow): string | null =>
  state.tables.pullRequests.findBy("repo_id", repository.id).find((pull) => pull.number === row.number)?.merged_at ??
  null

/** A comment on an issue or pull request. */
export function comment(state: GitHubState, repository: RepositoryRow, row: CommentRow): Json {
  const api = `${apiOf(state, repository)}/issues/comments/${row.id}`
  return {
    url: api,
    html_url: `${webOf(state, repository)}/issues/${row.issue_number}#issuecomment-${row.id}`,
    issue_url: `${apiOf(state, repository)}/issues/${row.issue_number}`,
    id: row.id,
    node_id: nodeId("IssueComment", row.id),
    user: accountById(state, row.user_id),
    created_at: row.created_at,
    updated_at: row.updated_at,
    author_association: "CONTRIBUTOR",
    body: row.body,
    reactions: reactions(api),
    performed_via_github_app: viaApp(state, row.user_id),
  }
}

function viaApp(state: GitHubState, userId: number): Json | null {
  const login = state.tables.users.get(userId)?.login
  const app = state.tables.apps.all().find((row) => `${row.slug}[bot]` === login)
  return app ? integrationById(state, app.app_id) : null
}

function reactions(api: string): Json {
  const kinds = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"]
  return { url: `${api}/reactions`, total_count: 0, ...Object.fromEntries(kinds.map((kind) => [kind, 0])) }
}
