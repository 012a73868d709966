import type { Change, Person } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import { hashOf } from "../model/hash.ts"
import { own } from "../model/own.ts"
import { type ApprovalRule, type GroupedRule, sameLogin, wrote } from "./approvals.ts"
import { askedFor } from "./asked.ts"
import { type Subject, unknownBecause } from "./gates/subject.ts"
import { asMany, type RuleFor } from "./owners-before.ts"

/** Whether a configuration says another thing than the one before of who approves a component's releases. */
export function saysAnew(before: Config, now: Config, component: string): boolean {
  const asked = ({ components, approvals }: Config) =>
    hashOf({ ...(own(components, component)?.approvals ?? approvals), stakeholders: approvals.stakeholders })
  return asked(before) !== asked(now)
}

/** A rule that is in force, where the configuration says anew who approves. */
export const replaced = (rule: GroupedRule): GroupedRule => ({
  ...rule,
  replaced: true,
  allOf: rule.allOf.map((one) => ({ ...one, replaced: true })),
  anyOf: rule.anyOf.map((one) => ({ ...one, replaced: true })),
})

/**
 * The rules for changes that have to be covered by people whom the gates in force name, while another configuration, which
 * waits for their word, says anew who approves. Of a change that fewer of them can ever cover than are asked for, nobody
 * else could let that configuration in: what was merged stays in every release that comes, and so do its authors. There the
 * repository's admins cover it as well, with four eyes; those who are left have to say yes all the same, though it be to
 * what they wrote. While it is not known who is left, it stays with them. Other owners are named in CODEOWNERS.
 */
export function withStandIns(subject: Subject, rule: ApprovalRule, changes: readonly Change[]): readonly RuleFor[] {
  const { state } = subject
  const left = rule.replaced && rule.owns === undefined ? whoIsLeft(subject, rule) : undefined
  if (!left) return [{ rule, changes }]
  const able = (change: Change) => left.filter((who) => !wrote(state, change, who)).length
  const asked = (change: Change) => askedFor(state, change, rule)
  // guard: stand-ins
  const short = changes.filter((change) => able(change) < asked(change))
  if (short.length === 0) return [{ rule, changes }]
  const enough = changes.filter((change) => !short.includes(change))
  const words = Math.min(left.length, Math.max(...short.map(asked)))
  return [
    ...(enough.length > 0 ? [{ rule, changes: enough }] : []),
    { rule: { ...rule, orAdmins: true }, changes: short },
    ...(words > 0 ? [{ rule: { ...asMany(rule, words), wordOnly: true as const }, changes: short }] : []),
  ]
}

/**
 * Whose word may still count, of those whom a rule names; undefined where others may be among them: anybody who may write,
 * a team that is there, which can get other members, or one of which it is not known.
 */
function whoIsLeft(
  { state }: Subject,
  { from, stakeholders }: ApprovalRule,
): readonly Pick<Person, "login" | "id">[] | undefined {
  const { approvers } = state
  if (!approvers?.admins || unknownBecause(state, "approvers") !== undefined || from.length === 0) return undefined
  const names = [...from, ...stakeholders].map((who) => who.slice(1))
  if (names.some((name) => name.includes("/") && !approvers.gone?.includes(name))) return undefined
  const logins = names.filter((name) => !name.includes("/") && !approvers.left?.some((one) => sameLogin(one, name)))
  return [...new Map(logins.map((login) => [login.toLowerCase(), login])).values()].map(
    (login) => approvers.writers.find((writer) => sameLogin(writer.login, login)) ?? { login, id: login },
  )
}
