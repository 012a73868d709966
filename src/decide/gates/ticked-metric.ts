import type { TickingMetric } from "../../model/config-metrics.ts"
import type { GateState } from "../../model/gate.ts"
import { tickQuestion } from "../../model/metric.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { versionOf } from "../candidate.ts"
import { limitsOf, notKnown, shown } from "../metrics.ts"
import { instant, plural } from "../wording.ts"
import type { Subject } from "./subject.ts"

/** What a metric is measured of: a release at a commit. */
export type Measured = Pick<Subject, "state" | "sha" | "now"> & { readonly release: Release }

/** What was measured longer ago shows nothing any more. A timer measures what is ticked again before that. */
const STALE_MS = 40 * 60_000

/** What a metric of a checklist asks of a release. */
export const questionFor = ({ release, sha }: Pick<Measured, "release" | "sha">, metric: TickingMetric) =>
  tickQuestion(metric, { component: release.component, version: versionOf(release), sha })

/**
 * Whether a metric ticks an item, with the reason as the end of a sentence that begins with the item. No data, no answer
 * and an old answer never do.
 */
export function byMetric(at: Measured, metric: TickingMetric): { readonly state: GateState; readonly because: string } {
  const name = metric.name ?? "its metric"
  const question = questionFor(at, metric)
  const reading = own(at.state.metrics, question.key)
  if (!reading) return { state: "unknown", because: `waits for ${name}, which was not measured yet` }
  if (reading.is === "none") return { state: "unknown", because: `waits for ${notKnown(name, reading, question)}` }
  // guard: ticked-by-old-number
  if (at.now.getTime() - Date.parse(reading.at) > STALE_MS)
    return { state: "unknown", because: `waits for ${name}, which was measured last on ${instant(reading.at)}` }
  const limits = limitsOf(metric)
  const said = `${name} is ${shown(reading.value)} over ${plural(metric.window, "minute")} (measured on ${instant(reading.at)})`
  const broken = limits.filter(({ holds }) => !holds(reading.value))
  const all = (some: typeof limits) => some.map(({ says }) => says).join(" and ")
  if (limits.length === 0 || broken.length > 0)
    return { state: "pending", because: `waits: ${said}, and has to be ${all(broken)}` }
  return { state: "passed", because: `is ticked: ${said}: ${all(limits)}` }
}
