import type { Change } from "../model/change.ts"
import { CODEOWNERS } from "../model/codeowners.ts"
import { own } from "../model/own.ts"
import { ownedKey } from "../model/owned.ts"
import { landingOf } from "../model/release.ts"
import type { ApprovalRule, GroupedRule } from "./approvals.ts"
import { each } from "./asked.ts"
import { type Subject, unknownBecause } from "./gates/subject.ts"
import { type RuleFor, rulesOfBefore } from "./owners-before.ts"
import { withStandIns } from "./stand-ins.ts"

/** A rule, owners put in the place of the word for them; or why it is not known who they are. */
type Rules =
  | { readonly is: "rules"; readonly rules: readonly RuleFor[] }
  | { readonly is: "unknown"; readonly because: string }

/**
 * A rule of names, as it is; one that asks the owners of the code, as one for each set of owners and what they own. What
 * nobody owns asks for whoever else the rule names, and where it names nobody, for anybody who may write.
 */
export function rulesOf(subject: Subject, rule: ApprovalRule): Rules {
  const { covered } = subject
  if (!rule.from.includes(CODEOWNERS)) return { is: "rules", rules: withStandIns(subject, rule, covered) }
  const others = plain(rule)
  const found = new Map<string, { readonly rule: ApprovalRule; readonly changes: Change[]; readonly before?: true }>()
  const put = (key: string, one: ApprovalRule, change: Change, before: { readonly before?: true } = {}) => {
    const known = found.get(key) ?? { rule: one, changes: [], ...before }
    if (!known.changes.includes(change)) known.changes.push(change)
    found.set(key, known)
  }
  for (const change of covered) {
    const owned = ownedBy(subject, change)
    if (typeof owned === "string") return { is: "unknown", because: owned }
    for (const { owners, path, before } of owned) {
      const asked = { ...rule, from: owners, owns: path, stakeholders: [], newcomers: [] }
      if (owners.length === 0) put("", others, change)
      else if (before) put(`before ${owners.join(" ")}`, asked, change, { before })
      else put(owners.join(" "), asked, change)
    }
    if (owned.length === 0) put("", others, change)
  }
  if (found.size === 0) return { is: "rules", rules: withStandIns(subject, others, covered) }
  // guard: owners-of-now
  const rules = [...found.values()].flatMap(({ before, ...one }) =>
    before ? rulesOfBefore(subject, one.rule, one.changes) : withStandIns(subject, one.rule, one.changes),
  )
  return { is: "rules", rules }
}

/** Who owns what a change touches, as it was read for this very end of the release; else why that is not known. */
function ownedBy({ state, release, sha }: Subject, change: Change) {
  const name = change.pull ? change.id : change.sha.slice(0, 7)
  const unread = unknownBecause(state, `owners:${ownedKey(change, release)}`)
  if (unread !== undefined) return `who owns what ${name} touches is not known: ${unread}`
  const owned = own(state.owners, ownedKey(change, release))
  if (owned?.to !== change.sha || owned.tip !== landingOf(release, sha))
    return `who owns what ${name} touches is read when somebody presses Approve`
  return owned.parts
}

/** A rule with its owners beside it, for the question whose click may count at all. */
export const withOwners = (subject: Subject, rule: GroupedRule): GroupedRule => ownersBeside(subject, rule, () => [])

/**
 * The same for what stops a release, or takes it back, and lets nothing through: owners are read at an Approve, and a Hold
 * does not wait for one. Until they are known, whoever else the rule names is heard, or anybody who may write.
 */
export const withOwnersOrWriters = (subject: Subject, rule: GroupedRule): GroupedRule =>
  ownersBeside(subject, rule, (one) => [plain(one)])

function ownersBeside(
  subject: Subject,
  rule: GroupedRule,
  whileUnknown: (one: ApprovalRule) => readonly ApprovalRule[],
): GroupedRule {
  const all = [...each(rule), ...rule.anyOf].filter(({ from, replaced }) => replaced || from.includes(CODEOWNERS))
  const known = all.flatMap((one) => {
    const split = rulesOf(subject, one)
    return split.is === "rules" ? split.rules.map((part) => part.rule) : whileUnknown(one)
  })
  return all.length === 0 ? rule : { ...rule, allOf: [...rule.allOf, ...known] }
}

/** A rule where no change stands behind it that could be owned: whoever else it names, or anybody who may write. */
export const withoutOwners = (rule: GroupedRule): GroupedRule => ({
  ...plain(rule),
  allOf: rule.allOf.map(plain),
  anyOf: rule.anyOf.map(plain),
})

const plain = <T extends ApprovalRule>(one: T): T => ({ ...one, from: one.from.filter((who) => who !== CODEOWNERS) })
