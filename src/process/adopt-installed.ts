import { setTimeout as delay } from "node:timers/promises"
import type { Log } from "../model/log.ts"
import type { GitHub } from "../peers/github.ts"
import type { Served } from "./served.ts"

interface Adopting {
  readonly github: GitHub
  readonly served: Served
  /** Compares where the App is installed with what we take for it. */
  readonly follow: () => Promise<void>
  readonly log: Log
  readonly stopping: AbortSignal
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

/** Once a start: asks who owns the App, if that is not known yet, and where it is installed, until GitHub answers. */
export async function adoptInstalled({ github, served, follow, log, stopping }: Adopting): Promise<void> {
  for (let wait = FIRST_RETRY_MS; !stopping.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      if (!served.knowsOwner()) served.owner((await github.app()).owner)
      return await follow()
    } catch (err) {
      if (stopping.aborted) return
      log.warn({ err, againInMs: wait }, "GitHub could not be asked where the App is installed")
      await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined)
    }
  }
}
