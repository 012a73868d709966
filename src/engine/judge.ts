import type { View } from "../store/look.ts"

/** What is to be decided on at an instant, from what the store shows of a key. */
export type Agenda =
  | { readonly is: "decide" }
  | { readonly is: "wait"; readonly until: Date } // the domain asked to wait for a signal's partner
  | { readonly is: "back-off"; readonly until: Date } // the run before threw
  | { readonly is: "nothing" }

/**
 * A key is decided on when a delivery came or its timer is due. While it backs off from a failure nothing starts a
 * run early: a flood of webhooks must not become a flood of requests to a peer that fails.
 */
export function judge(
  view: Pick<View, "inbox" | "revisitAt" | "failures">,
  settle: (inbox: View["inbox"], now: Date) => Date | undefined,
  now: Date,
): Agenda {
  const due = view.revisitAt !== undefined && view.revisitAt <= now
  if (view.failures > 0 && view.revisitAt !== undefined && !due) return { is: "back-off", until: view.revisitAt }
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
