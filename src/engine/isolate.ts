import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import type { Lease } from "../store/lease.ts"
import { look, type View } from "../store/look.ts"
import type { Db } from "../store/open.ts"
import { buryDelivery } from "../store/postpone-run.ts"
import { failureOf } from "./failure.ts"
import type { EngineMetrics } from "./parts.ts"

interface Isolation {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly metrics: EngineMetrics
  readonly lease: Lease
  readonly abort: AbortSignal
  /** Observes and decides, and keeps nothing. @throws what a run of it throws */
  readonly rehearse: (view: View) => Promise<void>
  /** A run on the deliveries of `view`. @throws what the run throws */
  readonly decide: (view: View) => Promise<"decided" | "lost">
}

/**
 * Finds the deliveries on which a run throws, by halves, so that one bad among hundreds costs few looks at the world:
 * halves that can be decided on are; what throws alone is given up, is logged and counted. Without any delivery the
 * run must go through first: where it throws too, no delivery is to blame and none is given up.
 *
 * @throws the run's own error if it is not the deliveries', or if a peer or the database is away in between
 */
export async function isolate(isolation: Isolation, view: View): Promise<"decided" | "lost"> {
  await isolation.rehearse({ ...view, inbox: [] })
  return await decideOnPart(isolation, new Set(view.inbox.map(({ seq }) => seq)))
}

async function decideOnPart(isolation: Isolation, part: ReadonlySet<string>): Promise<"decided" | "lost"> {
  const view = await viewOf(isolation, part)
  if (!view || isolation.abort.aborted) return "lost"
  if (view.inbox.length === 0) return "decided"
  try {
    return await isolation.decide(view)
  } catch (error) {
    if (isolation.abort.aborted || failureOf(error).is === "unavailable") throw error
    if (view.inbox.length === 1) return await bury(isolation, view, error)
  }
  const all = [...part]
  const first = await decideOnPart(isolation, new Set(all.slice(0, all.length / 2)))
  return first === "lost" ? "lost" : await decideOnPart(isolation, new Set(all.slice(all.length / 2)))
}

/** What is known of the key now, with those of the deliveries that are still undecided. */
async function viewOf({ db, lease }: Isolation, part: ReadonlySet<string>): Promise<View | undefined> {
  const seen = await look(db, lease, () => ({ is: "go" }))
  return seen && { ...seen.view, inbox: seen.view.inbox.filter(({ seq }) => part.has(seq)) }
}

async function bury(isolation: Isolation, view: View, error: unknown): Promise<"decided" | "lost"> {
  const { db, lease, clock, log, metrics } = isolation
  const [row] = view.inbox
  if (!row) return "decided"
  const because = error instanceof Error ? error.message : String(error)
  if (!(await buryDelivery(db, lease, { seq: row.seq, version: view.version, because, now: clock.now() })))
    return "lost"
  metrics.deadDelivery()
  log.error({ err: error, key: lease.key, delivery: row.delivery }, "a delivery is dead: every run on it threw")
  return "decided"
}
