import { setTimeout as delay } from "node:timers/promises"
import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import { findDueKeys, findStrandedKeys } from "../store/due.ts"
import type { Store } from "../store/open.ts"
import { removeOld } from "../store/remove-old.ts"

/** While timers fire: what is due comes in rows, and what failed is tried again soon. */
const BUSY_POLL_MS = 250
/** Nobody waits for a timer to the second, and a thousand deployments that wait for days cost the look alone. */
const POLL_MS = 2_000
const BUSY_MS = 5_000
const SWEEP_MS = 60_000
/** By the injected clock: what is old is a matter of the domain's time. */
const REMOVE_OLD_MS = 3_600_000

interface Polling {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** How many days deliveries and effects are kept that are done; absent: as `removeOld` has it. */
  readonly keepDays?: number | undefined
}

/**
 * Compares the timers with the injected clock until `stopping`, looks each time for wakes that nobody took, and, at once
 * and every minute, for deliveries whose wake was lost. It only wakes; whether something is to be done is found by whoever
 * takes the key. Once an hour it removes what is old, one small batch a turn, so that timers never wait for it.
 */
export async function poll({ store, clock, log, keepDays }: Polling, stopping: AbortSignal): Promise<void> {
  let sweptAt = Number.NEGATIVE_INFINITY
  let cleanAt = Number.NEGATIVE_INFINITY
  let dueAt = Number.NEGATIVE_INFINITY
  while (!stopping.aborted) {
    try {
      if (performance.now() - sweptAt >= SWEEP_MS) {
        await store.wakes.sendAll(await findStrandedKeys(store.db))
        sweptAt = performance.now()
      }
      const now = clock.now()
      if (await wakeDueKeys(store, now)) dueAt = performance.now()
      await store.wakes.nudge()
      if (now.getTime() - cleanAt >= REMOVE_OLD_MS && !(await removeOld(store.db, now, keepDays)))
        cleanAt = now.getTime()
    } catch (err) {
      if (!stopping.aborted) log.error({ err }, "timers could not be read; trying again")
    }
    const wait = performance.now() - dueAt < BUSY_MS ? BUSY_POLL_MS : POLL_MS
    await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined)
  }
}

/** @returns whether any key was due */
export async function wakeDueKeys(store: Store, now: Date): Promise<boolean> {
  const due = await findDueKeys(store.db, now)
  const orphaned = due.filter((each) => each.orphaned).map((each) => each.key)
  if (orphaned.length > 0) await store.wakes.dropActive(orphaned)
  await store.wakes.sendAll(due.map((each) => each.key))
  return due.length > 0
}
