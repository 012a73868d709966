import type { Environment, Live } from "../../model/deployment.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { own } from "../../model/own.ts"
import { comparisonFor, heldOf, type MetricCriterion, pausesIn, type Watched } from "../../model/watch.ts"
import { nameOf } from "../criteria/act.ts"
import { judgeComparison, type Measured } from "../metrics.ts"
import { instant, plural } from "../wording.ts"
import { type Entry, type Judged, rulesFor } from "./entry.ts"
import { isMeasured, judgedBy, together } from "./metrics.ts"

/**
 * The release keeps to each criterion of the environment before that says `pause`, where it is live: what was broken for as
 * long as the criterion says lets nothing in until it was kept to for as long; what nobody could measure is not known.
 */
export function criteriaGate(entry: Entry): Judged | null {
  const { after } = entry.rules
  const pauses = pausesBefore(entry)
  if (after === undefined || pauses.length === 0) return null
  const before = environmentBefore(entry)
  if (!before) return judgedBy("criteria", { state: "pending", because: `it is measured once it is live in ${after}` })
  return judgedBy("criteria", together(pauses.map((one) => standing(entry, before, one))))
}

function standing(
  { run }: Entry,
  environment: Environment & { readonly live: Live },
  { key, criterion }: Watched<MetricCriterion>,
): Measured {
  const { name, live } = environment
  const found = judgeComparison(run, comparisonFor(environment, live, criterion), name)
  const acted = own(heldOf(environment), key)?.acted
  const { until } = found
  // guard: paused-environment
  if (acted !== undefined)
    return {
      ...found,
      state: "failed",
      because: `paused since ${instant(acted)} by the criterion “${nameOf(criterion)}” of ${name}, until it is kept to for ${plural(criterion.for, "minute")}: ${found.because}`,
    }
  // Not for long enough to pause anything yet; nobody wants it further on at this moment.
  if (found.state === "failed") return { state: "pending", because: found.because, ...(until ? { until } : {}) }
  return found
}

/** Whether this run has measured all of them. */
export function isEntryWatched(entry: Entry): boolean {
  const before = environmentBefore(entry)
  return (
    before === undefined ||
    pausesBefore(entry).every(({ criterion }) => isMeasured(entry.run, comparisonFor(before, before.live, criterion)))
  )
}

/** By all versions of the file that count. */
function pausesBefore({ run, rules, state, release }: Entry): readonly Watched<MetricCriterion>[] {
  const line = own(state.lines, release.branch)
  return line && rules.after !== undefined ? pausesIn(rulesFor(run, line, rules.after)) : []
}

/** Where the very same commit is live; undefined: it is not. */
function environmentBefore({ rules, state, release }: Entry): (Environment & { readonly live: Live }) | undefined {
  const before = rules.after === undefined ? undefined : environmentNamed(state, rules.after, release.component)
  const live = before?.live
  return before && live && live.sha === release.phase.candidate.sha ? { ...before, live } : undefined
}
