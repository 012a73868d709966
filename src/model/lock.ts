import { hashOf } from "./hash.ts"

/** An environment that somebody locked, or that a rollback did: nothing but the way back enters until a person unlocks it. */
export interface Lock {
  /** As GitHub calls it; environments are told apart without their case. */
  readonly environment: string
  /** Empty: the repository is one component. */
  readonly component: string
  /** Login of who locked it, or who pressed for the rollback that did. */
  readonly by: string
  /** ISO 8601 */
  readonly at: string
  readonly because: string
}

/** Names a lock in `State.locks`: one of an environment, or of one component in it. */
export const lockKey = ({ environment, component }: Pick<Lock, "environment" | "component">): string =>
  `${environment.toLowerCase()}:${component}`

const HASH_LENGTH = 12

/** Tells one lock from the next one of the same environment: a click unlocks what its page showed, and no later lock. */
export const lockId = (lock: Lock): string => hashOf(lock).slice(0, HASH_LENGTH)
