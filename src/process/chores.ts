import type { Probot } from "probot"
import { type Chores, createChores } from "../engine/chores.ts"
import type { Engine } from "../engine/engine.ts"
import { glance } from "../engine/glances.ts"
import { fetchMissed } from "../engine/missed-deliveries.ts"
import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import type { Signal } from "../model/signal.ts"
import type { RateLimits } from "../peers/github-limits.ts"
import { askForHookDelivery, listHookDeliveries } from "../peers/hook-deliveries.ts"
import type { Store } from "../store/open.ts"

interface Doing {
  readonly probot: Probot
  readonly store: Store
  readonly engine: Pick<Engine<Signal>, "ingest">
  /** Compares where the App is installed with what we take for it. */
  readonly follow: () => Promise<void>
  readonly limits: Pick<RateLimits, "spares">
  readonly log: Log
  readonly clock: Clock
  readonly stopping: AbortSignal
}

const MINUTE_MS = 60_000
/**
 * An installation token is another one each hour, and with it GitHub's ETags: of two glances one costs nothing. A hundred
 * open releases of one installation cost it some 800 of its 5,000 requests an hour without any ETag.
 */
const GLANCE_EVERY_MS = 30 * MINUTE_MS

/** What this process does every few minutes so that nothing is missed for good. */
export function createProcessChores({ probot, store, engine, follow, limits, log, clock, stopping }: Doing): Chores {
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
      {
        name: "glances",
        everyMs: MINUTE_MS,
        failed: "repositories could not be taken for a glance; trying again",
        run: () => glance({ db, ingest: engine.ingest, spares: limits.spares, everyMs: GLANCE_EVERY_MS }),
      },
      {
        name: "installations",
        everyMs: 10 * MINUTE_MS,
        isDoneAtStart: true,
        failed: "GitHub could not be asked where the App is installed; trying again",
        run: async () => {
          await follow()
          return {}
        },
      },
    ],
    stopping,
  )
}
