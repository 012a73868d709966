import { type ChecklistItem, itemsOf } from "../model/checklist.ts"
import type { MetricQuestion } from "../model/metric.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import type { Release } from "../model/release.ts"
import { shaOf } from "./candidate.ts"
import { ledgerFor } from "./division.ts"
import { byMetric, type Measured, questionFor } from "./gates/ticked-metric.ts"
import { planOf } from "./plan-of.ts"
import { putRelease, type Run } from "./run.ts"

/** What is not ticked is measured again after this time, and what nobody asked yet at once. */
const OPEN_MS = 5 * 60_000
const SOON_MS = 5_000
/** What is ticked stays so while it is measured so often. */
const TICKED_MS = 30 * 60_000

/** Keeps with each release what the metrics of its checklist ask of it: the next run reads it. */
export function askTicks(run: Run): void {
  for (const release of run.state.releases) {
    const measures = questionsOf(run, release)
    if (measures.length === 0 && !release.measures) continue
    const { measures: _, ...rest } = release
    putRelease(run, measures.length === 0 ? rest : { ...rest, measures })
  }
}

/** When what holds a release up is measured again. What is only shown on a page is not measured for its own sake. */
export function ticksAt(run: Run): readonly string[] {
  return run.state.releases.flatMap((release) => {
    const open = release.measures && openPlan(run, release)
    return (open?.plan.checklist?.before ?? []).flatMap(({ by }) =>
      open && by.is === "metric" ? againAt({ ...run, release, sha: open.sha }, by.metric) : [],
    )
  })
}

function againAt(at: Measured, metric: Parameters<typeof byMetric>[1]): string {
  const known = own(at.state.metrics, questionFor(at, metric).key)
  const after = known ? (byMetric(at, metric).state === "passed" ? TICKED_MS : OPEN_MS) : SOON_MS
  return new Date((known ? Date.parse(known.at) : at.now.getTime()) + after).toISOString()
}

function questionsOf(run: Run, release: Release): readonly MetricQuestion[] {
  const { phase } = release
  if (phase.is === "published") {
    const { sha } = phase.candidate
    return ofItems(itemsOf(phase.checklist && { before: [], ...phase.checklist }), { release, sha })
  }
  const open = openPlan(run, release)
  return open ? ofItems(itemsOf(open.plan.checklist), { release, sha: open.sha }) : []
}

/** The plan of a release that is not out, where there is a commit that it speaks of. */
function openPlan({ state }: Run, release: Release): { readonly plan: Plan; readonly sha: string } | undefined {
  const line = own(state.lines, release.branch)
  if (!line?.ledger || release.phase.is === "published") return undefined
  if (release.phase.is === "drafted" && release.next.next === null) return undefined
  const plan = planOf(state, line, release)
  // Where a component's own beginning is not known, it has no commit yet.
  if (!plan?.checklist || (release.phase.is === "drafted" && !ledgerFor(line, release))) return undefined
  return { plan, sha: shaOf(line, release) }
}

const ofItems = (items: readonly ChecklistItem[], at: Pick<Measured, "release" | "sha">): readonly MetricQuestion[] =>
  items.flatMap(({ by }) => (by.is === "metric" ? [questionFor(at, by.metric)] : []))
