import type { PageRisk } from "../model/page.ts"
import { approvalRule } from "./approvals.ts"
import type { Subject } from "./gates/subject.ts"
import { reviewOf } from "./reviewed.ts"
import { list, plain, short } from "./wording.ts"

const SHOWN = 10

/** The risk of a release and of each of its changes, with the reason: of low risk is what is so in every part. */
export function riskShown(subject: Subject): PageRisk {
  const { state, covered, config, plan, line, release } = subject
  const { risk } = approvalRule(config, plan, line.trusted ?? [], release.component)
  const all = covered.map((change) => ({ change, of: reviewOf(state, change, risk) }))
  const isLow = all.length > 0 && all.every(({ of }) => of.risk.is === "low")
  // What is not low is what people look for.
  const ranked = all.toSorted((a, b) => Number(a.of.risk.is === "low") - Number(b.of.risk.is === "low"))
  const changes = ranked.map(({ change, of }) => ({
    change: change.pull ? change.id : short(change.sha),
    level: of.risk.is === "low" ? ("low" as const) : ("high" as const),
    because:
      of.risk.is !== "low"
        ? plain(of.risk.because)
        : `${of.risk.because}; ${of.is === "covered" ? `reviewed by ${list(of.by, 5)}` : of.because}`,
  }))
  return { level: isLow ? "low" : "high", changes: changes.slice(0, SHOWN), more: Math.max(0, changes.length - SHOWN) }
}
