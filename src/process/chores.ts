import type { Probot } from "probot"
import { type Chores, createChores } from "../engine/chores.ts"
import { fetchMissed } from "../engine/missed-deliveries.ts"
import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import { askForHookDelivery, listHookDeliveries } from "../peers/hook-deliveries.ts"
import type { Store } from "../store/open.ts"

interface Doing {
  readonly probot: Probot
  readonly store: Store
  readonly log: Log
  readonly clock: Clock
  readonly stopping: AbortSignal
}

const MINUTE_MS = 60_000

/** What this process does every few minutes so that nothing is missed for good. */
export function createProcessChores({ probot, store, log, clock, stopping }: Doing): Chores {
  const { db } = store
  return createChores(
    db,
    log,
    [
      {
        name: "missed deliveries",
        everyMs: 3 * MINUTE_MS,
        failed: "GitHub could not be asked which webhooks did not arrive; trying again",
        run: (memory) =>
          fetchMissed(
            {
              db,
              clock,
              log,
              stopping,
              list: (cursor) => listHookDeliveries(probot, cursor),
              ask: (attempt) => askForHookDelivery(probot, attempt),
            },
            memory,
          ),
      },
    ],
    stopping,
  )
}
