import type { Change } from "../model/change.ts"
import type { ReadinessPage } from "../model/page.ts"
import { type ApprovalRule, approvalRule, eligible, wrote } from "./approvals.ts"
import type { Subject } from "./gates/subject.ts"
import { unknownBecause } from "./gates/subject.ts"
import { reviewOf } from "./reviewed.ts"
import { list, plain, plural } from "./wording.ts"

const SHOWN = 10

/** Who may approve the release; where nobody can, the ways out. */
export function whoMayApprove(subject: Subject): ReadinessPage["mayApprove"] {
  const { state, covered: changes, config, plan } = subject
  const rule = approvalRule(config, plan, subject.line.trusted ?? [])
  if (rule.required === 0) return { is: "not needed", because: "approvals.required is 0 in the configuration" }
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
  const people = eligible(state.approvers, rule)
  const logins = people.map(({ login }) => login)
  const stuck = needing.filter((change) => people.filter((who) => !wrote(state, change, who)).length < rule.required)
  if (stuck.length > 0) return { is: "nobody", because: nobody(stuck, logins, rule), waysOut: waysOut(rule) }
  const free = people.filter((who) => needing.some((change) => !wrote(state, change, who))).map(({ login }) => login)
  return { is: "people", people: free.slice(0, SHOWN), more: Math.max(0, free.length - SHOWN), rule: sentence(rule) }
}

function nobody(stuck: readonly Change[], people: readonly string[], rule: ApprovalRule): string {
  const what = list(stuck.map((c) => (c.pull ? c.id : c.sha.slice(0, 7))))
  if (people.length === 0)
    return `nobody is allowed to approve${rule.from.length > 0 ? ` (${rule.from.join(", ")})` : ""}`
  return `${what} ${stuck.length === 1 ? "was" : "were"} written by everybody who may approve (${list(people, 5)})`
}

const waysOut = (rule: ApprovalRule): readonly string[] => [
  rule.from.length > 0
    ? `add a second person to ${list(rule.from, 5)}`
    : "give a second person write permission: they approve what the first one wrote",
  "set “approvals: { required: 0 }” in .github/slipway.yml, if one person alone is to release here",
]

const sentence = (rule: ApprovalRule): string =>
  `${plural(rule.required, "approval")} for each change, of somebody who wrote none of it` +
  (rule.from.length > 0 ? `, from ${list([...rule.from, ...rule.stakeholders], 5)}` : ", with write permission")
