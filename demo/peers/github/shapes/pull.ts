import { headRepositoryOf } from "../forks.ts"
import { commitOf, commitsBetween, lineChanges, mergeBase, type TreeChange, treeChanges } from "../git.ts"
import type { CommitRow, LabelRow, PullRow, RepositoryRow } from "../rows.ts"
import { type GitHubState, nodeId, ownerOf } from "../state.ts"
import { account, accountById } from "./accounts.ts"
import { apiOf, repository as repositoryShape, webOf } from "./repository.ts"

type Json = Record<string, unknown>

/** The commits of a pull request, oldest first. */
export const pullCommits = (state: GitHubState, repository: RepositoryRow, row: PullRow): CommitRow[] =>
  commitsBetween(state, repository, row.base_sha, row.head_sha)

/** What a pull request changes, from where it left its base. */
export function pullChanges(state: GitHubState, repository: RepositoryRow, row: PullRow): TreeChange[] {
  const from = mergeBase(state, repository, row.base_sha, row.head_sha)
  return treeChanges(state, repository, from?.tree_sha, commitOf(state, repository, row.head_sha)?.tree_sha)
}

/** A pull request as lists show it. */
export function pull(state: GitHubState, repository: RepositoryRow, row: PullRow): Json {
  const api = apiOf(state, repository)
  const self = `${api}/pulls/${row.number}`
  const web = `${webOf(state, repository)}/pull/${row.number}`
  const links = {
    comments_url: `${api}/issues/${row.number}/comments`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    commits_url: `${self}/commits`,
    statuses_url: `${api}/statuses/${row.head_sha}`,
  }
  return {
    url: self,
    id: row.id,
    node_id: nodeId("PullRequest", row.id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: `${api}/issues/${row.number}`,
    ...links,
    number: row.number,
    state: row.state,
    locked: false,
    title: row.title,
    user: accountById(state, row.user_id),
    body: row.body,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
    merged_at: row.merged_at,
    merge_commit_sha: row.merge_commit_sha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: labels(state, repository, row.label_ids),
    milestone: null,
    draft: row.draft,
    head: end(state, headRepositoryOf(state, row), row.head_ref, row.head_sha),
    base: end(state, repository, row.base_ref, row.base_sha),
    _links: {
      self: { href: self },
      html: { href: web },
      issue: { href: `${api}/issues/${row.number}` },
      comments: { href: links.comments_url },
      review_comments: { href: links.review_comments_url },
      review_comment: { href: links.review_comment_url },
      commits: { href: links.commits_url },
      statuses: { href: links.statuses_url },
    },
    author_association: "CONTRIBUTOR",
    auto_merge: null,
    active_lock_reason: null,
  }
}

/** A pull request alone, with its counts and its merge. */
export function fullPull(state: GitHubState, repository: RepositoryRow, row: PullRow): Json {
  const changes = pullChanges(state, repository, row)
  const counts = changes.map((change) => lineChanges(state, repository, change))
  return {
    ...pull(state, repository, row),
    merged: row.merged,
    mergeable: row.state === "open" ? true : null,
    rebaseable: row.state === "open" ? true : null,
    mergeable_state: row.state === "open" ? "clean" : "unknown",
    merged_by: accountById(state, row.merged_by_id),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pullCommits(state, repository, row).length,
    additions: counts.reduce((sum, count) => sum + count.additions, 0),
    deletions: counts.reduce((sum, count) => sum + count.deletions, 0),
    changed_files: changes.length,
  }
}

/** Labels by id, as GitHub lists them. */
export function labels(state: GitHubState, repository: RepositoryRow, ids: number[]): Json[] {
  return ids.flatMap((id) => {
    const row = state.tables.labels.get(id)
    return row ? [label(state, repository, row)] : []
  })
}

/** A label as GitHub lists it. */
export function label(state: GitHubState, repository: RepositoryRow, row: LabelRow): Json {
  return {
    id: row.id,
    node_id: nodeId("Label", row.id),
    url: `${apiOf(state, repository)}/labels/${encodeURIComponent(row.name)}`,
    name: row.name,
    color: row.color,
    default: row.default,
    description: row.description,
  }
}

function end(state: GitHubState, repository: RepositoryRow, ref: string, sha: string): Json {
  const owner = ownerOf(state, repository)
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: account(state, owner),
    repo: {
      ...repositoryShape(state, repository),
      allow_squash_merge: true,
      allow_merge_commit: true,
      allow_rebase_merge: true,
      delete_branch_on_merge: repository.delete_branch_on_merge,
    },
  }
}
