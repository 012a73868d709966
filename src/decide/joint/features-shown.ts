import type { Feature } from "../../model/feature.ts"
import type { ShownFeature } from "../../model/joint.ts"
import { fullName } from "../../model/repository.ts"
import type { Line } from "../../model/state.ts"
import { issueRef, judgeFeature } from "../gates/features.ts"
import { configOf, isUnspent } from "../plan-of.ts"
import type { Run } from "../run.ts"
import { plain } from "../wording.ts"

/** Of several plans that have a feature the one counts that is furthest from being ready. */
const RANK = { unknown: 0, open: 1, ready: 2, dropped: 3, out: 4 } as const

/**
 * The features of a repository as others may need them: those of the plans that are not spent, and those that came out
 * with earlier releases and are in no plan any more.
 */
export function featuresShown(run: Run): readonly ShownFeature[] {
  const { lines, shipped = [] } = run.state
  const open = Object.values(lines)
    .filter(({ retired }) => retired === undefined)
    .flatMap((line) => featuresOn(run, line))
  const out = shipped.map(({ id, ...at }): ShownFeature => ({ id, ...at, is: "out", because: "is out" }))
  const worst = new Map<string, ShownFeature>()
  for (const one of [...out, ...open]) {
    const known = worst.get(one.id)
    if (!known || RANK[one.is] <= RANK[known.is]) worst.set(one.id, one)
  }
  return [...worst.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

const featuresOn = (run: Run, line: Line): readonly ShownFeature[] =>
  [line.plan, ...(line.plans ?? [])].flatMap((plan) => {
    if (!isUnspent(line, run.state, plan)) return []
    const { version, component = "" } = plan.value.release
    const at = { component, ...(version === undefined ? {} : { version }) }
    return plan.value.features.map((feature) => ({ id: feature.id, ...at, ...stateOf(run, line, feature) }))
  })

function stateOf(run: Run, line: Line, feature: Feature): Pick<ShownFeature, "is" | "because"> {
  if (feature.status === "dropped") return { is: "dropped", because: "is dropped" }
  const { state, because } = judgeFeature(run.state, configOf(line), feature)
  const ref = issueRef(feature)
  // Where it is read, `#812` is another repository's.
  const said = ref?.startsWith("#") ? because.replaceAll(ref, `${fullName(run.repo)}${ref}`) : because
  const is = state === "passed" ? "ready" : state === "unknown" ? "unknown" : "open"
  return { is, because: plain(said) }
}
