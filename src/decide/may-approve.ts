import type { Change, Person } from "../model/change.ts"
import type { ReadinessPage } from "../model/page.ts"
import type { State } from "../model/state.ts"
import { type ApprovalRule, approvalRule, eligible, type GroupedRule, rulesIn, wrote } from "./approvals.ts"
import { askedFor, asksNobody, each, mostAsked } from "./asked.ts"
import { changedGates, gateChangers } from "./changed-gates.ts"
import { oldRule } from "./gates/configuration.ts"
import type { Subject } from "./gates/subject.ts"
import { unknownBecause } from "./gates/subject.ts"
import { rulesOf } from "./owners.ts"
import { reviewOf } from "./reviewed.ts"
import { waysOut } from "./ways-out.ts"
import { list, plain, plural } from "./wording.ts"

const SHOWN = 10

/** Who may approve the release; where nobody can, the ways out. */
export function whoMayApprove(subject: Subject): ReadinessPage["mayApprove"] {
  const { state, covered: changes, config, plan } = subject
  const rule = approvalRule(config, plan, subject.line.trusted ?? [], subject.release.component)
  const replacing = changedGates(subject.line, state, subject.release).length > 0 ? oldRule(subject) : undefined
  const old = replacing?.replaced && !asksNobody(replacing) ? replacing : undefined
  if (asksNobody(rule) && !old) return { is: "not needed", because: "approvals.required is 0 in the configuration" }
  const needing = changes.filter((change) => reviewOf(state, change, rule.risk).is !== "covered")
  if (changes.length > 0 && needing.length === 0)
    return {
      is: "not needed",
      because: "every change is of low risk, and was reviewed by somebody who wrote none of it",
    }
  if (!state.approvers)
    return {
      is: "unknown",
      because: plain(unknownBecause(state, "approvers") ?? "who has write permission was not read yet"),
    }
  const { approvers } = state
  const split = [...rulesIn(rule), ...(old ? rulesIn(old) : [])].map((one) => rulesOf(subject, one))
  const unread = split.find((one) => one.is === "unknown")
  if (unread?.is === "unknown") return { is: "unknown", because: plain(unread.because) }
  const rules = split.flatMap((one) => (one.is === "rules" ? one.rules.map((part) => part.rule) : []))
  const people = peopleOf(rules.flatMap((one) => eligible(state, approvers, one)))
  const stuck = stuckRule(subject, rule, needing) ?? (old && stuckOfBefore(subject, old, needing))
  if (stuck) {
    const allowed = eligible(state, approvers, stuck.rule)
    return { is: "nobody", because: nobody(state, stuck.changes, allowed, stuck.rule), waysOut: waysOut(stuck.rule) }
  }
  const free = people.filter((who) => needing.some((change) => !wrote(state, change, who))).map(({ login }) => login)
  return { is: "people", people: free.slice(0, SHOWN), more: Math.max(0, free.length - SHOWN), rule: sentence(rule) }
}

const peopleOf = (people: readonly Person[]): readonly Person[] => [
  ...new Map(people.map((who) => [who.login.toLowerCase(), who])).values(),
]

/** A rule that nobody is left to satisfy, with the changes that it is about; of those of which one is enough the first. */
function stuckRule(subject: Subject, rule: GroupedRule, needing: readonly Change[]) {
  const { state } = subject
  const { approvers } = state
  if (!approvers) return undefined
  const judgeOne = (one: ApprovalRule, changes: readonly Change[]) => {
    const people = eligible(state, approvers, one)
    const free = (change: Change) =>
      one.wordOnly ? people.length : people.filter((who) => !wrote(state, change, who)).length
    return { rule: one, changes: changes.filter((change) => free(change) < askedFor(state, change, one)) }
  }
  const judge = (one: ApprovalRule) => {
    const split = rulesOf(subject, one)
    const parts = split.is === "rules" ? split.rules : []
    const ofNeeding = (part: (typeof parts)[number]) => part.changes.filter((change) => needing.includes(change))
    const judged = parts.map((part) => judgeOne(part.rule, ofNeeding(part)))
    return judged.find(({ changes }) => changes.length > 0) ?? { rule: one, changes: [] }
  }
  const all = each(rule)
    .map(judge)
    .find((one) => one.changes.length > 0)
  const any = rule.anyOf.map(judge)
  return all ?? (any.every((one) => one.changes.length > 0) ? any[0] : undefined)
}

/** Of the rule in force; it asks for what changed the gates behind a candidate as well. */
function stuckOfBefore(subject: Subject, old: GroupedRule, needing: readonly Change[]) {
  const changers = gateChangers(subject.line, subject.release)
  return stuckRule({ ...subject, covered: [...subject.covered, ...changers] }, old, [...needing, ...changers])
}

function nobody(state: State, stuck: readonly Change[], people: readonly Person[], rule: ApprovalRule): string {
  const what = list(stuck.map((c) => (c.pull ? c.id : c.sha.slice(0, 7))))
  if (people.length === 0)
    return `nobody is allowed to approve${rule.from.length > 0 ? ` (${rule.from.join(", ")})` : ""}`
  const logins = list(
    people.map(({ login }) => login),
    5,
  )
  if (people.some((who) => stuck.every((change) => !wrote(state, change, who))))
    return `too few of those who may approve (${logins}) wrote none of ${what}: ${plural(mostAsked(rule), "approval")} are asked for`
  return `${what} ${stuck.length === 1 ? "was" : "were"} written by everybody who may approve (${logins})`
}

/** What a rule asks for. */
export function sentence(rule: GroupedRule): string {
  const whom = (one: ApprovalRule) =>
    plural(one.required, "approval") +
    (one.high !== undefined && one.high > one.required ? ` (${one.high} of what is of high risk)` : "") +
    (one.from.length > 0 ? ` from ${list([...one.from, ...one.stakeholders], 5)}` : "")
  const all = each(rule).map(whom)
  const any = rule.anyOf.map(whom).join(" or ")
  const only = rule.allOf.length + rule.anyOf.length === 0 && rule.from.length === 0
  return (
    `${[...all, ...(any === "" ? [] : [any])].join(" and ")} for each change, of somebody who wrote none of it` +
    (only ? ", with write permission" : "")
  )
}
