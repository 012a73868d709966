import { randomUUID } from "node:crypto"
import type { Repository } from "../model/repository.ts"
import type { Db } from "../store/open.ts"
import { GLANCE } from "../store/remove-old.ts"
import { takeUnlooked } from "../store/unlooked.ts"

export interface GlanceOptions {
  readonly db: Db
  readonly ingest: (delivery: {
    readonly id: string
    readonly repo: Repository
    readonly signals: readonly { readonly kind: "glance" }[]
  }) => Promise<unknown>
  /** Whether so much of the installation's rate limit is left that nobody misses what this costs. */
  readonly spares: (installation: string) => boolean
  /** How long a repository may go without a look. */
  readonly everyMs: number
}

/** Keys taken at once; a thousand of them are through in ten minutes. */
const AT_ONCE = 50
const MORE_MS = 30_000

/**
 * One round: repositories with an open release that nobody has looked at for a while are glanced at, whether anything was
 * heard of them or not. A delivery that GitHub never made is found by this alone.
 */
export async function glance({ db, ingest, spares, everyMs }: GlanceOptions): Promise<{ readonly againInMs?: number }> {
  const { repos, full } = await takeUnlooked(db, { sinceMs: everyMs, most: AT_ONCE })
  for (const repo of repos)
    if (spares(repo.installation)) await ingest({ id: `${GLANCE}${randomUUID()}`, repo, signals: [{ kind: "glance" }] })
  return full ? { againInMs: MORE_MS } : {}
}
