import type { Foreign } from "../../model/foreign-feature.ts"
import type { GateState } from "../../model/gate.ts"
import { isSameRepository, neighbourKey, placeName, type ShownFeature } from "../../model/joint.ts"
import { own } from "../../model/own.ts"
import { fullName } from "../../model/repository.ts"
import { isOwnPlace, isSameAccount } from "../joint/offer-at.ts"
import { orderOf } from "../joint/row.ts"
import type { Subject } from "./subject.ts"

/** A verdict on what a feature needs, with the reason as the end of a sentence that begins with the needed one. */
interface Judged {
  readonly state: GateState
  readonly because: string
}

/**
 * Whether a feature of another repository is where a release that needs it can go: it is out, or ready in a release that
 * comes out before this one, with it. Known by what that repository shows; what it does not show is not passed.
 */
export function featureElsewhere(subject: Subject, { repo, id }: Extract<Foreign, { is: "feature" }>): Judged {
  if (isSameRepository(repo, fullName(subject.repo)))
    return { state: "failed", because: `is said to be of another repository, and is this one: name it “${id}”` }
  const neighbour = own(subject.state.neighbours, neighbourKey(repo))
  if (!neighbour) return { state: "unknown", because: `is not known: ${repo} was not read yet` }
  if (neighbour.is === "unseen") return { state: "unknown", because: `is not known: ${neighbour.because}` }
  // guard: feature-of-another-account
  if (!isSameAccount(repo, subject.repo))
    return {
      state: "failed",
      because: `belongs to another account: only features of ${subject.repo.owner} can be needed`,
    }
  const { features = [], unread, lets = [] } = neighbour.face ?? {}
  const isHidden = neighbour.isPrivate && !subject.repo.private
  // guard: feature-of-a-private-repository
  if (neighbour.isPrivate && !lets.some((name) => isSameRepository(name, fullName(subject.repo))))
    return {
      state: "unknown",
      because: `is not shown to this repository: add \`with: [${fullName(subject.repo)}]\` under \`plan:\` in the slipway.yml of ${repo}`,
    }
  const feature = features.find((one) => one.id === id)
  if (feature) return judge(subject, repo, feature, isHidden)
  if (unread !== undefined)
    return {
      state: "unknown",
      because: `is not known: ${repo} could not be read (${isHidden ? "see its page" : unread})`,
    }
  return {
    state: "unknown",
    because: `is in no plan of ${repo}, and in no release of it: mend the id here, or add it to the plan there`,
  }
}

function judge(subject: Subject, repo: string, feature: ShownFeature, isHidden: boolean): Judged {
  switch (feature.is) {
    case "out":
      return { state: "passed", because: "is out" }
    case "dropped":
      return { state: "failed", because: "is dropped there" }
    case "unknown":
      return { state: "unknown", because: isHidden ? "is not known there: see its page" : feature.because }
    case "open":
      return { state: "pending", because: isHidden ? "is not ready there: see its page" : feature.because }
    case "ready":
      return ready(subject, repo, feature)
  }
}

/** Ready is not out: what needs it may go only behind it. */
function ready(subject: Subject, repo: string, { component, version }: ShownFeature): Judged {
  const order = orderOf(subject.repo, subject.release, subject.plan?.repositories ?? [])
  const isIts = (place: (typeof order)[number]) =>
    isSameRepository(place.repo, repo) &&
    place.component === component &&
    (version === undefined || place.version === version)
  const itself = order.findIndex((place) => isOwnPlace(place, subject.repo))
  const at = order.findIndex(isIts)
  // guard: needed-before
  if (at >= 0 && at < itself) return { state: "passed", because: "is ready, and comes out before" }
  const what = placeName({ repo, component, version: version ?? "" })
  if (at >= 0)
    return { state: "failed", because: `is ready, but ${what} comes out after: put it before in repositories` }
  return {
    state: "pending",
    because: `is ready, but not out: release ${what} first, or name it in repositories before this one`,
  }
}
