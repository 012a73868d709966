import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/** A repository that we have worked on; `left`: the App was taken from it, as far as we have heard. */
export interface FollowedRepository {
  readonly repo: Repository
  readonly left: boolean
}

/** Every repository that we have worked on, as it was last named. */
export async function followedRepositories(db: Db): Promise<FollowedRepository[]> {
  const { rows } = await sql<FollowedRepository>`
    select repo, coalesce((state -> 'uninstalled')::boolean, false) as left from slipway.keys order by key`.execute(db)
  return rows
}
