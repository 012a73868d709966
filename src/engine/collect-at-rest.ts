import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** Longer than most pauses between two webhooks of one merge. */
const REST_MS = 5_000

/**
 * V8 collects the old generation when more is allocated. An app at rest allocates hardly anything, so that what its last
 * burst of work left would stay for hours: a sixth of what it holds. One collection once nothing ran for a while gives it
 * back, in some 50 ms in which nobody waits.
 *
 * @param collect V8's own, unless told
 * @returns what is to be called whenever work was done
 */
export function collectAtRest(collect: () => unknown = majorCollection(), restMs = REST_MS): () => void {
  const timer = setTimeout(collect, restMs).unref()
  return () => void timer.refresh()
}

/** `gc` is an extension that V8 gives to contexts that are made after it was asked for: v8/src/extensions/gc-extension.h. */
function majorCollection(): () => unknown {
  setFlagsFromString("--expose-gc")
  const gc: unknown = runInNewContext("globalThis.gc")
  setFlagsFromString("--no-expose-gc")
  return () => (typeof gc === "function" ? gc({ type: "major" }) : undefined)
}
