import type { View } from "../store/look.ts"

/** What is to be decided on at an instant, from what the store shows of a key. */
export type Agenda =
  | { readonly is: "decide" }
  | { readonly is: "wait"; readonly until: Date } // the domain asked to wait for a signal's partner
  | { readonly is: "back-off"; readonly until: Date } // the run before threw
  | { readonly is: "nothing" }

interface Rules {
  readonly settle: (inbox: View["inbox"], now: Date) => Date | undefined
  /** Whether a person waits for what is decided on it. */
  readonly isAwaited: (row: View["inbox"][number]) => boolean
}

/**
 * A key is decided on when a delivery came or its timer is due. While it backs off from a failure nothing starts a
 * run early: a flood of webhooks must not become a flood of requests to a peer that fails. But a person's press that came
 * since does, once: what failed for a hint may be done for a person (a rate limit that is kept for people), or be over.
 */
export function judge(
  view: Pick<View, "inbox" | "revisitAt" | "failures" | "tried">,
  { settle, isAwaited }: Rules,
  now: Date,
): Agenda {
  const due = view.revisitAt !== undefined && view.revisitAt <= now
  const pressed = view.failures > 0 && view.inbox.some((row) => BigInt(row.seq) > BigInt(view.tried) && isAwaited(row))
  if (view.failures > 0 && view.revisitAt !== undefined && !due && !pressed)
    return { is: "back-off", until: view.revisitAt }
  if (view.inbox.length === 0) return due ? { is: "decide" } : { is: "nothing" }
  const until = settle(view.inbox, now)
  if (until === undefined || until <= now) return { is: "decide" }
  return { is: "wait", until }
}

/** When to look again at a key that rests. An earlier timer that is still to come is kept. */
export function restUntil(agenda: Agenda, revisitAt: Date | undefined, now: Date): Date | undefined {
  if (agenda.is !== "wait") return revisitAt
  return revisitAt !== undefined && revisitAt > now && revisitAt < agenda.until ? revisitAt : agenda.until
}
