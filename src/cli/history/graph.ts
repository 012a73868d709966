import type { Logged } from "../read-log.ts"

/**
 * Commits by number, parents before children, so that a number says how far up in the history a commit stands.
 * Parents that are not there (a shallow clone) are left out.
 */
export interface Graph {
  readonly commits: readonly Logged[]
  readonly numberOf: ReadonlyMap<string, number>
  readonly parents: readonly (readonly number[])[]
}

/** Numbers the commits by a walk with a stack of its own, since history is deep. Linear in commits and parents. */
export function graphOf(commits: readonly Logged[]): Graph {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]))
  const numberOf = new Map<string, number>()
  const ordered: Logged[] = []
  const entered = new Set<string>()
  for (const start of commits) {
    if (entered.has(start.sha)) continue
    entered.add(start.sha)
    const way = [{ commit: start, next: 0 }]
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const parent = top.commit.parents[top.next++]
      if (parent === undefined) {
        numberOf.set(top.commit.sha, ordered.length)
        ordered.push(top.commit)
        way.pop()
        continue
      }
      const commit = bySha.get(parent)
      if (!commit || entered.has(parent)) continue
      entered.add(parent)
      way.push({ commit, next: 0 })
    }
  }
  const parents = ordered.map((commit) => commit.parents.flatMap((sha) => numberOf.get(sha) ?? []))
  return { commits: ordered, numberOf, parents }
}

/**
 * Reads ranges out of a graph, as `git rev-list include ^exclude` does: both are painted downwards, the highest number
 * first, until nothing is left that only `include` reaches. So a range costs about its own size, and what lies
 * between the end of the excluded line and where the range forked from it.
 */
export function rangesOf({ parents }: Graph): (include: number, exclude: number | null) => readonly number[] {
  // By run, not by flag: nothing has to be cleared between two ranges.
  const wanted = new Uint32Array(parents.length)
  const unwanted = new Uint32Array(parents.length)
  let run = 0
  return (include, exclude) => {
    run += 1
    const queue = new NumberQueue()
    let open = 0
    const want = (number: number) => {
      if (wanted[number] === run || unwanted[number] === run) return
      wanted[number] = run
      open += 1
      queue.push(number)
    }
    const avoid = (number: number) => {
      if (unwanted[number] === run) return
      unwanted[number] = run
      if (wanted[number] === run) open -= 1
      else queue.push(number)
    }
    if (exclude !== null) avoid(exclude)
    want(include)
    const range: number[] = []
    while (open > 0) {
      const number = queue.pop()
      const painted = unwanted[number] === run
      if (!painted) {
        range.push(number)
        open -= 1
      }
      for (const parent of parents[number] ?? []) (painted ? avoid : want)(parent)
    }
    return range
  }
}

/** A heap that gives the highest number first. */
class NumberQueue {
  readonly #heap: number[] = []

  push(number: number): void {
    const heap = this.#heap
    let at = heap.push(number) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = heap[above] as number
      if (other >= number) break
      heap[at] = other
      at = above
    }
    heap[at] = number
  }

  /** @throws where it is empty */
  pop(): number {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined) throw new Error("the queue is empty")
    if (heap.length === 0) return top
    let at = 0
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      const right = below + 1
      const child = right < heap.length && (heap[right] as number) > (heap[below] as number) ? right : below
      if ((heap[child] as number) <= last) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = last
    return top
  }
}
