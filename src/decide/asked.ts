import type { Change } from "../model/change.ts"
import type { State } from "../model/state.ts"
import type { ApprovalRule, GroupedRule } from "./approvals.ts"
import { riskOf } from "./risk.ts"

/** How many have to cover a change: more, where the rule says so, unless it is known to be of low risk. */
export const askedFor = (state: State, change: Change, rule: ApprovalRule): number =>
  rule.high === undefined || riskOf(state, change, rule.risk).is === "low" ? rule.required : mostAsked(rule)

/** The most that a rule may ask for. */
export const mostAsked = ({ required, high = 0 }: Pick<ApprovalRule, "required" | "high">): number =>
  Math.max(required, high)

/** Whether a rule asks for anybody at all. */
export const asksNobody = (rule: GroupedRule): boolean =>
  mostAsked(rule) === 0 && rule.allOf.length + rule.anyOf.length === 0

/** The rules of which each has to be satisfied: itself, where it asks anybody beside its groups, and those of `allOf`. */
export const each = (rule: GroupedRule): readonly ApprovalRule[] => [
  ...(mostAsked(rule) > 0 ? [rule] : []),
  ...rule.allOf,
]
