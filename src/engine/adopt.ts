import { setTimeout as delay } from "node:timers/promises"
import type { Log } from "../model/log.ts"
import type { Repository } from "../model/repository.ts"

export interface AdoptOptions {
  /** Repositories that an installation reaches, page by page. A throw means: later. */
  readonly list: (installation: string) => AsyncIterable<readonly Repository[]>
  readonly known: (of: { installation: string; repositories: readonly string[] }) => Promise<readonly Repository[]>
  readonly ingest: (delivery: {
    readonly id: string
    readonly repo: Repository
    readonly signals: readonly { readonly kind: "look"; readonly because: string }[]
  }) => Promise<unknown>
  readonly log: Log
  readonly stopping: AbortSignal
  /** Between two repositories, once the first few are done. */
  readonly paceMs?: number
  /** Before a list that failed is asked for again; doubled each time. */
  readonly retryMs?: number
}

/** The history of so many is read back at once, of the others one by one, so that GitHub's hourly limit holds out. */
const AT_ONCE = 10
const PACE_MS = 5_000
const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 300_000

/**
 * Makes us look at repositories that we have never worked on, once. An installation's webhook does not say enough of
 * them to begin, so GitHub is asked: one request for 100. It is done in the background, one installation after
 * another; what a crash interrupts the next start takes up, since it begins with all installations. In the steady
 * state nothing is unknown, and a start costs no request for any repository.
 */
export function createAdopt(options: AdoptOptions): (installation: string) => void {
  const waiting = new Set<string>()
  let isWorking = false

  async function work(): Promise<void> {
    isWorking = true
    for (const installation of waiting) {
      // Taken out first: one that is asked for while it is worked on may have new repositories, and comes again.
      waiting.delete(installation)
      await adoptInTime(options, installation)
    }
    isWorking = false
  }

  return (installation) => {
    waiting.add(installation)
    if (!isWorking) void work()
  }
}

async function adoptInTime(options: AdoptOptions, installation: string): Promise<void> {
  const { log, stopping, retryMs = FIRST_RETRY_MS } = options
  for (let wait = retryMs; !stopping.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      return await adoptAll(options, installation)
    } catch (err) {
      if (stopping.aborted) return
      log.warn({ err, installation, againInMs: wait }, "the repositories of an installation could not be listed")
      await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined)
    }
  }
}

async function adoptAll(options: AdoptOptions, installation: string): Promise<void> {
  const { list, known, ingest, log, stopping, paceMs = PACE_MS } = options
  let adopted = 0
  for await (const page of list(installation)) {
    const met = new Set((await known({ installation, repositories: page.map(({ id }) => id) })).map(({ id }) => id))
    for (const repo of page.filter(({ id }) => !met.has(id))) {
      if (adopted >= AT_ONCE) await delay(paceMs, undefined, { signal: stopping, ref: false })
      await ingest({
        id: `adopt:${installation}:${repo.id}`,
        repo,
        signals: [{ kind: "look", because: "the App is installed here, and nothing is known of it yet" }],
      })
      adopted++
    }
  }
  if (adopted > 0) log.info({ installation, repositories: adopted }, "repositories are looked at for the first time")
}
