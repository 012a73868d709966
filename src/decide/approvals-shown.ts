import type { Approval } from "../model/approval.ts"
import { changesBetween } from "../model/component-ledger.ts"
import { holds } from "../model/ledger.ts"
import type { PageApproval } from "../model/page.ts"
import { landingOf, type Release } from "../model/release.ts"
import { approvalRule, coverage, mayApproveBy, sameLogin, standingOf } from "./approvals.ts"
import { asksNobody } from "./asked.ts"
import { trackFor } from "./division.ts"
import { rulesFor } from "./gates/configuration.ts"
import type { Subject } from "./gates/subject.ts"
import { list, plural, short } from "./wording.ts"

/** Each approval of an open release, and what it counts for at this moment. */
export const approvalsNow = (subject: Subject): readonly PageApproval[] =>
  subject.release.approvals.map((approval) => shown(subject, approval))

function shown(subject: Subject, approval: Approval): PageApproval {
  const { state, hash, config, plan, covered: changes } = subject
  const said = { by: approval.by.login, does: approval.does, at: approval.at, sha: approval.sha }
  if (approval.candidate !== hash) return { ...said, counts: false, because: whatMoved(subject, approval) }
  const rule = approvalRule(config, plan, subject.line.trusted ?? [], subject.release.component)
  const may = mayApproveBy(standingOf(state, approval.by.login), rulesFor(subject))
  if (!may.may) return { ...said, counts: false, because: may.because }
  const { by } = coverage(state, changes, [approval.by], () => 1)
  const covered = changes.filter((c) => by[c.id]?.some((login) => sameLogin(login, approval.by.login)))
  const reach =
    covered.length === changes.length
      ? plural(covered.length, "change")
      : `${covered.length} of ${plural(changes.length, "change")}`
  const same = approval.sha === subject.sha ? "" : `: ${short(subject.sha)} has the same tree`
  const { phase } = subject.release
  const took = phase.is === "cut" ? leadTime(phase.candidate.at, approval.at) : ""
  return {
    ...said,
    counts: covered.length > 0 || asksNobody(rule),
    because: `covers ${reach} (${may.as})${same}${took}`,
  }
}

/** How long an approval was waited for; nothing of what came at once. */
export function leadTime(asked: string, given: string): string {
  const minutes = Math.floor((Date.parse(given) - Date.parse(asked)) / 60_000)
  if (!(minutes > 0)) return ""
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const span = [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(" ")
  return `; ${span} after it was asked for`
}

/** Why an approval of something else does not count: what it was for, and what has come since. */
function whatMoved({ line, release, sha }: Subject, approval: Approval): string {
  if (approval.sha === sha) return "version, plan or configuration changed since"
  const was = `it was for ${short(approval.sha)}`
  const track = trackFor(line, release)
  const [from, to] = [landingOf(release, approval.sha), landingOf(release, sha)]
  if (!track || !holds(track.ledger, to)) return was
  if (!holds(track.ledger, from)) return `${was}, which is no longer on ${line.branch}`
  const since = changesBetween(track, "own", from, to).map((change) => (change.pull ? change.id : short(change.sha)))
  return since.length === 0 ? was : `${was}; ${plural(since.length, "change")} since: ${list(since, SINCE_SHOWN)}`
}

const SINCE_SHOWN = 5

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
