import type { Gate } from "../../model/gate.ts"
import { type ApprovalRule, approvalRule, countedApprovals, coverage, sameLogin } from "../approvals.ts"
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
  const counted = countedApprovals(state, release.approvals, hash, rule).map((a) => a.by.login)
  if (counted.length === 0)
    return { state: "pending", because: `waits for ${plural(rule.required, "approval")}${fromWhom(rule)}` }
  const { open, unread, nameless } = coverage(state, changes, counted, rule.required)
  if (nameless.length > 0)
    return {
      state: "unknown",
      because:
        `${list(nameless.map((n) => label(n.change)))}: GitHub does not know who ${list(nameless.flatMap((n) => n.names))} is, ` +
        "so nobody can be shown not to have written it; let the author add that e-mail address to their GitHub account",
    }
  if (unread.length > 0)
    return { state: "unknown", because: `the authors of ${list(unread.map(label))} could not be read` }
  if (open.length > 0)
    return {
      state: "pending",
      because:
        `${list(open.map((c) => `${label(c)} by ${author(subject, c)}`))} still ${open.length === 1 ? "needs" : "need"} ` +
        `${plural(rule.required, "approval")} of somebody else${fromWhom(rule)}`,
    }
  return { state: "passed", because: `approved by ${list(counted, 5)}: every change has four eyes` }
}

const label = (change: Subject["changes"][number]): string => (change.pull ? change.id : change.sha.slice(0, 7))

const author = ({ state }: Subject, change: Subject["changes"][number]): string =>
  list((state.authorship[change.id]?.logins ?? []).filter((l, at, all) => all.findIndex((o) => sameLogin(o, l)) === at))

const fromWhom = (rule: ApprovalRule): string =>
  rule.from.length > 0 ? ` from ${list([...rule.from, ...rule.stakeholders], 5)}` : ""
