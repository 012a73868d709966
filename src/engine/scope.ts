import type { Envelope } from "../model/decision.ts"
import type { Repository } from "../model/repository.ts"

/** A piece of work, and what it is about. */
export type Work =
  | { readonly is: "run"; readonly repo: Repository; readonly deliveries: readonly string[] }
  | { readonly is: "effect"; readonly repo: Repository; readonly effect: Envelope }

/** Does the work, so that whatever is logged or measured in it is known to be about it. */
export type Scope = <T>(of: Work, work: () => Promise<T>) => Promise<T>

export const noScope: Scope = (_, work) => work()
