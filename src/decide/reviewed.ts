import type { Change } from "../model/change.ts"
import { own } from "../model/own.ts"
import type { State } from "../model/state.ts"
import { approvalRule, wrote } from "./approvals.ts"
import { type Subject, unknownBecause } from "./gates/subject.ts"
import { type Risk, type RiskRules, riskOf } from "./risk.ts"
import { list, plain } from "./wording.ts"

/**
 * Whether a release may turn out to need no approval once it is read: nothing of it is known to be of high risk, or to be
 * without a review, and something was not read yet. One change that is known to need an approval ends the looking.
 */
export function mayBeReviewed({ state, covered, config, plan, line, release }: Subject): boolean {
  const { risk } = approvalRule(config, plan, line.trusted ?? [], release.component)
  const open = covered.map((change) => reviewOf(state, change, risk)).filter(({ is }) => is !== "covered")
  return open.length > 0 && open.every((one) => one.is === "unread")
}

/** Whether a change is covered by the review of its pull request: of low risk, and seen by somebody else. */
export type Reviewed =
  | { readonly is: "covered"; readonly risk: Risk; readonly by: readonly string[] }
  | { readonly is: "open"; readonly risk: Risk; readonly because: string }
  /** Nobody has looked yet; what was looked at in vain is open. */
  | { readonly is: "unread"; readonly risk: Risk; readonly because: string }

/**
 * Four eyes without an approval of the release. A change of low risk is covered by an approving review of its pull
 * request at the commit that was merged, by a person who may write here and neither authored nor committed any of it;
 * by none where somebody who may write asks for changes, or where something else landed than what was reviewed.
 */
export function reviewOf(state: State, change: Change, rules: RiskRules): Reviewed {
  const risk = riskOf(state, change, rules)
  const open = (because: string): Reviewed => ({ is: "open", risk, because: plain(because) })
  if (risk.is === "unread" && unknownBecause(state, `brought:${change.id}`) === undefined)
    return { is: "unread", risk, because: risk.because }
  if (risk.is !== "low") return open(risk.because)
  const unread = unknownBecause(state, `reviews:${change.id}`) ?? unknownBecause(state, `authors:${change.id}`)
  if (unread !== undefined) return open(unread)
  const [reviews, authorship] = [own(state.reviews, change.id), own(state.authorship, change.id)]
  if (!reviews || !authorship) return { is: "unread", risk, because: "its reviews are read at the first Approve" }
  // guard: landed-otherwise
  if (!authorship.asShown) return open("what landed may be other than what its pull request showed")
  const nobody = unknownBecause(state, "approvers")
  if (!state.approvers || nobody !== undefined) return open(nobody ?? "who may write here was not read yet")
  // guard: no-writer-reviews
  const writers = new Set(state.approvers.writers.flatMap(({ id, type }) => (type === "User" ? [id] : [])))
  const refused = reviews.refused.filter(({ id }) => writers.has(id)).map(({ login }) => login)
  if (refused.length > 0) return open(`${list(refused)} asked for changes in its review`)
  // guard: own-review
  const by = reviews.approved.filter((who) => who.type === "User" && writers.has(who.id) && !wrote(state, change, who))
  return by.length > 0
    ? { is: "covered", risk, by: by.map(({ login }) => login) }
    : open("nobody who may write here, and wrote none of it, approved the commit that was merged in a review")
}
