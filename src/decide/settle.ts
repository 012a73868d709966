import type { Signal } from "../model/signal.ts"

/** How long a run waits for the partner of a push or a merge, and lets a burst gather. */
const SETTLE_MS = 2_000

/**
 * A push and the `pull_request.closed` that caused it come in either order, and merges come in bursts: a run waits
 * until two seconds after the first of them, never longer. A person's click is never kept waiting, and the outcomes
 * of our own effects neither hurry a burst nor wait when they are alone.
 *
 * @returns the instant to wait for; undefined: decide now
 */
export function settle(
  pending: readonly { readonly signal: Signal; readonly receivedAt: Date }[],
  now: Date,
): Date | undefined {
  if (pending.some(({ signal }) => pace(signal) === "at once")) return undefined
  const gathering = pending.filter(({ signal }) => pace(signal) === "gathers")
  if (gathering.length === 0) return undefined
  const first = Math.min(...gathering.map(({ receivedAt }) => receivedAt.getTime()))
  const until = new Date(first + SETTLE_MS)
  return until > now ? until : undefined
}

/** What a person does and looks at until it is answered, and a job that stands still until it is let in. */
export const isAwaited = ({ kind }: Signal): boolean =>
  kind === "clicked" || kind === "drill asked" || kind === "requested"

function pace(signal: Signal): "at once" | "gathers" | "follows" {
  switch (signal.kind) {
    case "moved":
    case "merged":
    case "proposed":
    case "evidence":
    case "issue":
    // Most labels of most issues ask for nothing, and no burst is to be hurried by them.
    case "labelled":
    case "unlabelled":
    case "release-edited":
      return "gathers"
    case "clicked":
    case "deployed":
    case "reported":
    case "drill asked":
    case "requested":
    case "ran":
    case "look":
    case "glance":
    case "organisation":
    case "neighbour":
    case "uninstalled":
      return "at once"
    case "ended":
      return "follows"
  }
}
