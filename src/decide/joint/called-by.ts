import { isSameRepository, type Lead, type Neighbour, neighbourKey } from "../../model/joint.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { fullName, type Repository } from "../../model/repository.ts"
import type { Line, State } from "../../model/state.ts"
import { versionOf } from "../candidate.ts"
import { configOf } from "../plan-of.ts"

/** A plan of another repository that names a release of this one, and where that stands in its order, from 0. */
export interface Call {
  /** The other repository. */
  readonly by: string
  /** Whether it is private: what it says then is not for everybody to read. */
  readonly isPrivate: boolean
  readonly lead: Lead
  readonly at: number
  readonly count: number
}

type Seen = Extract<Neighbour, { is: "seen" }>

/** Whose plan a release comes out with. `unknown`: nobody can say. */
export type Called =
  | { readonly is: "alone" }
  | { readonly is: "unknown"; readonly because: string }
  | { readonly is: "called"; readonly call: Call }
  | { readonly is: "several"; readonly by: readonly string[] }

/**
 * Repositories whose plans may name releases of a line. To take one out, or its configuration away, is a change of the
 * gates: until it was approved under the configuration in force the gate `configuration` holds the release. Then it is free,
 * so that no plan elsewhere can hold it for ever.
 */
export const letsOf = (line: Line): readonly string[] => configOf(line).plan.with ?? []

interface Asked {
  readonly repo: Repository
  readonly state: State
  readonly line: Line
  readonly release: Release
}

/** Only those are looked at that the repository itself lets speak for it: no plan elsewhere holds up who does not know of it. */
export function calledBy({ repo, state, line, release }: Asked): Called {
  const calls: Call[] = []
  let unread: string | undefined
  for (const name of letsOf(line)) {
    if (isSameRepository(name, fullName(repo))) continue
    const neighbour = own(state.neighbours, neighbourKey(name))
    if (!neighbour) return { is: "unknown", because: `what ${name} plans was not read yet` }
    if (neighbour.is === "unseen")
      return { is: "unknown", because: `slipway.yml names ${name} in plan.with, but ${neighbour.because}` }
    const before = calls.length
    for (const lead of neighbour.face?.leads ?? []) {
      // A row that stopped is over: what counts is whom the plan names now.
      // guard: row-that-stopped
      const places = lead.row && lead.row.is !== "stopped" ? lead.row.places : lead.places
      const at = places.findIndex(
        (place) =>
          isSameRepository(place.repo, fullName(repo)) &&
          place.component === release.component &&
          place.version === versionOf(release),
      )
      if (at >= 0) calls.push({ by: name, isPrivate: neighbour.isPrivate, lead, at, count: places.length })
    }
    // guard: plan-never-read
    if (calls.length === before) unread ??= whyUnread(repo, name, neighbour)
  }
  if (unread !== undefined) return { is: "unknown", because: unread }
  // What a row has left behind it that stopped, another plan may take along.
  const led = calls.filter(({ lead }) => !isLeft(lead))
  const [call, ...more] = led.length > 0 ? led : calls
  if (!call) return { is: "alone" }
  return more.length === 0 ? { is: "called", call } : { is: "several", by: [call, ...more].map(({ by }) => by) }
}

/** Whether a release came out, and its row stopped after that. */
export const isLeft = ({ isOut, row }: Lead): boolean => isOut === true && row?.is === "stopped"

/** Whether a plan that nobody could read may name the release. What is wrong in a private repository stays there. */
function whyUnread(repo: Repository, name: string, { face, isPrivate }: Seen): string | undefined {
  if (face?.unread === undefined) return undefined
  const why = isPrivate && !repo.private ? "see its readiness page" : face.unread
  return `whether a plan of ${name} names this release is not known (${why}): mend it there, or take ${name} out of plan.with`
}
