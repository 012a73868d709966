import { hasHotfixPath } from "../../model/entry-rules.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import type { Base } from "../../model/ledger.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { configOf } from "../plan-of.ts"
import { type Entry, type Judged, rulingLine } from "./entry.ts"

/**
 * The way of hotfixes is short since the step is: from what is live to the same with a fix. A hotfix of anything else
 * would take along, or take back, what nobody looked at there.
 */
export function hotfixGate(entry: Entry): Judged | null {
  const { state, request, release } = entry
  if (own(state.lines, release.branch)?.kind?.is !== "hotfix" || !isOnPath(entry)) return null
  const { environment } = request
  const live = environmentNamed(state, environment, release.component)?.live
  const judged = (is: "passed" | "failed" | "unknown", because: string): Judged => ({
    gate: { name: "hotfix", state: is, because },
  })
  if (!live) return judged("unknown", `nothing is known to be live in ${environment}: there is nothing that it mends`)
  if (live.sha === release.phase.candidate.sha) return judged("passed", `${live.version} is live in ${environment}`)
  const bases = basesOf(state, release)
  // guard: hotfix-of-what-is-not-live
  const from = bases.find(({ sha }) => sha === live.sha)
  if (from) return judged("passed", `made from ${from.tag}, which is live in ${environment}`)
  const [last] = bases
  const made = last ? `this hotfix was made from ${last.tag}` : "no released tag is behind this hotfix"
  return judged("failed", `${live.version} is live in ${environment}, and ${made}: make it from what is live`)
}

/** By the file in force, or by the one that is there now: as long as one of them shortens the way. */
function isOnPath(entry: Entry): boolean {
  const line = rulingLine(entry)
  const configs = line ? [...(line.inForce.config ? [line.inForce.config.value] : []), configOf(line)] : []
  return configs.some((config) => hasHotfixPath(config, entry.request.environment))
}

const BASES_MOST = 100

/** What it was made from, newest first: earlier hotfixes of its branch, and the tag that the branch was made from. */
export function basesOf(
  { releases }: Pick<State, "releases">,
  { previous, branch, component }: Release,
): readonly Base[] {
  const bases: Base[] = []
  for (let at = previous; at !== null && bases.length < BASES_MOST; ) {
    const { sha } = at
    bases.push(at)
    const before = releases.find(
      (one) =>
        one.phase.is === "published" &&
        one.phase.candidate.sha === sha &&
        one.branch === branch &&
        one.component === component,
    )
    at = before?.previous ?? null
  }
  return bases
}
