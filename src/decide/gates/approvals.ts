import type { Nameless } from "../../model/approval.ts"
import type { Gate } from "../../model/gate.ts"
import { type ApprovalRule, approvalRule, type Coverage, countedApprovals, coverage, sameLogin } from "../approvals.ts"
import { list, plural } from "../wording.ts"
import type { Subject } from "./subject.ts"

/** Four eyes: every change is covered by people who neither authored nor committed it. Always on. */
export function approvalsGate(subject: Subject): Gate {
  const verdict = judgeApprovals(subject, approvalRule(subject.config, subject.plan, subject.line.trusted ?? []))
  return { name: "approvals", state: verdict.state, because: verdict.because }
}

/** Whether the counted approvals satisfy a rule: today's, or the one that was in force before a change of the gates. */
export function judgeApprovals(subject: Subject, rule: ApprovalRule): Pick<Gate, "state" | "because"> {
  const { state, release, hash, covered: changes } = subject
  if (rule.required === 0)
    return { state: "passed", because: "the configuration asks for none (approvals.required is 0)" }
  if (changes.length === 0) return { state: "unknown", because: "which changes are in the release is not known" }
  const counted = countedApprovals(state, release.approvals, hash, rule).map((a) => a.by)
  if (counted.length === 0)
    return { state: "pending", because: `waits for ${plural(rule.required, "approval")}${fromWhom(rule)}` }
  const { open, unread, nameless } = coverage(state, changes, counted, rule.required)
  const [first] = nameless.flatMap(({ unknown }) => unknown)
  if (first) return { state: "unknown", because: whyNameless(nameless, first.because) }
  if (unread.length > 0)
    return { state: "unknown", because: `the authors of ${list(unread.map(label))} could not be read` }
  if (open.length > 0)
    return {
      state: "pending",
      because:
        `${list(open.map((c) => `${label(c)} by ${author(subject, c)}`))} still ${open.length === 1 ? "needs" : "need"} ` +
        `${plural(rule.required, "approval")} of somebody else${fromWhom(rule)}`,
    }
  return {
    state: "passed",
    because: `approved by ${list(
      counted.map(({ login }) => login),
      5,
    )}: every change has four eyes`,
  }
}

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

const fromWhom = (rule: ApprovalRule): string =>
  rule.from.length > 0 ? ` from ${list([...rule.from, ...rule.stakeholders], 5)}` : ""
