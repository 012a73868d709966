import { userByEmail } from "../commit.ts"
import { commitChanges, lineChanges, type TreeChange } from "../git.ts"
import type { CommitRow, RepositoryRow } from "../rows.ts"
import { extraOf, type GitHubState, nodeId } from "../state.ts"
import { account } from "./accounts.ts"
import { apiOf, webOf } from "./repository.ts"

type Json = Record<string, unknown>

const UNSIGNED = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null }

const signedAt = (verified_at: string) => ({
  verified: true,
  reason: "valid",
  signature: "-----BEGIN PGP SIGNATURE-----",
  payload: "tree",
  verified_at,
})

/** A commit as GitHub lists it; its people are looked up by e-mail, and null where the address belongs to nobody. */
export function commit(state: GitHubState, repository: RepositoryRow, row: CommitRow): Json {
  const api = apiOf(state, repository)
  const author = userByEmail(state, row.author_email)
  const committer = userByEmail(state, row.committer_email)
  return {
    sha: row.sha,
    node_id: nodeId("Commit", row.id),
    commit: {
      author: { name: row.author_name, email: row.author_email, date: row.author_date },
      committer: { name: row.committer_name, email: row.committer_email, date: row.committer_date },
      message: row.message,
      tree: { sha: row.tree_sha, url: `${api}/git/trees/${row.tree_sha}` },
      url: `${api}/git/commits/${row.sha}`,
      comment_count: 0,
      verification: extraOf(state, repository).signed.has(row.sha) ? signedAt(row.committer_date) : UNSIGNED,
    },
    url: `${api}/commits/${row.sha}`,
    html_url: `${webOf(state, repository)}/commit/${row.sha}`,
    comments_url: `${api}/commits/${row.sha}/comments`,
    author: author ? account(state, author) : null,
    committer: committer ? account(state, committer) : null,
    parents: row.parent_shas.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${webOf(state, repository)}/commit/${sha}`,
    })),
  }
}

/** A commit with all of its files, and line counts. */
export function fullCommit(state: GitHubState, repository: RepositoryRow, row: CommitRow): Json & { files: Json[] } {
  const files = commitChanges(state, repository, row).map((change) => fileChange(state, repository, row.sha, change))
  const sum = (key: "additions" | "deletions") => files.reduce((total, file) => total + file[key], 0)
  const [additions, deletions] = [sum("additions"), sum("deletions")]
  return {
    ...commit(state, repository, row),
    stats: { total: additions + deletions, additions, deletions },
    files,
  }
}

/** A changed file as GitHub lists it for commits, comparisons and pull requests. */
export function fileChange(
  state: GitHubState,
  repository: RepositoryRow,
  sha: string,
  change: TreeChange,
): Json & { additions: number; deletions: number } {
  const { additions, deletions, patch } = lineChanges(state, repository, change)
  const path = change.path.split("/").map(encodeURIComponent).join("/")
  return {
    sha: (change.after ?? change.before)?.sha ?? null,
    filename: change.path,
    status: change.status,
    additions,
    deletions,
    changes: additions + deletions,
    ...(patch === undefined ? {} : { patch }),
    blob_url: `${webOf(state, repository)}/blob/${sha}/${path}`,
    raw_url: `${webOf(state, repository)}/raw/${sha}/${path}`,
    contents_url: `${apiOf(state, repository)}/contents/${path}?ref=${sha}`,
  }
}

/** A commit as git knows it, for `GET git/commits/{sha}`. */
export function gitCommit(state: GitHubState, repository: RepositoryRow, row: CommitRow): Json {
  const { sha, node_id, html_url, commit: inner, parents } = commit(state, repository, row)
  const { author, committer, message, tree, verification } = inner as Json
  const url = `${apiOf(state, repository)}/git/commits/${row.sha}`
  return { sha, node_id, url, html_url, author, committer, message, tree, verification, parents }
}

/** A commit as webhooks carry it. */
export function hookCommit(state: GitHubState, repository: RepositoryRow, row: CommitRow, distinct: boolean): Json {
  const changes = commitChanges(state, repository, row)
  const paths = (status: TreeChange["status"]) => changes.filter((c) => c.status === status).map((c) => c.path)
  return {
    id: row.sha,
    tree_id: row.tree_sha,
    distinct,
    message: row.message,
    timestamp: row.committer_date,
    url: `${webOf(state, repository)}/commit/${row.sha}`,
    author: hookPerson(state, row.author_name, row.author_email),
    committer: hookPerson(state, row.committer_name, row.committer_email),
    added: paths("added"),
    removed: paths("removed"),
    modified: paths("modified"),
  }
}

function hookPerson(state: GitHubState, name: string, email: string): Json {
  const user = userByEmail(state, email)
  return { name, email, ...(user ? { username: user.login } : {}) }
}
