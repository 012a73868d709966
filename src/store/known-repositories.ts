import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/**
 * Repositories for which something was delivered, as they were last named: those with the ids, or "all" of the
 * installation.
 */
export async function knownRepositories(
  db: Db,
  { installation, repositories }: { installation: string; repositories: readonly string[] | "all" },
): Promise<Repository[]> {
  const which =
    repositories === "all" ? sql`repo ->> 'installation' = ${installation}` : sql`key = any(${repositories}::text[])`
  const { rows } = await sql<{ repo: Repository }>`select repo from slipway.keys where ${which} order by key`.execute(
    db,
  )
  return rows.map(({ repo }) => repo)
}
