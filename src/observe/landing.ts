import type { Commit } from "../model/change.ts"

/** A commit whose place on the branch is not told yet. */
export type Unplaced = Omit<Commit, "landing" | "parents"> & { readonly parents: readonly string[] }

/**
 * Puts commits in the order in which they landed on the branch: along the first parents from the oldest to `head`,
 * before each of them what it brought with it, oldest first. `landing` names the first-parent commit.
 * Commits that `head` does not reach are left out: the caller compares the count.
 */
export const asLanded = (commits: readonly Unplaced[], head: string): readonly Commit[] =>
  placed(commits, head, (commit, landing) => ({ ...commit, landing }))

/** The same, with the caller's way to write the landing down. */
export function placed<From extends Unplaced>(
  commits: readonly From[],
  head: string,
  place: (commit: From, landing: string) => Commit,
): readonly Commit[] {
  const left = new Map(commits.map((commit) => [commit.sha, commit]))
  const all: Commit[] = []
  for (const landing of firstParents(left, head)) {
    left.delete(landing.sha)
    for (const parent of landing.parents.slice(1))
      for (const commit of take(left, parent)) all.push(place(commit, landing.sha))
    all.push(place(landing, landing.sha))
  }
  return all
}

function firstParents<From extends Unplaced>(commits: ReadonlyMap<string, From>, head: string): readonly From[] {
  const line: From[] = []
  for (let at = commits.get(head); at; at = commits.get(at.parents[0] ?? "")) line.push(at)
  return line.reverse()
}

/** Takes what `start` reaches out of `left`, parents before children; a stack of its own, since history is deep. */
function take<From extends Unplaced>(left: Map<string, From>, start: string): readonly From[] {
  const taken: From[] = []
  const way: { readonly commit: From; next: number }[] = []
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
