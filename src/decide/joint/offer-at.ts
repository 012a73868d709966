import { isSameRepository, neighbourKey, type Offer, type Place } from "../../model/joint.ts"
import { own } from "../../model/own.ts"
import { fullName, type Repository } from "../../model/repository.ts"
import type { State } from "../../model/state.ts"

/** What stands at a place of another repository: its release, or why there is none that counts. */
export type Found =
  | { readonly is: "offer"; readonly offer: Offer; readonly isPrivate: boolean }
  | { readonly is: "none"; readonly state: "failed" | "pending" | "unknown"; readonly because: string }

/**
 * The release that a plan names in another repository. Only what lets itself be named counts: whoever writes a plan can
 * neither hold up nor publish, nor see, what does not know of it.
 */
export function offerAt({ repo, state }: { readonly repo: Repository; readonly state: State }, place: Place): Found {
  const none = (is: "failed" | "pending" | "unknown", because: string): Found => ({ is: "none", state: is, because })
  // guard: place-of-another-account
  if (!isSameAccount(place.repo, repo))
    return none(
      "failed",
      `${place.repo} belongs to another account: only repositories of ${repo.owner} come out together`,
    )
  const neighbour = own(state.neighbours, neighbourKey(place.repo))
  if (!neighbour) return none("unknown", `${place.repo} was not read yet`)
  if (neighbour.is === "unseen") return none("unknown", neighbour.because)
  const { offers = [], unread } = neighbour.face ?? {}
  // guard: uninvited
  const invited = offers.filter(({ lets }) => lets.some((name) => isSameRepository(name, fullName(repo))))
  if (invited.length === 0 && unread !== undefined)
    return none(
      "unknown",
      `${place.repo} could not be read: ${neighbour.isPrivate && !repo.private ? "see its page" : unread}`,
    )
  if (invited.length === 0)
    return none(
      "failed",
      `${place.repo} has no release that this plan may name: add \`with: [${fullName(repo)}]\` under \`plan:\` in its slipway.yml`,
    )
  const there = invited.filter(({ component }) => component === place.component)
  const named = there.filter(({ version }) => version === place.version)
  const offer = named.find(({ is }) => is === "published") ?? named.at(-1)
  if (offer) return { is: "offer", offer, isPrivate: neighbour.isPrivate }
  const next = there.findLast(({ is }) => is !== "published")
  const what = place.component === "" ? place.repo : `${place.component} of ${place.repo}`
  return none(
    "pending",
    next
      ? `the next release of ${what} is ${next.version}, not ${place.version}`
      : `${what} has nothing to release as ${place.version}`,
  )
}

export const isSameAccount = (name: string, { owner }: Repository): boolean =>
  name.split("/", 1)[0]?.toLowerCase() === owner.toLowerCase()

/** Whether a place is the very repository that the plan stands in. */
export const isOwnPlace = (place: Pick<Place, "repo">, repo: Repository): boolean =>
  isSameRepository(place.repo, fullName(repo))
