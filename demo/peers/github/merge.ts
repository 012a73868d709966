import { mergeTrees, type Signature, setRef, signatureOf, WEB_FLOW, writeCommit } from "./commit.ts"
import { emit, emitPush } from "./events.ts"
import { headRepositoryOf } from "./forks.ts"
import { commitOf, refSha } from "./git.ts"
import type { CommitRow, PullRow, RepositoryRow, UserRow } from "./rows.ts"
import { fullPull, pullCommits } from "./shapes/pull.ts"
import { type GitHubState, inTurn, iso, ownerOf } from "./state.ts"

export type MergeMethod = "squash" | "merge" | "rebase"

/** How a pull request is to be merged. */
export type Merge = {
  method: MergeMethod
  by: UserRow
  title?: string | undefined
  message?: string | undefined
  /** GitHub sends `push` and `pull_request.closed` in either order. */
  order?: "push-first" | "pr-first" | undefined
}

/**
 * Merges a pull request into the present head of its base, as GitHub's three methods do, and sends the events.
 * Returns the SHA that became `merge_commit_sha`. Throws MergeConflict.
 */
export function mergePull(state: GitHubState, repository: RepositoryRow, pull: PullRow, merge: Merge): Promise<string> {
  return inTurn(state, repository, () => mergeNow(state, repository, pull, merge))
}

async function mergeNow(state: GitHubState, repository: RepositoryRow, pull: PullRow, merge: Merge): Promise<string> {
  const ref = `refs/heads/${pull.base_ref}`
  const before = refSha(state, repository, ref) as string
  const base = commitOf(state, repository, before) as CommitRow
  const after = await WAYS[merge.method](state, repository, pull, base, merge)
  setRef(state, repository, ref, after)
  const merged = close(state, pull, after, merge.by)
  const push = () => emitPush(state, repository, { ref, before, after, by: merge.by, merged: true })
  const closed = () => emitClosed(state, repository, merged, merge.by)
  for (const send of merge.order === "pr-first" ? [closed, push] : [push, closed]) send()
  const isOwn = headRepositoryOf(state, pull).id === repository.id
  if (repository.delete_branch_on_merge && isOwn) deleteHead(state, repository, merged, merge.by)
  return after
}

type Way = (
  state: GitHubState,
  repository: RepositoryRow,
  pull: PullRow,
  base: CommitRow,
  merge: Merge,
) => Promise<string>

/** One commit by the pull request's author, committed by GitHub. */
const squash: Way = async (state, repository, pull, base, merge) => {
  const commits = pullCommits(state, repository, pull)
  const head = commitOf(state, repository, pull.head_sha) as CommitRow
  const author = state.tables.users.get(pull.user_id) as UserRow
  const only = commits.length === 1 ? commits[0] : undefined
  const title = merge.title ?? `${only ? subject(only.message) : pull.title} (#${pull.number})`
  const message = merge.message ?? (only ? rest(only.message) : commits.map((row) => `* ${row.message}`).join("\n\n"))
  const others = coAuthors(commits, signatureOf(author))
  const written = await writeCommit(state, repository, {
    message: [title, message, others].filter((part) => part !== "").join("\n\n"),
    tree: await mergeTrees(state, repository, base, head),
    parents: [base.sha],
    author: signatureOf(author),
    committer: WEB_FLOW,
  })
  return written.sha
}

/** A merge commit by whoever pressed the button, committed by GitHub. */
const mergeCommit: Way = async (state, repository, pull, base, merge) => {
  const head = commitOf(state, repository, pull.head_sha) as CommitRow
  const from = `${ownerOf(state, headRepositoryOf(state, pull)).login}/${pull.head_ref}`
  const title = merge.title ?? `Merge pull request #${pull.number} from ${from}`
  const written = await writeCommit(state, repository, {
    message: `${title}\n\n${merge.message ?? pull.title}`,
    tree: await mergeTrees(state, repository, base, head),
    parents: [base.sha, head.sha],
    author: signatureOf(merge.by),
    committer: WEB_FLOW,
  })
  return written.sha
}

/** Every commit again on top of the base: its author stays, its committer becomes whoever pressed the button. */
const rebase: Way = async (state, repository, pull, base, merge) => {
  let top = base
  for (const commit of pullCommits(state, repository, pull)) {
    const parent = commit.parent_shas[0] ? commitOf(state, repository, commit.parent_shas[0]) : undefined
    top = await writeCommit(state, repository, {
      message: commit.message,
      tree: await mergeTrees(state, repository, top, commit, parent?.tree_sha),
      parents: [top.sha],
      author: { name: commit.author_name, email: commit.author_email },
      committer: signatureOf(merge.by),
      date: commit.author_date,
    })
  }
  return top.sha
}

const WAYS: Record<MergeMethod, Way> = { squash, merge: mergeCommit, rebase }

function close(state: GitHubState, pull: PullRow, sha: string, by: UserRow): PullRow {
  const { pullRequests, issues, repos } = state.tables
  const now = iso(state.now())
  const issue = issues.findBy("repo_id", pull.repo_id).find((row) => row.number === pull.number)
  if (issue) issues.update(issue.id, { state: "closed", closed_at: now, closed_by_id: by.id })
  const repository = repos.get(pull.repo_id)
  if (repository) repos.update(repository.id, { open_issues_count: Math.max(0, repository.open_issues_count - 1) })
  return pullRequests.update(pull.id, {
    state: "closed",
    merged: true,
    merged_at: now,
    merged_by_id: by.id,
    merge_commit_sha: sha,
    closed_at: now,
  }) as PullRow
}

/** Sends `pull_request.closed`. */
export function emitClosed(state: GitHubState, repository: RepositoryRow, pull: PullRow, by: UserRow): void {
  emit(state, repository, by, "pull_request", {
    action: "closed",
    number: pull.number,
    pull_request: fullPull(state, repository, pull),
  })
}

function deleteHead(state: GitHubState, repository: RepositoryRow, pull: PullRow, by: UserRow): void {
  const ref = `refs/heads/${pull.head_ref}`
  const before = setRef(state, repository, ref, undefined)
  if (before) emitPush(state, repository, { ref, before, after: undefined, by })
}

const subject = (message: string): string => message.split("\n")[0] ?? ""
const rest = (message: string): string => message.split("\n").slice(1).join("\n").trim()

/** GitHub credits the other authors of a squash in trailers. */
function coAuthors(commits: CommitRow[], author: Signature): string {
  const lines = commits
    .filter((row) => row.author_email !== author.email)
    .map((row) => `Co-authored-by: ${row.author_name} <${row.author_email}>`)
  return [...new Set(lines)].join("\n")
}
