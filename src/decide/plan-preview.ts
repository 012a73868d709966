import type { Gate } from "../model/gate.ts"
import type { GatePreview } from "../model/page.ts"
import type { ProposedFiles } from "../model/proposal.ts"
import type { Release } from "../model/release.ts"
import type { Line, State } from "../model/state.ts"
import { versionOf } from "./candidate.ts"
import { seeChangedGates } from "./changed-gates.ts"
import { componentOf } from "./division.ts"
import { gatesOfRelease } from "./readiness.ts"
import { subjectOf, withVersion } from "./release-changes.ts"
import type { Run } from "./run.ts"

/** Of very many components the first few. */
const SHOWN = 10

/** A release branch as it would be with the files of a pull request. */
export function lineWith(line: Line, files: Extract<ProposedFiles, { is: "touched" }>, state: State): Line {
  const plans = files.plans ?? line.plans
  const { config, plan } = { config: files.config ?? line.config, plan: files.plan ?? line.plan }
  return seeChangedGates({ ...line, config, plan, ...(plans ? { plans } : {}) }, state)
}

/**
 * What the gates of the open releases are, and would be if a pull request were merged that changes configuration or plan.
 * What the new files name and nobody has looked at yet is unknown, as it is on the day of the merge until it is read.
 */
export function previewGates(run: Run, line: Line, then: Line): readonly GatePreview[] {
  const open = run.state.releases.filter((r) => r.branch === line.branch && r.phase.is !== "published")
  const state = withLine(run.state, then)
  return open.slice(0, SHOWN).flatMap((release) => {
    const before = gatesAt(run, release)
    const after = componentOf(then, release) ? gatesAt({ ...run, state }, asThen(state, then, release)) : undefined
    return before && after ? [compared(release, before, after)] : []
  })
}

/** What could not be read of the files on the branch says nothing of those in the pull request. */
export function withLine(state: State, line: Line): State {
  const of = [`config:${line.branch}`, `plan:${line.branch}`, `plans:${line.branch}`]
  const unknown = state.unknown.filter(({ what }) => !of.includes(what))
  return { ...state, unknown, lines: { ...state.lines, [line.branch]: line } }
}

/** A draft takes the version that the files ask for; what was cut stays what it was cut as. */
const asThen = (state: State, line: Line, release: Release): Release =>
  release.phase.is === "drafted" ? withVersion(state, line, release) : release

function gatesAt(run: Run, release: Release): readonly Gate[] | undefined {
  if (release.phase.is === "drafted" && release.next.next === null) return undefined
  const subject = subjectOf(run, release)
  return subject && gatesOfRelease(subject)
}

function compared(release: Release, before: readonly Gate[], after: readonly Gate[]): GatePreview {
  const names = [...new Set([...before, ...after].map(({ name }) => name))]
  const gates = names.map((name) => {
    const [was, is] = [before, after].map((all) => all.find((gate) => gate.name === name))
    return { name, ...(was ? { before: said(was) } : {}), ...(is ? { after: said(is) } : {}) }
  })
  const moved = gates.filter(
    (gate) => gate.before?.state !== gate.after?.state || gate.before?.because !== gate.after?.because,
  )
  return {
    version: versionOf(release),
    ...(release.component === "" ? {} : { component: release.component }),
    gates: moved,
    same: gates.length - moved.length,
  }
}

const said = ({ state, because }: Gate): Pick<Gate, "state" | "because"> => ({ state, because })
