import { type Environment, placeOf } from "../../model/deployment.ts"
import type { DrillEnd } from "../../model/drill.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import type { GateState } from "../../model/gate.ts"
import { tookSays } from "../drill/says.ts"
import { environmentCheckUrl } from "../links.ts"
import { instant } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

const MINUTE_MS = 60_000

/**
 * The way back was practised lately, and it works: the newest drill that came to an end in the environment that is named
 * passed, and is no older than asked for. A later one that failed says that the way back does not work any more.
 */
export function drillGate(entry: Entry): Judged | null {
  const { drilled } = entry.rules
  if (!drilled) return null
  const place = environmentNamed(entry.state, drilled.in, entry.release.component)
  if (!place) return judged("unknown", `nothing is known of ${drilled.in}, and of no drill in it`)
  const last = place.drills?.at(-1)
  const wanted = `“slipway drill ${drilled.in}” asks for one`
  if (!last) return judged("pending", `no drill was ever finished in ${drilled.in}; ${wanted}`)
  const evidence = evidenceOf(entry, place, last)
  if (last.is === "failed")
    return judged(
      "failed",
      `the drill of ${instant(last.ended)} in ${drilled.in} failed: ${last.because ?? ""}`,
      evidence,
    )
  const until = new Date(Date.parse(last.ended) + drilled.within * MINUTE_MS).toISOString()
  // guard: stale-drill
  if (entry.at >= until)
    return judged("pending", `the last drill in ${drilled.in} was on ${instant(last.ended)}; ${wanted}`, evidence)
  const took = last.back ? `, back in ${tookSays(last.back)}` : ""
  return { ...judged("passed", `a drill passed in ${drilled.in} on ${instant(last.ended)}${took}`, evidence), until }
}

type Evidence = readonly { readonly text: string; readonly url: string }[]

function evidenceOf({ run }: Entry, place: Environment, { from }: DrillEnd): Evidence {
  return [{ text: place.name, url: environmentCheckUrl(run, placeOf(place), from.sha) }]
}

const judged = (state: GateState, because: string, evidence?: Evidence): Judged => ({
  gate: { name: "drill", state, because, ...(evidence ? { evidence } : {}) },
})
