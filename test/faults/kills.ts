import { setTimeout as delay } from "node:timers/promises"
import type { MortalApp } from "./app.ts"
import type { Fate, Write } from "./proxy.ts"

/** A write at which the app died. */
export interface Kill {
  readonly kind: string
  readonly fate: Exclude<Fate, "pass">
}

const POINTS = ["die before", "die after"] as const

/**
 * Kills at every write that is new: the first time that it comes, the app dies before the peer sees it; the second
 * time, which is the next life's attempt, when the peer has done it; from then on it passes. What Slipway writes, and
 * when, is not known here: an effect that is added later is met without a line.
 */
export class KillsAtWrites {
  readonly kills: Kill[] = []
  readonly #seen = new Map<string, number>()
  readonly #identity: (write: Write) => string
  readonly #isMine: (kind: string) => boolean
  readonly #nameOf: (write: Write) => string

  /**
   * @param identity which writes are the same
   * @param isMine the kinds that are killed at; others pass
   * @param nameOf what its kind is called, where that is more than what it sets
   */
  constructor(identity: (write: Write) => string, isMine: (kind: string) => boolean, nameOf = kindOf) {
    this.#identity = identity
    this.#isMine = isMine
    this.#nameOf = nameOf
  }

  fateOf(write: Write): Fate {
    const kind = this.#nameOf(write)
    if (!this.#isMine(kind)) return "pass"
    const same = this.#identity(write)
    const times = this.#seen.get(same) ?? 0
    this.#seen.set(same, times + 1)
    const fate = POINTS[times]
    if (!fate) return "pass"
    this.kills.push({ kind, fate })
    return fate
  }
}

/**
 * What a write does, by its address without ids and by what it sets: a release's `body` alone is another kind than its
 * `draft` flag, a message in a thread another than a first one.
 */
export function kindOf({ peer, request }: Write): string {
  const path = request.path.replace(/\/(?:\d+|[0-9a-f]{40})(?=\/|$)/g, "/:id")
  return `${peer} ${request.method} ${path} {${Object.keys(argumentsOf(request)).sort().join(" ")}}`
}

/** The same, with the name and the conclusion of a check run: each environment has one of its own. */
export function checkOf(write: Write): string {
  const { name, conclusion } = argumentsOf(write.request)
  return `${kindOf(write)}${name === undefined ? "" : ` ${name}: ${conclusion}`}`
}

/** The same, with the name of a ref that is made: tags, branches and refs of other names are made in one way. */
export function refOf(write: Write): string {
  const { ref } = argumentsOf(write.request)
  return `${kindOf(write)}${typeof ref === "string" ? ` ${ref}` : ""}`
}

/** The same content for the same target is the same write; times in it do not count. */
export function contentOf(write: Write): string {
  const text = JSON.stringify(argumentsOf(write.request))
  return `${write.request.path} ${kindOf(write)} ${text.replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?/g, "<time>")}`
}

/** GitHub is sent JSON, Slack a form. */
function argumentsOf({ headers, text, body }: Write["request"]): { readonly [name: string]: unknown } {
  return headers["content-type"]?.includes("json") ? body : Object.fromEntries(new URLSearchParams(text))
}

/** Long enough to get through a start on most lives, short enough to die in the midst of work. */
const LONGEST_LIFE_MS = 4_000

/**
 * Kills at instants that `seed` draws, in the midst of a start too, `times` times or until `done`.
 * @returns how often it did
 */
export async function killAtRandom(
  app: Pick<MortalApp, "isDead" | "kill">,
  seed: number,
  times: number,
  done: AbortSignal,
): Promise<number> {
  const draw = randomFrom(seed)
  let killed = 0
  while (killed < times && !done.aborted) {
    while (app.isDead && !done.aborted) await delay(10)
    await delay(draw() * LONGEST_LIFE_MS, undefined, { signal: done }).catch(() => undefined)
    if (done.aborted || app.isDead) continue
    await app.kill()
    killed++
  }
  return killed
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
