import { sql } from "kysely"
import type { Face, Neighbour } from "../model/joint.ts"
import type { Repository } from "../model/repository.ts"
import type { Db } from "./open.ts"

interface Row {
  readonly name: string
  readonly private: boolean | null
  readonly looked: boolean
  readonly face: Face | null
}

/**
 * What other repositories of the same account and the same installation show of themselves, by their names in small
 * letters: as their last decision left it, read from our own database.
 */
export async function readNeighbours(
  db: Db,
  repo: Repository,
  names: readonly string[],
): Promise<{ readonly [name: string]: Neighbour }> {
  const { rows } = await sql<Row>`
    select lower((repo ->> 'owner') || '/' || (repo ->> 'name')) as name, (repo ->> 'private')::boolean as private,
           state is not null as looked, state -> 'face' as face
    from slipway.keys
    where lower((repo ->> 'owner') || '/' || (repo ->> 'name')) = any(${names}::text[])
      and lower(repo ->> 'owner') = ${repo.owner.toLowerCase()} -- guard: neighbour-of-another-account
      and repo ->> 'installation' = ${repo.installation} -- guard: neighbour-of-another-installation
      and (state ->> 'uninstalled') is distinct from 'true'`.execute(db)
  return Object.fromEntries(
    names.map((name) => [
      name,
      seen(
        name,
        rows.filter((row) => row.name === name),
      ),
    ]),
  )
}

function seen(name: string, rows: readonly Row[]): Neighbour {
  const [row, another] = rows
  if (!row)
    return {
      is: "unseen",
      because: `no repository ${name} is known to this installation of Slipway: add it to the installation, or mend the name`,
    }
  // A repository that took the name of one that was deleted: which of the two is meant, nobody can say.
  if (another)
    return { is: "unseen", because: `two repositories were known as ${name}: uninstall the one that is gone` }
  if (!row.looked) return { is: "unseen", because: `${name} was not looked at yet` }
  return { is: "seen", isPrivate: row.private !== false, face: row.face }
}
