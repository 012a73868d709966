import { sql } from "kysely"
import type { Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

/**
 * Takes some of the keys that were not looked at for `sinceMs`, by the database's clock, and says which of them have a
 * release that is not out yet; the others are not worth a look. No two processes take the same.
 *
 * @returns `full`: there may be more
 */
export async function takeUnlooked(
  db: Db,
  { sinceMs, most }: { readonly sinceMs: number; readonly most: number },
): Promise<{ readonly repos: readonly Repository[]; readonly full: boolean }> {
  const { rows } = await sql<{ repo: Repository; open: boolean }>`
    update slipway.keys k set looked_at = clock_timestamp()
    from (select key from slipway.keys
          where looked_at <= clock_timestamp() - ${sinceMs} * interval '1 millisecond'
          order by looked_at limit ${most} for update skip locked) as due
    where k.key = due.key
    returning k.repo, k.failures = 0 and coalesce((k.state -> 'uninstalled')::boolean, false) is false
      and coalesce(jsonb_path_exists(k.state, '$.releases[*].phase.is ? (@ != "published")'), false) as open`.execute(
    db,
  )
  return { repos: rows.filter(({ open }) => open).map(({ repo }) => repo), full: rows.length === most }
}
