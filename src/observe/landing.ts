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
export function placed<From extends Unplaced, To extends Commit>(
  commits: readonly From[],
  head: string,
  place: (commit: From, landing: string) => To,
): readonly To[] {
  const landings = new Landings<From>()
  for (const commit of commits) landings.add(commit)
  return landings.placed(head, place)
}

/** The same, for commits that come one after the other. */
export class Landings<From extends Unplaced> {
  readonly #commits: From[] = []
  readonly #bySha = new Map<string, number>()

  /** Commits may come in any order. */
  add(commit: From): void {
    this.#bySha.set(commit.sha, this.#commits.length)
    this.#commits.push(commit)
  }

  placed<To extends Commit>(head: string, place: (commit: From, landing: string) => To): readonly To[] {
    const walk = new Walk(this.#commits, this.#bySha)
    const all: To[] = []
    for (const landing of walk.firstParents(head)) {
      for (let at = 1; at < landing.parents.length; at += 1)
        for (const commit of walk.take(landing.parents[at])) all.push(place(commit, landing.sha))
      all.push(place(landing, landing.sha))
    }
    return all
  }
}

/** A walk over commits that takes each of them once. */
class Walk<From extends Unplaced> {
  readonly #commits: readonly From[]
  readonly #bySha: ReadonlyMap<string, number>
  /** By place in `commits`: marks are cheaper than taking entries out of the map. */
  readonly #taken: Uint8Array

  constructor(commits: readonly From[], bySha: ReadonlyMap<string, number>) {
    this.#commits = commits
    this.#bySha = bySha
    this.#taken = new Uint8Array(commits.length)
  }

  /** From the oldest to `head`: what the branch itself was, one after the other. */
  firstParents(head: string): readonly From[] {
    const line: From[] = []
    for (let commit = this.#enter(head); commit; commit = this.#enter(commit.parents[0])) line.push(commit)
    return line.reverse()
  }

  /** What `start` reaches and nobody took, parents before children; a stack of its own, since history is deep. */
  take(start: string | undefined): readonly From[] {
    const first = this.#enter(start)
    if (!first) return []
    const taken: From[] = []
    const way: { readonly commit: From; next: number }[] = [{ commit: first, next: 0 }]
    for (let top = way.at(-1); top; top = way.at(-1)) {
      if (top.next === top.commit.parents.length) {
        taken.push(top.commit)
        way.pop()
        continue
      }
      const commit = this.#enter(top.commit.parents[top.next++])
      if (commit) way.push({ commit, next: 0 })
    }
    return taken
  }

  /** Takes a commit; undefined: it is not there, or not any more. */
  #enter(sha: string | undefined): From | undefined {
    const at = sha === undefined ? undefined : this.#bySha.get(sha)
    if (at === undefined || this.#taken[at] === 1) return undefined
    this.#taken[at] = 1
    return this.#commits[at]
  }
}
