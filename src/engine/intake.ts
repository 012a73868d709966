import { setTimeout as delay } from "node:timers/promises"

/** So many deliveries are taken in at once without anything else waiting for them. */
const EASY = 8
/** Nothing waits longer for them at a time: what is taken in is to be decided on as well. */
const PATIENCE_MS = 250

/**
 * Taking deliveries in goes before deciding on them: their sender gives up after 10 seconds, and what waits to be decided
 * on is decided together. Both share one thread, so that whoever works lets those who come in first, for a moment.
 */
export interface Intake {
  /** Counts what is taken in. */
  take<T>(keep: () => Promise<T>): Promise<T>
  /** Resolves when few are being taken in, or after a moment. */
  room(): Promise<void>
}

export function createIntake(): Intake {
  let arriving = 0
  let eased = Promise.withResolvers<void>()
  return {
    async take(keep) {
      arriving++
      try {
        return await keep()
      } finally {
        arriving--
        if (arriving === EASY) {
          eased.resolve()
          eased = Promise.withResolvers<void>()
        }
      }
    },
    async room() {
      if (arriving > EASY) await Promise.race([eased.promise, delay(PATIENCE_MS, undefined, { ref: false })])
    },
  }
}
