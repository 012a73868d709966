import type { Approval } from "../model/approval.ts"
import type { PageApproval } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import { approvalRule, coverage, mayApproveBy, sameLogin, standingOf } from "./approvals.ts"
import { rulesFor } from "./gates/configuration.ts"
import type { Subject } from "./gates/subject.ts"
import { plural, short } from "./wording.ts"

/** Each approval of an open release, and what it counts for at this moment. */
export const approvalsNow = (subject: Subject): readonly PageApproval[] =>
  subject.release.approvals.map((approval) => shown(subject, approval))

function shown(subject: Subject, approval: Approval): PageApproval {
  const { state, hash, config, plan, covered: changes } = subject
  const said = { by: approval.by.login, does: approval.does, at: approval.at, sha: approval.sha }
  if (approval.candidate !== hash) {
    const because =
      approval.sha === subject.sha
        ? "version, plan or configuration changed since"
        : `it was for ${short(approval.sha)}`
    return { ...said, counts: false, because }
  }
  const rule = approvalRule(config, plan, subject.line.trusted ?? [])
  const may = mayApproveBy(standingOf(state, approval.by.login), rulesFor(subject))
  if (!may.may) return { ...said, counts: false, because: may.because }
  const { by } = coverage(state, changes, [approval.by], 1)
  const covered = changes.filter((c) => by[c.id]?.some((login) => sameLogin(login, approval.by.login)))
  const reach =
    covered.length === changes.length
      ? plural(covered.length, "change")
      : `${covered.length} of ${plural(changes.length, "change")}`
  const same = approval.sha === subject.sha ? "" : `: ${short(subject.sha)} has the same tree`
  return { ...said, counts: covered.length > 0 || rule.required === 0, because: `covers ${reach} (${may.as})${same}` }
}

/** Of a release that came out without a look at its approvals: those on the commit that was published. */
export const approvalsOf = (release: Release, published: string): readonly PageApproval[] =>
  release.approvals.map(({ by, does, at, sha }) => ({
    by: by.login,
    does,
    at,
    sha,
    counts: sha === published,
    because: sha === published ? "the commit that was published" : "for another commit",
  }))
