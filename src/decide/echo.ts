import { bodyHash } from "../model/body-hash.ts"
import type { Handles } from "../model/outcome.ts"
import type { Signal } from "../model/signal.ts"
import { draftTarget } from "../model/target.ts"

/**
 * Whether a signal is only the echo of what we wrote: a draft was created or edited, and its body is the one that we
 * gave it. A person who publishes or deletes it says more than its body does.
 */
export function isEcho(signal: Signal, handles: Handles): boolean {
  if (signal.kind !== "release-edited" || signal.body === null) return false
  if (signal.action !== "created" && signal.action !== "edited") return false
  const written = bodyHash(signal.body)
  return Object.entries(handles).some(
    ([target, { id, extra }]) =>
      target.startsWith(draftTarget("")) && id === signal.releaseId && extra?.body === written,
  )
}
