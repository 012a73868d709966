import { type Files, type Signature, setRef, signatureOf, writeCommit, writeTree } from "../commit.ts"
import { emit, emitPush } from "../events.ts"
import { bringHead, headRepositoryOf } from "../forks.ts"
import { commitOf, reachable, refSha } from "../git.ts"
import { type MergeMethod, mergePull } from "../merge.ts"
import type { CommitRow, PullRow, RepositoryRow, UserRow } from "../rows.ts"
import { fullPull } from "../shapes/pull.ts"
import { type GitHubState, inTurn, ownerOf, repositoryOf, userOf } from "../state.ts"
import { actAs, type Stage } from "./act.ts"

/** A commit to write; people by login or as git records them. */
export type CommitInput = {
  message: string
  files: Files
  author?: string | Signature
  committer?: string | Signature
  /** ISO time at which it was authored; now where absent. */
  date?: string
}

/** A pull request to open. */
export type PullInput = {
  repo: string
  by: string
  title: string
  body?: string
  labels?: string[]
  base?: string
  head?: string
  /** The fork, as `owner/name`, that it comes from; a branch of the repository itself where absent. */
  from?: string
  commits: CommitInput[]
}

/**
 * Pushes a branch with the commits and opens a pull request from it; without commits, from a branch as it stands. Returns
 * its number and head.
 */
export async function openPullRequest(
  stage: Stage,
  input: PullInput,
): Promise<{ number: number; headSha: string; head: string }> {
  const { state } = stage
  const repository = repositoryOf(state, input.repo)
  const by = userOf(state, input.by)
  const base = input.base ?? repository.default_branch
  const head = input.head ?? `${input.by}/change-${state.nextId()}`
  const place = input.from === undefined ? repository : repositoryOf(state, input.from)
  const sha = await inTurn(state, place, async () => {
    const from = refSha(state, place, `refs/heads/${base}`)
    if (!from) throw new Error(`${place.full_name} has no branch ${base}`)
    const stands = refSha(state, place, `refs/heads/${head}`)
    if (stands && input.commits.length === 0) return stands
    const last = await addCommits(state, place, from, by, input.commits)
    move(state, place, `refs/heads/${head}`, last, by)
    return last
  })
  const { number } = await actAs<{ number: number }>(stage, input.by, "POST", `/repos/${input.repo}/pulls`, {
    title: input.title,
    body: input.body ?? "",
    base,
    head: place === repository ? head : `${ownerOf(state, place).login}:${head}`,
  })
  if (input.labels?.length) labelPull(state, repository, number, input.labels)
  return { number, headSha: sha, head }
}

/** Adds commits to an open pull request's branch. Returns the new head. */
export async function pushToPullRequest(
  stage: Stage,
  input: { repo: string; number: number; by: string; commits: CommitInput[] },
): Promise<string> {
  const { state } = stage
  const repository = repositoryOf(state, input.repo)
  const pull = pullOf(state, repository, input.number)
  const by = userOf(state, input.by)
  const place = headRepositoryOf(state, pull)
  return inTurn(state, place, async () => {
    const sha = await addCommits(state, place, pull.head_sha, by, input.commits)
    move(state, place, `refs/heads/${pull.head_ref}`, sha, by)
    const updated = state.tables.pullRequests.update(pull.id, { head_sha: sha }) as PullRow
    bringHead(state, repository, updated)
    emit(state, repository, by, "pull_request", {
      action: "synchronize",
      number: pull.number,
      before: pull.head_sha,
      after: sha,
      pull_request: fullPull(state, repository, updated),
    })
    return sha
  })
}

/** Reviews a pull request at its head, as it now is, or at an earlier commit. */
export async function reviewPullRequest(
  stage: Stage,
  input: {
    repo: string
    number: number
    by: string
    event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT"
    sha?: string
  },
): Promise<void> {
  const { repo, number, by, event, sha } = input
  const body = { event, body: "Read.", ...(sha === undefined ? {} : { commit_id: sha }) }
  await actAs(stage, by, "POST", `/repos/${repo}/pulls/${number}/reviews`, body)
}

/** Takes the newest review of somebody back: GitHub keeps it as dismissed. */
export function dismissReview({ state }: Stage, input: { repo: string; number: number; of: string }): void {
  const repository = repositoryOf(state, input.repo)
  const user = userOf(state, input.of)
  const row = state.tables.reviews
    .findBy("repo_id", repository.id)
    .findLast((review) => review.pull_number === input.number && review.user_id === user.id)
  if (!row) throw new Error(`${input.of} reviewed nothing of #${input.number}`)
  state.tables.reviews.update(row.id, { state: "DISMISSED" })
}

/** Labels are put on silently: the `labeled` events carry nothing that the later ones do not. */
function labelPull(state: GitHubState, repository: RepositoryRow, number: number, names: string[]): void {
  const { labels, pullRequests, issues } = state.tables
  const ids = names.map((name) => {
    const known = labels.findBy("repo_id", repository.id).find((row) => row.name === name)
    const fresh = { repo_id: repository.id, name, color: "ededed", description: "", default: false }
    return (known ?? labels.insert(fresh)).id
  })
  pullRequests.update(pullOf(state, repository, number).id, { label_ids: ids })
  const issue = issues.findBy("repo_id", repository.id).find((row) => row.number === number)
  if (issue) issues.update(issue.id, { label_ids: ids })
}

/** Merges as the green button does, into the base as it now is. Returns the merge commit's SHA. */
export async function mergePullRequest(
  stage: Stage,
  input: {
    repo: string
    number: number
    by: string
    method?: MergeMethod
    commitTitle?: string
    commitMessage?: string
    order?: "push-first" | "pr-first"
  },
): Promise<{ sha: string }> {
  const { state } = stage
  const repository = repositoryOf(state, input.repo)
  const pull = pullOf(state, repository, input.number)
  if (pull.state !== "open") throw new Error(`#${input.number} is ${pull.merged ? "merged" : "closed"} already`)
  const sha = await mergePull(state, repository, pull, {
    method: input.method ?? "squash",
    by: userOf(state, input.by),
    title: input.commitTitle,
    message: input.commitMessage,
    order: input.order,
  })
  return { sha }
}

/** Pushes one commit straight to a branch (a new branch starts at the default branch). Returns its SHA. */
export async function pushCommit(
  stage: Stage,
  input: CommitInput & { repo: string; by: string; branch?: string },
): Promise<string> {
  return pushCommits(stage, { ...input, commits: [input] })
}

/** Pushes several commits in one push. Returns the last one's SHA. */
export async function pushCommits(
  stage: Stage,
  input: { repo: string; by: string; branch?: string; commits: CommitInput[] },
): Promise<string> {
  const { state } = stage
  const repository = repositoryOf(state, input.repo)
  const by = userOf(state, input.by)
  const ref = `refs/heads/${input.branch ?? repository.default_branch}`
  return inTurn(state, repository, async () => {
    const from = refSha(state, repository, ref) ?? refSha(state, repository, `refs/heads/${repository.default_branch}`)
    const sha = await addCommits(state, repository, from, by, input.commits)
    move(state, repository, ref, sha, by)
    return sha
  })
}

/** Moves a branch to any commit of the repository, history lost or not. */
export async function pushForce(
  { state }: Stage,
  input: { repo: string; by: string; branch?: string; to: string },
): Promise<void> {
  const repository = repositoryOf(state, input.repo)
  if (!commitOf(state, repository, input.to)) throw new Error(`${input.repo} has no commit ${input.to}`)
  move(state, repository, `refs/heads/${input.branch ?? repository.default_branch}`, input.to, userOf(state, input.by))
}

/** Tags a commit. */
export async function createTag(
  { state }: Stage,
  input: { repo: string; by: string; name: string; sha: string },
): Promise<void> {
  move(state, repositoryOf(state, input.repo), `refs/tags/${input.name}`, input.sha, userOf(state, input.by))
}

/** Deletes a branch. */
export async function deleteBranch(
  { state }: Stage,
  input: { repo: string; by: string; branch: string },
): Promise<void> {
  move(state, repositoryOf(state, input.repo), `refs/heads/${input.branch}`, undefined, userOf(state, input.by))
}

/** Deletes a tag. */
export async function deleteTag({ state }: Stage, input: { repo: string; by: string; name: string }): Promise<void> {
  move(state, repositoryOf(state, input.repo), `refs/tags/${input.name}`, undefined, userOf(state, input.by))
}

function move(
  state: GitHubState,
  repository: RepositoryRow,
  ref: string,
  after: string | undefined,
  by: UserRow,
): void {
  const before = setRef(state, repository, ref, after)
  if (before === after) return
  const forced = before !== undefined && after !== undefined && !reachable(state, repository, after).has(before)
  emitPush(state, repository, { ref, before, after, by, forced })
}

async function addCommits(
  state: GitHubState,
  repository: RepositoryRow,
  from: string | undefined,
  by: UserRow,
  commits: CommitInput[],
): Promise<string> {
  let top: CommitRow | undefined = from ? commitOf(state, repository, from) : undefined
  for (const input of commits) {
    const author = signed(state, input.author) ?? signatureOf(by)
    top = await writeCommit(state, repository, {
      message: input.message,
      tree: await writeTree(state, repository, top?.tree_sha, input.files),
      parents: top ? [top.sha] : [],
      author,
      committer: signed(state, input.committer) ?? author,
      ...(input.date ? { date: input.date } : {}),
    })
  }
  if (!top) throw new Error("no commit to push")
  return top.sha
}

function signed(state: GitHubState, who: string | Signature | undefined): Signature | undefined {
  return typeof who === "string" ? signatureOf(userOf(state, who)) : who
}

function pullOf(state: GitHubState, repository: RepositoryRow, number: number): PullRow {
  const row = state.tables.pullRequests.findBy("repo_id", repository.id).find((pull) => pull.number === number)
  if (!row) throw new Error(`${repository.full_name} has no pull request #${number}`)
  return row
}
