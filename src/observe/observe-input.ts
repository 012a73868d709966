import type { Handles } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"

/** One run: the repository, what is known of it, and what has happened. */
export interface ObserveInput {
  readonly repo: Repository
  readonly state: State | undefined
  readonly signals: readonly Signal[]
  readonly handles: Handles
  readonly now: Date
  readonly abort: AbortSignal
}
