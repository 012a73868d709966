import { setTimeout as delay } from "node:timers/promises"
import type { Log } from "../model/log.ts"
import { claimChore, rememberChore } from "../store/chores.ts"
import type { Db } from "../store/open.ts"

/** Something that is done every few minutes, whatever happens, by one process of all that share the database. */
export interface Chore {
  readonly name: string
  readonly everyMs: number
  /** The start does it in another way: its first time is not at once. */
  readonly isDoneAtStart?: true
  /** For the log, when it throws: "… could not be …; trying again". */
  readonly failed: string
  /** @param memory what it returned the last time, in whatever process */
  readonly run: (memory: unknown) => Promise<{
    readonly memory?: unknown
    /** There is more to do than was done at once. */
    readonly againInMs?: number
  }>
}

export interface Chores {
  /** Does each of them now, and then again and again. */
  start(): void
  /** Does each of them at once, until none has more to do. */
  now(): Promise<void>
  /** Begins none any more; resolves when those under way have ended, or after `withinMs`: they lose nothing by that. */
  stop(withinMs: number): Promise<void>
}

/** Two processes whose rounds are due at the same time do one: a little sooner than usual is not too soon. */
const SLACK = 0.8

/**
 * What is due by the wall clock, and not by the clock of the domain: that nothing is missed does not depend on what
 * anybody waits for.
 */
export function createChores(db: Db, log: Log, chores: readonly Chore[], stopping: AbortSignal): Chores {
  const loops: Promise<void>[] = []
  const turns = new Map<string, Promise<unknown>>()

  /** One after another, also when `now` comes in between. */
  function inTurn<T>(name: string, run: () => Promise<T>): Promise<T> {
    const mine = (turns.get(name) ?? Promise.resolve()).then(run)
    turns.set(
      name,
      mine.catch(() => undefined),
    )
    return mine
  }

  /** @returns in how many ms it is to be done again, or undefined if there is nothing more to do for now */
  async function once({ name, run, failed }: Chore, sinceMs: number): Promise<number | undefined> {
    try {
      const claimed = await claimChore(db, name, sinceMs)
      if (!claimed) return undefined
      const { memory, againInMs } = await run(claimed.memory)
      if (memory !== undefined) await rememberChore(db, name, memory)
      return againInMs
    } catch (err) {
      if (!stopping.aborted) log.warn({ err, chore: name }, failed)
      return undefined
    }
  }

  async function attend(chore: Chore): Promise<void> {
    // A start looks at once: what was missed while nobody was there is not to wait.
    let wait = chore.isDoneAtStart ? chore.everyMs : 0
    while (!stopping.aborted) {
      await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined)
      if (stopping.aborted) return
      const sinceMs = wait * SLACK
      wait = (await inTurn(chore.name, () => once(chore, sinceMs))) ?? chore.everyMs
    }
  }

  return {
    start: () => {
      for (const chore of chores) loops.push(attend(chore))
    },
    async now() {
      for (const chore of chores)
        while (!stopping.aborted && (await inTurn(chore.name, () => once(chore, 0))) !== undefined);
    },
    async stop(withinMs) {
      const late = new AbortController()
      const ended = Promise.all([...loops, ...turns.values()])
      await Promise.race([ended, delay(withinMs, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
    },
  }
}
