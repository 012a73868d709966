import { sql } from "kysely"
import { organisationKey } from "../model/organisation.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/**
 * The repositories of the same installation that extend the organisation's file of this one, itself among them where it
 * does, as they were last named. Looks through the states of one installation: asked where that file was pushed to.
 */
export async function extendingRepositories(db: Db, repo: Repository): Promise<Repository[]> {
  const name = organisationKey(fullName(repo))
  const { rows } = await sql<{ repo: Repository }>`
    select repo from slipway.keys
    where repo ->> 'installation' = ${repo.installation} and state -> 'organisations' -> ${name}::text is not null
    order by key`.execute(db)
  return rows.map((row) => row.repo)
}
