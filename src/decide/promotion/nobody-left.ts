import type { Person } from "../../model/change.ts"
import type { Authors } from "../../model/release.ts"
import { type ApprovalRule, eligible } from "../approvals.ts"
import { asksNobody, each, mostAsked } from "../asked.ts"
import { unknownBecause } from "../gates/subject.ts"
import { list } from "../wording.ts"
import type { Entry } from "./entry.ts"
import { askedHere, entryRule, isAuthor } from "./people.ts"

/** Why nobody can let a release into an environment, and what can be done. */
export interface NobodyLeft {
  readonly because: string
  readonly waysOut: readonly string[]
}

/**
 * Whether too few people are left who may let a release in and wrote none of what they would let in; by the first rule of
 * the environment that it is so of. Undefined: some are left, nobody is asked, or it is not known who wrote or may write.
 */
export function nobodyLetsIn(entries: readonly Entry[]): NobodyLeft | undefined {
  for (const entry of entries) {
    const stuck = stuckRule(entry)
    if (stuck) return { because: whyNobody(stuck), waysOut: waysIn(stuck.rule, entry.request.environment) }
  }
  return undefined
}

interface Stuck {
  readonly rule: ApprovalRule
  readonly people: readonly Person[]
}

function stuckRule({ state, rules, release }: Entry): Stuck | undefined {
  const asked = entryRule(rules)
  const { approvers } = state
  const { authors } = release.phase
  if (!asked || !approvers || unknownBecause(state, "approvers") !== undefined || !authors) return undefined
  const rule = askedHere(asked, release)
  if (asksNobody(rule) || authors.length === 0 || authors.some(({ unknown }) => unknown.length > 0)) return undefined
  const judge = (one: ApprovalRule): Stuck | undefined => {
    const people = eligible(state, approvers, one)
    return fewest(authors, people) < mostAsked(one) ? { rule: one, people } : undefined
  }
  const any = rule.anyOf.map(judge)
  return each(rule).map(judge).find(Boolean) ?? (any.every(Boolean) ? any[0] : undefined)
}

/** Of the change that most of them wrote: how many did not. */
const fewest = (authors: readonly Authors[], people: readonly Person[]): number =>
  Math.min(...authors.map((one) => people.filter((who) => !isAuthor(one, who)).length))

function whyNobody({ rule, people }: Stuck): string {
  const from = rule.from.length > 0 ? ` (${list(rule.from, 5)})` : ""
  if (people.length === 0) return `nobody is there who may let it in${from}`
  const logins = people.map(({ login }) => login)
  return `too few of those who may let it in${from} wrote none of a change in it: ${list(logins, 5)}`
}

function waysIn({ from }: ApprovalRule, environment: string): readonly string[] {
  const teams = from.filter((who) => who.includes("/"))
  return [
    ...(from.length === 0 ? ["give somebody who wrote none of it write permission"] : []),
    ...(teams.length > 0 ? [`add somebody who wrote none of it to ${list(teams, 5)}`] : []),
    `change whom “environments.${environment}.approvals” in .github/slipway.yml asks: that counts once a release with it is approved`,
  ]
}
