import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { State } from "../model/state.ts"
import type { Db } from "./open.ts"

/** One repository with what is known of it. */
export interface RepositoryState {
  readonly repo: Repository
  readonly state: State
}

/**
 * What is known of repositories, one after the other: a state may be large. Those that the App was taken away from are
 * left out.
 *
 * @param names `owner/name` or `owner`, without regard to case; none: all of them
 */
export async function* repositoryStates(db: Db, names: readonly string[]): AsyncGenerator<RepositoryState> {
  const wanted = names.map((name) => name.toLowerCase())
  const which =
    wanted.length === 0
      ? sql`true`
      : sql`(lower(repo ->> 'owner') = any(${wanted}::text[])
          or lower((repo ->> 'owner') || '/' || (repo ->> 'name')) = any(${wanted}::text[]))`
  const { rows } = await sql<{ key: string }>`
    select key from slipway.keys where state is not null and ${which}
    order by lower(repo ->> 'owner'), lower(repo ->> 'name'), key`.execute(db)
  for (const { key } of rows) {
    const found = await sql<{ repo: Repository; state: State }>`
      select repo, state from slipway.keys where key = ${key} and state is not null`.execute(db)
    const [row] = found.rows
    if (row && row.state.uninstalled !== true) yield row
  }
}
