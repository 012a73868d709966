import { askEmulator, installationToken } from "./callers.ts"
import { commitOf, entryAt, mergeBase, refSha, treeChanges } from "./git.ts"
import type { CommitRow, RepositoryRow, UserRow } from "./rows.ts"
import { extraOf, findUser, type GitHubState, iso, ownerOf } from "./state.ts"

/** Name and e-mail as git records them. */
export type Signature = { name: string; email: string }

/** File contents by path; `null` deletes. */
export type Files = Record<string, string | null>

/** GitHub's own signature for what its web page and API commit; a person who writes the same words is not GitHub. */
export const WEB_FLOW: Signature = { name: "GitHub", email: "noreply@github.com" }

/** Thrown for a merge that git could not do either. */
export class MergeConflict extends Error {
  constructor(path: string) {
    super(`merge conflict in ${path}`)
    this.name = "MergeConflict"
  }
}

/** The signature of a user: their public address, or GitHub's private one. */
export const signatureOf = (user: UserRow): Signature => ({
  name: user.name ?? user.login,
  email: user.email ?? `${user.id}+${user.login}@users.noreply.github.com`,
})

/** The user to whom GitHub attributes an e-mail address, or undefined: an unknown address belongs to nobody. */
export function userByEmail(state: GitHubState, email: string): UserRow | undefined {
  const wanted = email.toLowerCase()
  const hidden = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(wanted)?.[1]
  if (hidden) return findUser(state, hidden)
  return state.tables.users.all().find((user) => user.email?.toLowerCase() === wanted)
}

type NewCommit = {
  message: string
  tree: string
  parents: string[]
  author: Signature
  committer?: Signature
  /** ISO time of writing; now where it is absent. */
  date?: string
}

/** Writes a commit object. Throws when the emulator refuses. */
export async function writeCommit(
  state: GitHubState,
  repository: RepositoryRow,
  commit: NewCommit,
): Promise<CommitRow> {
  const now = iso(state.now())
  const sha = await write(state, repository, "git/commits", {
    message: commit.message,
    tree: commit.tree,
    parents: commit.parents,
    author: { ...commit.author, date: commit.date ?? now },
    committer: { ...(commit.committer ?? commit.author), date: now },
  })
  if (commit.committer === WEB_FLOW) extraOf(state, repository).signed.add(sha)
  return commitOf(state, repository, sha) as CommitRow
}

/** Writes the tree of `base` (or an empty one) with `files` laid over it; returns its SHA. */
export async function writeTree(
  state: GitHubState,
  repository: RepositoryRow,
  base: string | undefined,
  files: Files,
): Promise<string> {
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644",
    type: "blob",
    ...(content === null ? { sha: null } : { content }),
  }))
  if (tree.length === 0 && base) return base
  return write(state, repository, "git/trees", { ...(base ? { base_tree: base } : {}), tree })
}

/**
 * The tree of merging `head` into `base`, by files: a file that both sides changed in different ways is a conflict.
 * Throws MergeConflict.
 */
export async function mergeTrees(
  state: GitHubState,
  repository: RepositoryRow,
  base: CommitRow,
  head: CommitRow,
  from = mergeBase(state, repository, base.sha, head.sha)?.tree_sha,
): Promise<string> {
  if (from === base.tree_sha) return head.tree_sha
  const tree: Record<string, unknown>[] = []
  for (const { path, before, after } of treeChanges(state, repository, from, head.tree_sha)) {
    const present = entryAt(state, repository, base.tree_sha, path)
    if (present?.sha === after?.sha) continue
    if (present?.sha !== before?.sha) throw new MergeConflict(path)
    tree.push({ path, mode: (after ?? before)?.mode, type: "blob", sha: after?.sha ?? null })
  }
  if (tree.length === 0) return base.tree_sha
  return write(state, repository, "git/trees", { base_tree: base.tree_sha, tree })
}

/** Points a full ref at a commit, creating it where needed. Returns where it pointed before. */
export function setRef(
  state: GitHubState,
  repository: RepositoryRow,
  ref: string,
  sha: string | undefined,
): string | undefined {
  const { refs, branches, repos } = state.tables
  const before = refSha(state, repository, ref)
  const row = refs.findBy("repo_id", repository.id).find((candidate) => candidate.ref === ref)
  if (sha === undefined) {
    if (row) refs.delete(row.id)
  } else if (row) refs.update(row.id, { sha })
  else refs.insert({ repo_id: repository.id, ref, sha, node_id: `ref:${ref}` })
  if (ref.startsWith("refs/heads/")) {
    const name = ref.slice("refs/heads/".length)
    const branch = branches.findBy("repo_id", repository.id).find((candidate) => candidate.name === name)
    if (sha === undefined) {
      if (branch) branches.delete(branch.id)
    } else if (branch) branches.update(branch.id, { sha })
    else branches.insert({ repo_id: repository.id, name, sha, protected: false })
  }
  repos.update(repository.id, { pushed_at: iso(state.now()) })
  return before
}

/** The emulator counts 5,000 requests an hour and token; what the front itself writes must not run into that. */
const REQUESTS_PER_TOKEN = 4_000
const writers = new WeakMap<GitHubState, Map<string, { token: string; left: number }>>()

async function write(
  state: GitHubState,
  repository: RepositoryRow,
  path: string,
  body: Record<string, unknown>,
): Promise<string> {
  const answer = await askEmulator(
    state,
    writerToken(state, repository),
    "POST",
    `/repos/${repository.full_name}/${path}`,
    body,
  )
  if (answer.status !== 201) throw new Error(`the emulator refused ${path}: ${JSON.stringify(answer.body)}`)
  return (answer.body as { sha: string }).sha
}

function writerToken(state: GitHubState, repository: RepositoryRow): string {
  const tokens = writers.get(state) ?? new Map<string, { token: string; left: number }>()
  writers.set(state, tokens)
  // A repository may be given to another owner, for whom another token is good.
  const key = `${repository.owner_type}/${repository.owner_id}/${repository.id}`
  const known = tokens.get(key)
  if (known && known.left > 0) {
    known.left--
    return known.token
  }
  const token = installationToken(state, {
    installation_id: 0,
    app_id: state.app.row.app_id,
    account_type: repository.owner_type,
    account_id: repository.owner_id,
    account_login: ownerOf(state, repository).login,
    repository_selection: "all",
    repository_ids: [],
    permissions: { contents: "write" },
    events: [],
    suspended_at: null,
    id: 0,
    node_id: "",
    created_at: "",
    updated_at: "",
  })
  tokens.set(key, { token, left: REQUESTS_PER_TOKEN })
  return token
}
