import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/** A key that wants to hear of something, as its repository was last named. */
interface Listener {
  readonly key: string
  readonly repo: Repository
}

/**
 * Who wants to hear of what happens in a repository: keys of the same account and the same installation of the App, and
 * of no other, whatever a plan names. In the order of their keys, in which two that tell the same keys lock them.
 */
export async function listenersTo(db: Db, repo: Repository, subjects: readonly string[]): Promise<Listener[]> {
  if (subjects.length === 0) return []
  const { rows } = await sql<Listener>`
    select key, repo from slipway.keys
    where listens && ${subjects}::text[] and key <> ${repo.id}
      and repo ->> 'installation' = ${repo.installation} -- guard: listener-of-another-installation
      and lower(repo ->> 'owner') = ${repo.owner.toLowerCase()}
    order by key`.execute(db)
  return rows
}
