import type { Approvers } from "../model/approval.ts"
import type { Change } from "../model/change.ts"
import { type ApprovalRule, eligible, wrote } from "./approvals.ts"
import { askedFor } from "./asked.ts"
import { type Subject, unknownBecause } from "./gates/subject.ts"

/** A rule about some of the changes of a release. */
export interface RuleFor {
  readonly rule: ApprovalRule
  readonly changes: readonly Change[]
}

/**
 * The rules for owners whom only the CODEOWNERS file of the release before names. Nobody can change what that file said. So
 * of a change that fewer of them can cover than are asked for, those who can are asked all the same, and for those who are
 * missing the repository's admins, who wrote none of it either. While it is not known who is left, it stays with the owners.
 *
 * @param rule the owners' own; a set that the newest file names too is none of these
 */
export function rulesOfBefore(subject: Subject, rule: ApprovalRule, changes: readonly Change[]): readonly RuleFor[] {
  const { state } = subject
  const approvers = knownApprovers(subject, rule)
  if (!approvers) return [{ rule, changes }]
  const owners = eligible(state, approvers, rule)
  const left = (change: Change) => owners.filter((who) => !wrote(state, change, who)).length
  // guard: owners-left
  const short = changes.filter((change) => left(change) < askedFor(state, change, rule))
  const enough = changes.filter((change) => !short.includes(change))
  const byLeft = Map.groupBy(short, left)
  return [
    ...(enough.length > 0 ? [{ rule, changes: enough }] : []),
    ...(short.length > 0 ? [{ rule: { ...rule, orAdmins: true as const }, changes: short }] : []),
    ...[...byLeft].flatMap(([required, some]) =>
      required > 0 ? [{ rule: asMany(rule, required), changes: some }] : [],
    ),
  ]
}

/** The same people, of whom so many are asked, whatever the risk. */
export const asMany = ({ high: _, ...rule }: ApprovalRule, required: number): ApprovalRule => ({ ...rule, required })

/** Who may approve, where all of it that such a rule rests on is known. */
function knownApprovers({ state }: Subject, { from }: ApprovalRule): Approvers | undefined {
  const { approvers } = state
  if (!approvers?.admins || unknownBecause(state, "approvers") !== undefined) return undefined
  const isKnown = (team: string) => approvers.teams[team] !== undefined || approvers.gone?.includes(team) === true
  const teams = from.flatMap((who) => (who.includes("/") ? [who.slice(1)] : []))
  return teams.every(isKnown) ? approvers : undefined
}
