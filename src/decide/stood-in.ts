import { type ApprovalRule, mayApproveBy, rulesIn, standingOf } from "./approvals.ts"
import { rulesFor } from "./gates/configuration.ts"
import type { Subject } from "./gates/subject.ts"
import { type Run, record, reply } from "./run.ts"
import { list } from "./wording.ts"

/**
 * An admin's approval was kept, and counts in the place of people whom a rule asks and who can give it no more: that is a
 * record of its own, and the thread hears of it.
 *
 * @param subject the release as it is approved now
 */
export function tellStoodIn(run: Run, subject: Subject, by: string, at: string): void {
  const standing = standingOf(run.state, by)
  const may = (rule: ApprovalRule) => mayApproveBy(standing, [{ ...rule, allOf: [], anyOf: [] }]).may
  const rules = rulesFor(subject).flatMap(rulesIn)
  const stoodFor = rules.flatMap(({ orAdmins, ...rule }) =>
    orAdmins && may({ ...rule, orAdmins }) && !may(rule) ? rule.from : [],
  )
  const names = [...new Set(stoodFor)]
  if (names.length === 0) return
  const { id } = subject.release
  record(run, "stood in", { for: names.join(", "), sha: subject.sha, candidate: subject.hash }, { release: id, by })
  reply(run, id, `stood-in:${by}:${at}`, { is: "stood in", by, for: list(names, 5), at })
}
