import { lte } from "semver"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import { type Start, startOf } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import { isBeside, type Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"

/**
 * The configuration that counts on a line: the branch's own, the defaults where there is none. Where it is invalid the
 * last one that was in force is used for what has to go on (names, channels); the gate `configuration` fails meanwhile.
 */
export function configOf(line: Line): Config {
  if (line.config.is === "valid") return line.config.value
  return line.config.is === "invalid" ? (line.inForce.config?.value ?? DEFAULT_CONFIG) : DEFAULT_CONFIG
}

/** GitHub's own arrangement of notes: it counts where the repository says nothing to Slipway itself. */
export const githubNotesOf = ({ config, githubNotes }: Line): GitHubNotes | undefined =>
  config.is === "absent" && githubNotes?.is === "valid" ? githubNotes.value : undefined

/**
 * The plan as far as it speaks of this release; null: there is none, it cannot be read, or it is spent. In a repository
 * of several components it speaks of the one that it names, or, where it names none, of each until that one is out.
 */
export function planOf(state: State, line: Line, release: Release): Plan | null {
  if (line.plan.is !== "valid") return null
  const plan = line.plan.value
  const { component } = plan.release
  if (component !== undefined && component !== release.component) return null
  const version = statedFor(plan, release)
  if (version !== undefined) return isBehind(version, vouchedBefore(line, release)) ? null : plan
  if (isSpent(line, release.component)) return null
  const open = state.releases.find((r) => isBeside(r, release) && r.phase.is !== "published")
  return open && open.id !== release.id ? null : plan
}

/**
 * The version that a plan states for a release. Of several components it has to say which one it means: a version that
 * is meant for one must not become that of the others.
 */
export const statedFor = ({ release: { version, component } }: Plan, release: Release): string | undefined =>
  (component ?? "") === release.component ? version : undefined

/** Whether the line's plan is not spent: it names a version that is not out, or has not been used up by one. */
export function planInForce(line: Line, state: State): boolean {
  if (line.plan.is !== "valid") return false
  const { version, component } = line.plan.value.release
  const names = component === undefined ? Object.keys(line.ledger?.starts ?? { "": null }) : [component]
  if (version === undefined || (component === undefined && line.ledger?.starts))
    return names.some((name) => !isSpent(line, name))
  const of = { branch: line.branch, component: component ?? "" }
  const out = state.releases.filter((r) => isBeside(r, of) && r.phase.is === "published").at(-1)
  const start = startIn(line, of.component)
  const current =
    out?.phase.is === "published" && !out.phase.outside ? out.phase.candidate.version : start && startOf(start)?.version
  return !isBehind(version, current)
}

function isSpent(line: Line, component: string): boolean {
  const by = component === "" ? line.spent : own(line.spentBy, component)
  return seenHash(line.plan) === by
}

const startIn = ({ ledger }: Line, component: string): Start | undefined =>
  component === "" ? ledger : own(ledger?.starts, component)

/** The version before a release as far as Slipway made it: a tag that somebody pushes spends no plan. */
function vouchedBefore(line: Line, { previous, component }: Release): string | undefined {
  const start = startIn(line, component)
  const isForeign = start?.vouched !== undefined && previous?.sha === start.base?.sha
  return isForeign ? start.vouched?.version : previous?.version
}

/** A plan is spent when the release that it names is out. */
const isBehind = (version: string, current: string | undefined): boolean =>
  current !== undefined && lte(version, current)
