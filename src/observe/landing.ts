import type { Commit } from "../model/change.ts"

/** A commit whose place on the branch is not told yet. */
export type Unplaced = Omit<Commit, "landing" | "parents"> & { readonly parents: readonly string[] }

/**
 * Puts commits in the order in which they landed on the branch: along the first parents from the oldest to `head`,
 * before each of them what it brought with it, oldest first. `landing` names the first-parent commit.
 * Commits that `head` does not reach are left out: the caller compares the count.
 */
export function asLanded(commits: readonly Unplaced[], head: string): readonly Commit[] {
  const left = new Map(commits.map((commit) => [commit.sha, commit]))
  const landings = firstParents(left, head)
  return landings.flatMap((landing) => {
    left.delete(landing.sha)
    const brought = landing.parents.slice(1).flatMap((parent) => take(left, parent))
    return [...brought, landing].map((commit) => ({ ...commit, landing: landing.sha }))
  })
}

function firstParents(commits: ReadonlyMap<string, Unplaced>, head: string): readonly Unplaced[] {
  const line: Unplaced[] = []
  for (let at = commits.get(head); at; at = commits.get(at.parents[0] ?? "")) line.push(at)
  return line.reverse()
}

/** Takes what `start` reaches out of `left`, parents before children; a stack of its own, since history is deep. */
function take(left: Map<string, Unplaced>, start: string): readonly Unplaced[] {
  const taken: Unplaced[] = []
  const way: { readonly commit: Unplaced; next: number }[] = []
  const enter = (sha: string | undefined) => {
    const commit = sha === undefined ? undefined : left.get(sha)
    if (!commit) return
    left.delete(commit.sha)
    way.push({ commit, next: 0 })
  }
  enter(start)
  for (let top = way.at(-1); top; top = way.at(-1)) {
    if (top.next < top.commit.parents.length) enter(top.commit.parents[top.next++])
    else taken.push((way.pop() as typeof top).commit)
  }
  return taken
}
