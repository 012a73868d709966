import type { Json } from "./json.ts"

/**
 * What the engine remembers of a target once an effect on it has succeeded: GitHub's or Slack's id (release id,
 * check run id, message `ts`, issue number), where a person can see it, and the hash of the content last written.
 */
export interface Handle {
  readonly id: string
  readonly url?: string
  /** SHA-256 of what the peer was given: by it an echo of our own write is known, and an equal write is spared. */
  readonly written?: string
  readonly extra?: { readonly [key: string]: Json }
}

/** By target, e.g. `draft:3`, `check:readiness:3:abc…`, `thread:3`. */
export type Handles = { readonly [target: string]: Handle }

/** Why a peer did not do what was asked, when asking again would not help. */
export type Refusal =
  | "gone" // 404/410: a person deleted it
  | "forbidden" // 401/403: a permission is missing, named in `because`
  | "taken" // a tag of that name stands on another commit
  | "invalid" // 422: the peer does not accept the content
  | "expired" // the guard's time passed before the effect could run: decide again on fresh facts
  | "withdrawn" // a decision took it back before it was done: nothing was done, or will be
  | "dropped" // a person took it out of the outbox: it is not tried again; what was begun may have been done all the same
  | "unavailable" // not configured, retried in vain (a dead letter), or not tried again: it may have been done all the same

/**
 * How an effect ended. A `retry` stays in the outbox and is no outcome that anybody decides on. With `notDone` the peer
 * has answered that it did nothing (429), and the next attempt is spared the look whether it may have happened.
 */
export type Outcome =
  | { readonly is: "done"; readonly handle?: Handle; readonly result?: { readonly [key: string]: Json } }
  | { readonly is: "refused"; readonly code: Refusal; readonly because: string }
  | { readonly is: "retry"; readonly because: string; readonly afterSeconds?: number; readonly notDone?: true }
