import type { Nameless } from "../../model/approval.ts"
import type { Change } from "../../model/change.ts"
import type { Gate } from "../../model/gate.ts"
import {
  type ApprovalRule,
  approvalRule,
  type Coverage,
  countedApprovals,
  coverage,
  type GroupedRule,
  sameLogin,
  unreadTeams,
} from "../approvals.ts"
import { askedFor, asksNobody, each } from "../asked.ts"
import { rulesOf } from "../owners.ts"
import { reviewOf } from "../reviewed.ts"
import { list, plain, plural } from "../wording.ts"
import type { Subject } from "./subject.ts"

/** Four eyes: every change is covered by people who neither authored nor committed it. Always on. */
export function approvalsGate(subject: Subject): Gate {
  return { name: "approvals", ...judgeApprovals(subject, ruleNow(subject)) }
}

/** The rule for a release by what stands on its branch now. */
export const ruleNow = ({ config, plan, line, release }: Subject): GroupedRule =>
  approvalRule(config, plan, line.trusted ?? [], release.component)

export type Verdict = Pick<Gate, "state" | "because">

const WORST = ["failed", "unknown", "pending", "passed"] as const

/**
 * Whether the counted approvals satisfy a rule, today's, or the one that was in force before a change of the gates: the
 * rule itself, each of its groups, and one of those of which one is enough.
 */
export function judgeApprovals(subject: Subject, rule: GroupedRule): Verdict {
  if (asksNobody(rule)) return { state: "passed", because: "the configuration asks for none (approvals.required is 0)" }
  return together(rule, (one) => {
    const rules = rulesOf(subject, one)
    if (rules.is === "unknown") return { state: "unknown", because: rules.because }
    return worst(rules.rules.map(({ rule: part, changes: covered }) => judgeRule({ ...subject, covered }, part)))
  })
}

/** What a rule and its groups come to: each that has to be satisfied, and the best of those of which one is enough. */
export function together(rule: GroupedRule, judge: (one: ApprovalRule) => Verdict): Verdict {
  const rank = ({ state }: Verdict) => WORST.indexOf(state)
  const any = rule.anyOf.map(judge).toSorted((a, b) => rank(b) - rank(a))
  const all = worst([...each(rule).map(judge), ...any.slice(0, 1)])
  const others =
    all.state === "pending" && any[0]?.state === "pending" ? any.slice(1).map(({ because }) => because) : []
  return { ...all, because: [all.because, ...others].join("; or ") }
}

/** Several verdicts that all have to be good. */
function worst(verdicts: readonly Verdict[]): Verdict {
  const state = WORST.find((it) => verdicts.some((one) => one.state === it)) ?? "unknown"
  const said = verdicts.filter((one) => one.state === state).map(({ because }) => because)
  return { state, because: [...new Set(said)].join("; ") }
}

function judgeRule(subject: Subject, rule: ApprovalRule): Verdict {
  const { state, release, hash, covered: changes } = subject
  if (changes.length === 0) return { state: "unknown", because: "which changes are in the release is not known" }
  const reviewed = new Map(changes.map((change) => [change.id, reviewOf(state, change, rule.risk)]))
  const needing = changes.filter(({ id }) => reviewed.get(id)?.is !== "covered")
  const counted = countedApprovals(state, release.approvals, hash, rule).map((a) => a.by)
  const asked = (change: Change) => askedFor(state, change, rule)
  const most = Math.max(0, ...needing.map(asked))
  const [unreadTeam] = unreadTeams(state, rule)
  const unseen = unreadTeam === undefined ? "" : `; ${unreadTeam}`
  if (most > 0 && counted.length === 0)
    return { state: "pending", because: `waits for ${plural(most, "approval")}${fromWhom(rule)}${unseen}` }
  if (rule.wordOnly && counted.length < most)
    return {
      state: "pending",
      because: `still needs ${plural(most - counted.length, "approval")}${fromWhom(rule)}${unseen}`,
    }
  const { open, unread, nameless } = coverage(state, changes, counted, asked)
  const [first] = nameless.flatMap(({ unknown }) => unknown)
  if (first) return { state: "unknown", because: whyNameless(nameless, first.because) }
  if (unread.length > 0)
    return { state: "unknown", because: `the authors of ${list(unread.map(label))} could not be read` }
  const left = rule.wordOnly ? [] : open.filter((change) => needing.includes(change))
  if (left.length > 0)
    return {
      state: "pending",
      because:
        `${list(left.map((c) => `${label(c)} by ${author(subject, c)}`))} still ${left.length === 1 ? "needs" : "need"} ` +
        `${plural(Math.max(...left.map(asked)), "approval")} of somebody else${fromWhom(rule)}${unseen}`,
    }
  const reviewers = [...reviewed.values()].flatMap((one) => (one.is === "covered" ? one.by : []))
  const approvers = counted.map(({ login }) => login)
  if (rule.wordOnly && most > 0) return { state: "passed", because: `${list(approvers, 5)} said yes to it` }
  const because = covered(approvers, [...new Set(reviewers)], most === 0)
  return { state: "passed", because: `${because}${most > 0 ? inWhosePlace(rule) : ""}` }
}

const covered = (approvers: readonly string[], reviewers: readonly string[], isLow: boolean): string => {
  const by = [
    ...(isLow ? ["every change is of low risk"] : [`approved by ${list(approvers, 5)}`]),
    ...(reviewers.length > 0 ? [`reviewed by ${list(reviewers, 5)}`] : []),
  ]
  if (isLow && reviewers.length === 0) return "every change is of low risk, and the rule asks nobody for those"
  return `${by.join(isLow ? " and was " : "; what is of low risk was ")}: every change has four eyes`
}

const inWhosePlace = ({ orAdmins, from }: ApprovalRule): string =>
  orAdmins ? ` (admins of the repository in the place of ${list(from, 5)}, of whom too few are left)` : ""

/** One reason at a time, with its way out: what is left is said when this is mended. */
function whyNameless(nameless: Coverage["nameless"], because: Nameless["because"]): string {
  const of = nameless.filter(({ unknown }) => unknown.some((one) => one.because === because))
  const names = of.flatMap(({ unknown }) => unknown.flatMap((one) => (one.because === because ? one.name : [])))
  const where = list(of.map(({ change }) => label(change)))
  const [what, wayOut] = NAMELESS[because](list([...new Set(names)]))
  return `${where}: ${what}, so nobody can be shown not to have written it; ${wayOut}`
}

const NAMELESS: {
  readonly [Because in Nameless["because"]]: (names: string) => readonly [what: string, wayOut: string]
} = {
  account: (names) => [
    `GitHub does not know who ${names} is`,
    "let the author add that e-mail address to their GitHub account",
  ],
  signature: (names) => [
    `it came without a pull request in the name of ${names}, and neither who pushed it nor a verified signature is known`,
    "take it off the branch and open a pull request for it, or push it again with a signature that GitHub verifies",
  ],
  "own branch": (names) => [
    `somebody put a commit on Slipway's own branch in the name of ${names}, without a signature that GitHub verifies`,
    "take it off the release branch, and open a pull request of your own for it",
  ],
  unlisted: () => [
    "GitHub does not list all of its commits",
    "take it off the branch, and merge it again in parts of fewer commits",
  ],
}

const label = (change: Subject["changes"][number]): string => (change.pull ? change.id : change.sha.slice(0, 7))

const author = ({ state }: Subject, change: Subject["changes"][number]): string =>
  list((state.authorship[change.id]?.logins ?? []).filter((l, at, all) => all.findIndex((o) => sameLogin(o, l)) === at))

function fromWhom({ from, stakeholders, owns, orAdmins, wordOnly }: ApprovalRule): string {
  if (from.length === 0) return ""
  const whom = ` from ${list([...from, ...stakeholders], 5)}`
  if (wordOnly) return `${whom} (those who are left of whom that asks, though they wrote a part of it)`
  if (owns === undefined)
    return orAdmins
      ? `${whom} (of whom too few are left who can approve it) or from an admin of the repository in their place`
      : whom
  if (!orAdmins) return `${whom} (who own ${plain(owns)})`
  return (
    `${whom} (who owned ${plain(owns)} at the release before, and of whom too few are left who may approve it) ` +
    "or from an admin of the repository in their place"
  )
}
