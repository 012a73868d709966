import type { CommitRow, RepositoryRow, TreeEntry } from "./rows.ts"
import type { GitHubState } from "./state.ts"

/** One path that differs between two trees. */
export type TreeChange = {
  path: string
  status: "added" | "modified" | "removed"
  before: TreeEntry | undefined
  after: TreeEntry | undefined
}

/** The commit of that full SHA in a repository, or undefined. */
export function commitOf(state: GitHubState, repository: RepositoryRow, sha: string): CommitRow | undefined {
  return state.tables.commits.findBy("sha", sha).find((commit) => commit.repo_id === repository.id)
}

/** The SHA that a full ref (`refs/heads/main`) points at; for an annotated tag, the commit behind it. */
export function refSha(state: GitHubState, repository: RepositoryRow, ref: string): string | undefined {
  const row = state.tables.refs.findBy("repo_id", repository.id).find((candidate) => candidate.ref === ref)
  if (!row) return undefined
  const tag = state.tables.tags.findBy("repo_id", repository.id).find((candidate) => candidate.sha === row.sha)
  return tag ? tag.object_sha : row.sha
}

/** What GitHub understands as a commit: a branch, a tag, a ref, a full SHA or its beginning. */
export function resolveCommit(
  state: GitHubState,
  repository: RepositoryRow,
  name: string | undefined,
): CommitRow | undefined {
  const wanted = !name || name === "HEAD" ? repository.default_branch : name
  const refs = wanted.startsWith("refs/") ? [wanted] : [`refs/heads/${wanted}`, `refs/tags/${wanted}`, `refs/${wanted}`]
  for (const ref of refs) {
    const sha = refSha(state, repository, ref)
    if (sha) return commitOf(state, repository, sha)
  }
  if (!/^[0-9a-f]{7,40}$/.test(wanted)) return undefined
  if (wanted.length === 40) return commitOf(state, repository, wanted)
  return state.tables.commits.findBy("repo_id", repository.id).find((commit) => commit.sha.startsWith(wanted))
}

/** All commits reachable from `sha`, itself included. */
export function reachable(state: GitHubState, repository: RepositoryRow, sha: string): Map<string, CommitRow> {
  const found = new Map<string, CommitRow>()
  const stack = [sha]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (found.has(next)) continue
    const commit = commitOf(state, repository, next)
    if (!commit) continue
    found.set(next, commit)
    stack.push(...commit.parent_shas)
  }
  return found
}

/**
 * The commits reachable from `head` and not from `base`, oldest first: what GitHub lists for a push, a pull request and
 * a comparison. A parent always comes before its children; where two are free, the older one comes first.
 */
export function commitsBetween(
  state: GitHubState,
  repository: RepositoryRow,
  base: string | undefined,
  head: string,
): CommitRow[] {
  const excluded = base ? reachable(state, repository, base) : new Map<string, CommitRow>()
  const included = new Map<string, CommitRow>()
  const stack = [head]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (included.has(next) || excluded.has(next)) continue
    const commit = commitOf(state, repository, next)
    if (!commit) continue
    included.set(next, commit)
    stack.push(...commit.parent_shas)
  }
  return oldestFirst(included)
}

function oldestFirst(commits: Map<string, CommitRow>): CommitRow[] {
  const waiting = new Map<string, number>()
  const children = new Map<string, CommitRow[]>()
  for (const commit of commits.values()) {
    const parents = commit.parent_shas.filter((sha) => commits.has(sha))
    waiting.set(commit.sha, parents.length)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), commit])
  }
  const free = [...commits.values()].filter((commit) => waiting.get(commit.sha) === 0)
  const sorted: CommitRow[] = []
  while (free.length > 0) {
    free.sort((a, b) => b.committer_date.localeCompare(a.committer_date) || b.id - a.id)
    const commit = free.pop() as CommitRow
    sorted.push(commit)
    for (const child of children.get(commit.sha) ?? []) {
      const left = (waiting.get(child.sha) ?? 1) - 1
      waiting.set(child.sha, left)
      if (left === 0) free.push(child)
    }
  }
  return sorted
}

/** The best common ancestor of two commits, or undefined for unrelated histories. */
export function mergeBase(
  state: GitHubState,
  repository: RepositoryRow,
  one: string,
  other: string,
): CommitRow | undefined {
  const left = reachable(state, repository, one)
  const shared = [...reachable(state, repository, other).values()].filter((commit) => left.has(commit.sha))
  // Best: an ancestor of no other shared commit. The newest one wins where several are left.
  const inner = new Set(shared.flatMap((commit) => commit.parent_shas))
  return shared.filter((commit) => !inner.has(commit.sha)).sort((a, b) => b.id - a.id)[0]
}

/** The paths that differ between two trees, in path order; subtrees that are equal are not entered. */
export function treeChanges(
  state: GitHubState,
  repository: RepositoryRow,
  before: string | undefined,
  after: string | undefined,
  folder = "",
): TreeChange[] {
  if (before === after) return []
  const old = entriesOf(state, repository, before)
  const fresh = entriesOf(state, repository, after)
  const names = [...new Set([...old.keys(), ...fresh.keys()])].sort()
  return names.flatMap((name) => entryChanges(state, repository, `${folder}${name}`, old.get(name), fresh.get(name)))
}

function entryChanges(
  state: GitHubState,
  repository: RepositoryRow,
  path: string,
  before: TreeEntry | undefined,
  after: TreeEntry | undefined,
): TreeChange[] {
  if (before?.sha === after?.sha && before?.mode === after?.mode) return []
  const treeOf = (entry: TreeEntry | undefined) => (entry?.type === "tree" ? entry.sha : undefined)
  const fileOf = (entry: TreeEntry | undefined) => (entry && entry.type !== "tree" ? { ...entry, path } : undefined)
  const nested = treeChanges(state, repository, treeOf(before), treeOf(after), `${path}/`)
  const [old, fresh] = [fileOf(before), fileOf(after)]
  if (!old && !fresh) return nested
  const status = !old ? "added" : !fresh ? "removed" : "modified"
  return [...nested, { path, status, before: old, after: fresh }]
}

export function entriesOf(
  state: GitHubState,
  repository: RepositoryRow,
  sha: string | undefined,
): Map<string, TreeEntry> {
  const tree = sha && state.tables.trees.findBy("sha", sha).find((row) => row.repo_id === repository.id)
  return new Map((tree ? tree.tree : []).map((entry) => [entry.path, entry]))
}

/** The file at `path` in a tree, or undefined. */
export function entryAt(
  state: GitHubState,
  repository: RepositoryRow,
  treeSha: string,
  path: string,
): TreeEntry | undefined {
  const [name = "", ...rest] = path.split("/")
  const entry = entriesOf(state, repository, treeSha).get(name)
  if (rest.length === 0 || !entry) return rest.length === 0 ? entry : undefined
  return entry.type === "tree" ? entryAt(state, repository, entry.sha, rest.join("/")) : undefined
}

/** What a commit changed against its first parent. */
export function commitChanges(state: GitHubState, repository: RepositoryRow, commit: CommitRow): TreeChange[] {
  const parent = commit.parent_shas[0] ? commitOf(state, repository, commit.parent_shas[0]) : undefined
  return treeChanges(state, repository, parent?.tree_sha, commit.tree_sha)
}

/** Lines added and removed, and the one hunk that says which: what the two texts begin and end with alike is not counted. */
export function lineChanges(
  state: GitHubState,
  repository: RepositoryRow,
  change: TreeChange,
): { additions: number; deletions: number; patch: string | undefined } {
  const before = linesOf(state, repository, change.before)
  const after = linesOf(state, repository, change.after)
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const room = Math.min(before.length, after.length) - start
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const [removed, added] = [before, after].map((lines) => lines.slice(start, lines.length - end))
  const [deletions, additions] = [removed?.length ?? 0, added?.length ?? 0]
  const hunk = [
    `@@ -${start + 1},${deletions} +${start + 1},${additions} @@`,
    ...(removed ?? []).map((line) => `-${line}`),
    ...(added ?? []).map((line) => `+${line}`),
  ].join("\n")
  // What is large comes without: GitHub does not say where it draws the line.
  return { additions, deletions, patch: additions + deletions === 0 || hunk.length > 100_000 ? undefined : hunk }
}

function linesOf(state: GitHubState, repository: RepositoryRow, entry: TreeEntry | undefined): string[] {
  const blob = entry && state.tables.blobs.findBy("sha", entry.sha).find((row) => row.repo_id === repository.id)
  return blob && blob.encoding === "utf-8" && blob.content ? blob.content.replace(/\n$/, "").split("\n") : []
}
