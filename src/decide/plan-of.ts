import { lte } from "semver"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import { startOf } from "../model/ledger.ts"
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

/** The plan as far as it speaks of this release; null: there is none, it cannot be read, or it is spent. */
export function planOf(state: State, line: Line, release: Release): Plan | null {
  if (line.plan.is !== "valid") return null
  const plan = line.plan.value
  const version = plan.release.version
  if (version !== undefined) return isBehind(version, vouchedBefore(line, release)) ? null : plan
  if (seenHash(line.plan) === line.spent) return null
  const open = state.releases.find((r) => isBeside(r, release) && r.phase.is !== "published")
  return open && open.id !== release.id ? null : plan
}

/** Whether the line's plan is not spent: it names a version that is not out, or has not been used up by one. */
export function planInForce(line: Line, state: State): boolean {
  if (line.plan.is !== "valid") return false
  const version = line.plan.value.release.version
  if (version === undefined) return seenHash(line.plan) !== line.spent
  const out = state.releases.filter((r) => r.branch === line.branch && r.phase.is === "published").at(-1)
  const start = line.ledger && startOf(line.ledger)
  const current = out?.phase.is === "published" && !out.phase.outside ? out.phase.candidate.version : start?.version
  return !isBehind(version, current)
}

/** The version before a release as far as Slipway made it: a tag that somebody pushes spends no plan. */
function vouchedBefore({ ledger }: Line, { previous }: Release): string | undefined {
  const isForeign = ledger?.vouched !== undefined && previous?.sha === ledger.base?.sha
  return isForeign ? ledger.vouched?.version : previous?.version
}

/** A plan is spent when the release that it names is out. */
const isBehind = (version: string, current: string | undefined): boolean =>
  current !== undefined && lte(version, current)
