import type { Json } from "./json.ts"
import type { Waiting } from "./waiting.ts"

/**
 * The envelope of everything that leaves Slipway. `content` is data; the family in `act/` that `kind` names renders
 * and sends it.
 */
export interface Envelope {
  readonly kind: string
  /** Deterministic, unique for ever: the same decision made twice has the same keys, and the second is dropped. */
  readonly key: string
  /** A name such as "the draft of release 3", never a peer's id: the engine keeps target → id. */
  readonly target: string
  /** Effects of one lane are applied in the order in which they were decided; lanes do not wait for each other. */
  readonly lane: string
  /** `replace`: only the newest content of a target matters. `append`: each one counts. */
  readonly mode: "replace" | "append"
  /** After this instant (ISO 8601) the effect is not applied but ends as `refused: expired`. */
  readonly guard?: { readonly notAfter: string }
  /** A target that is forgotten when this effect is done (a deleted draft). */
  readonly forgets?: boolean
  readonly content: unknown
}

/** One line of the audit trail: what was decided, from which facts, caused by whom. */
export interface AuditEntry {
  readonly what: string
  readonly release?: string
  readonly by?: string
  /** What was in force when it was decided; absent where nothing is known of the branch. */
  readonly under?: Under
  readonly facts: { readonly [key: string]: Json }
}

/** The files by which something was decided, as `PATH@BLOB` or `absent`, and the hash of the gates that they amount to. */
export interface Under {
  readonly config: string
  readonly plan: string
  readonly gates: string
}

/** An instant that release measurement needs later; recorded once per `(what, subject)`. */
export interface TimeRecord {
  readonly what:
    | "committed"
    | "merged"
    | "cut"
    | "approval-asked"
    | "approval-given"
    | "published"
    | "deployment"
    | "verified"
    | "failure-noticed"
    | "rollback-begun"
    | "rollback-ended"
  readonly release: string
  /** What it speaks of: a SHA, a PR number, a login, `environment/deployment/state`. */
  readonly subject: string
  /** ISO 8601. */
  readonly at: string
}

/** What a run decided; committed as a whole or not at all. */
export interface Decision<State, Effect extends Envelope> {
  readonly state: State
  readonly effects: readonly Effect[]
  readonly audit: readonly AuditEntry[]
  readonly times: readonly TimeRecord[]
  /** Look again at this instant (ISO 8601) even if nothing wakes the key: freezes, dates, soaks. */
  readonly revisitAt?: string
  /** Targets of which nothing will be said any more: what the engine remembers of them (their handles) is dropped. */
  readonly forgets?: readonly string[]
  /**
   * Exact targets whose appends are tried again if they ended as refused `unavailable` or `forbidden`: what stood
   * against them may have changed. Each is told again when it ends.
   */
  readonly retries?: readonly string[]
  /**
   * Exact targets whose appends that wait are not done any more: each ends as refused `withdrawn`, or, where an attempt at it
   * got no answer and it may have been done, `unavailable`. One that is under way ends as it ends, and is not tried again.
   */
  readonly withdraws?: readonly string[]
  /** What this key wants to hear of that happens in other repositories of its account; absent: nothing. */
  readonly listens?: readonly string[]
  /** The gates that it waits for now, for `/metrics`; absent: none. Nothing is decided by it. */
  readonly waiting?: readonly Waiting[]
  /** Put into the inbox of every key that listens to one of these subjects, with the decision itself or not at all. */
  readonly tells?: { readonly subjects: readonly string[]; readonly signal: Json }
}
