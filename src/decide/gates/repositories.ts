import type { Gate, GateState } from "../../model/gate.ts"
import { type Place, placeName } from "../../model/joint.ts"
import { versionOf } from "../candidate.ts"
import { isOwnPlace, offerAt } from "../joint/offer-at.ts"
import { list } from "../wording.ts"
import type { Subject } from "./subject.ts"

interface Judged {
  readonly state: GateState
  readonly because: string
  readonly url?: string
}

const WORST = ["failed", "unknown", "pending"] as const

/** Every release that the plan names in another repository is ready at its version, or out. */
export function repositoriesGate(subject: Subject): Gate | null {
  const places = subject.plan?.repositories
  if (!places) return null
  const judged = places.map((place) => ({ place, ...judge(subject, place) }))
  const open = judged.filter(({ state }) => state !== "passed")
  return {
    name: "repositories",
    state: WORST.find((state) => open.some((one) => one.state === state)) ?? "passed",
    because:
      open.length === 0
        ? `${list(places.map(placeName), 10)}: each is ready, or out`
        : open.map(({ because }) => because).join("; "),
    evidence: judged.flatMap(({ place, url }) => (url === undefined ? [] : [{ text: placeName(place), url }])),
  }
}

function judge(subject: Subject, place: Place): Judged {
  if (isOwnPlace(place, subject.repo)) return judgeOwn(subject, place)
  const found = offerAt(subject, place)
  if (found.is === "none") return found
  const { offer, isPrivate } = found
  const name = placeName(place)
  const at = { url: offer.url }
  if (offer.is === "published") return { state: "passed", because: `${name} is out`, ...at }
  if (offer.leads)
    return { state: "failed", because: `the plan of ${name} names other repositories itself: one plan leads`, ...at }
  const worst = WORST.find((state) => offer.open.some((one) => one.state === state))
  if (worst) {
    // What a private repository is waiting for is nobody's business where everybody reads.
    const hidden = isPrivate && !subject.repo.private
    const said = offer.open.map(({ name, state, because }) => `${name} is ${state}${hidden ? "" : ` (${because})`}`)
    return { state: worst, because: `${name}: ${list(said, 5)}`, ...at }
  }
  if (!offer.isPinned) return { state: "pending", because: `${name} is not cut: Approve there pins what ships`, ...at }
  return { state: "passed", because: `${name} is ready`, ...at }
}

/** Where the list names the repository of the plan, it is to say where in the order its own release stands. */
function judgeOwn({ release }: Subject, place: Place): Judged {
  const version = versionOf(release)
  if (place.component === release.component && place.version === version)
    return { state: "passed", because: `${placeName(place)} is this release` }
  const own = release.component === "" ? version : `${release.component} ${version}`
  return { state: "failed", because: `the plan lists ${placeName(place)}, but this release is ${own}` }
}
