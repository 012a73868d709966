import type { Change } from "../model/change.ts"
import type { Gate } from "../model/gate.ts"
import { own } from "../model/own.ts"
import type { Publishing, Release } from "../model/release.ts"
import type { ChangeEvidence, GateEvidence, PublishingEvidence } from "../model/release-evidence.ts"
import { coverage } from "./approvals.ts"
import { approvalsNow } from "./approvals-shown.ts"
import { asksNobody } from "./asked.ts"
import { versionOf } from "./candidate.ts"
import { ruleNow } from "./gates/approvals.ts"
import type { Subject } from "./gates/subject.ts"
import { gatesOfRelease } from "./readiness.ts"
import { subjectOf } from "./release-changes.ts"
import { reviewOf } from "./reviewed.ts"
import type { Run } from "./run.ts"

/**
 * What a publication rests on, for the audit: the ledger forgets a release's changes when it is out, and checks and
 * teams go on changing. A year later this is what there is.
 */
export function evidenceOf(
  subject: Subject,
  { gates, attempt }: Pick<Publishing, "gates" | "attempt">,
): PublishingEvidence {
  const { state, release, sha, hash, config, line, covered } = subject
  const shown = approvalsNow(subject)
  const people = shown.flatMap(({ counts, does }, at) => {
    const by = release.approvals[at]?.by
    return counts && does === "approve" && by ? [by] : []
  })
  const rule = ruleNow(subject)
  // Of several groups none may ask for more than one.
  const required = asksNobody(rule) ? 0 : Math.max(1, rule.required)
  const { by } = coverage(state, covered, people, () => required)
  return {
    tag: release.tag,
    version: versionOf(release),
    sha,
    branch: line.branch,
    component: release.component,
    candidate: hash,
    attempt,
    required,
    audit: config.publish.audit !== false,
    gates: gates.map(gateEvidence),
    approvals: shown.map((one, at) => ({
      by: one.by,
      does: one.does,
      at: one.at,
      sha: one.sha,
      counts: one.counts,
      because: one.because,
      id: release.approvals[at]?.by.id ?? "",
      candidate: release.approvals[at]?.candidate ?? "",
    })),
    changes: covered.map((change) => changeEvidence(subject, change, by[change.id] ?? [])),
    checks: (own(state.evidence, sha)?.items ?? []).map(({ kind, name, app, id, state: is, word, at, url }) => ({
      kind,
      name,
      id,
      state: is,
      word,
      at,
      ...(app === undefined ? {} : { app }),
      ...(url === undefined ? {} : { url }),
    })),
    assets: (own(state.assets, release.id)?.items ?? []).map(({ id, name, sha256 }) => ({ id, name, sha256 })),
  }
}

function changeEvidence(subject: Subject, change: Change, approvers: readonly string[]): ChangeEvidence {
  const { id, sha, pull, commits } = change
  const reviewed = reviewOf(subject.state, change, ruleNow(subject).risk)
  const wrote = own(subject.state.authorship, id)?.logins ?? []
  return {
    id,
    sha,
    title: pull?.title ?? commits[0]?.message.split("\n", 1)[0] ?? "",
    ...(pull
      ? { pull: { number: pull.number, author: pull.author.login, mergedAt: pull.mergedAt, head: pull.headSha } }
      : {}),
    wrote: [...wrote],
    coveredBy: [...new Set([...approvers, ...(reviewed.is === "covered" ? reviewed.by : [])])],
    risk: { is: reviewed.risk.is === "low" ? "low" : "high", because: reviewed.risk.because },
  }
}

/** Every gate of a release as it is at this moment, for the audit. */
export function gatesSeen(run: Run, release: Release): GateEvidence[] {
  const subject = subjectOf(run, release)
  return subject ? gatesOfRelease(subject).map(gateEvidence) : []
}

const gateEvidence = ({ name, state, because, evidence }: Gate): GateEvidence => ({
  name,
  state,
  because,
  ...(evidence === undefined
    ? {}
    : { evidence: evidence.map(({ text, url }) => ({ text, ...(url === undefined ? {} : { url }) })) }),
})
