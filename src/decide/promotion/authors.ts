import type { Change } from "../../model/change.ts"
import type { Authors } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { authorshipOf, landedAuthors } from "../approvals.ts"
import { short } from "../wording.ts"

/**
 * Who wrote the changes of a release that goes out: the ledger forgets them with it, and who lets it into an environment
 * later must not be one of them.
 *
 * @returns each set of people once
 */
export function authorsOf(state: State, changes: readonly Change[]): readonly Authors[] {
  const all = changes.map((change): Authors => {
    const read = authorshipOf(state, change)
    const others = [...(change.pull ? [change.pull.author] : []), ...landedAuthors(change)]
    return {
      logins: sorted(
        [...(read?.logins ?? []), ...others.map(({ login }) => login)].map((login) => login.toLowerCase()),
      ),
      ids: sorted([...(read?.ids ?? []), ...others.flatMap(({ id }) => id ?? [])]),
      unknown: !read || read.unknown.length > 0 ? [change.pull ? change.id : short(change.sha)] : [],
    }
  })
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

const sorted = (all: readonly string[]): readonly string[] => [...new Set(all)].sort()
