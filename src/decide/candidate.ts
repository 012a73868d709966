import { type Config, gatesOf } from "../model/config.ts"
import { hashOf } from "../model/hash.ts"
import type { Release } from "../model/release.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import { divisionOf, ledgerFor } from "./division.ts"
import { chosenPlan } from "./plan-of.ts"
import { pullOf } from "./pull-of.ts"

/** Identifies the part of a configuration that decides gates. */
export const gatesHash = (config: Config): string => hashOf(gatesOf(config))

/** 96 bits of SHA-256: enough to tell what was approved, short enough to stand in an `external_id`. */
const HASH_LENGTH = 24

/**
 * Identity of what is approved: the commit (or, where it is known, its tree: the same content), the version, the plan as
 * far as it speaks of this release, and the gates' configuration. When one of them moves, an approval no longer counts.
 */
export function candidateHash(state: State, line: Line, release: Release): string {
  const plan = planHash(state, line, release)
  const gates = line.config.is === "valid" ? gatesHash(line.config.value) : seenHash(line.config)
  const sha = treeOf(line, release) ?? shaOf(line, release)
  const { phase } = release
  const division = phase.is === "drafted" ? divisionOf(line, release) : phase.candidate.division
  return hashOf({
    sha,
    version: versionOf(release),
    plan,
    gates,
    ...(division === undefined ? {} : { division }),
  }).slice(0, HASH_LENGTH)
}

/** Where a file of `release-plans/` cannot be read, it may be the release's. */
function planHash(state: State, line: Line, release: Release): string {
  const broken = (line.plans ?? []).filter(({ is }) => is === "invalid")
  const chosen = chosenPlan(state, line, release)
  if (broken.length > 0 || chosen.is === "several") return hashOf((line.plans ?? []).map(seenHash))
  if (chosen.is === "one") return seenHash(chosen.plan)
  return line.plan.is === "invalid" ? seenHash(line.plan) : "none"
}

/**
 * The commit that a release speaks of: its candidate; while it is drafted the head of its pull request, or of the
 * branch as its component sees it.
 */
export function shaOf(line: Line, release: Release): string {
  if (release.phase.is !== "drafted") return release.phase.candidate.sha
  const pull = pullOf(line, release)
  if (pull) return pull.sha
  const ledger = ledgerFor(line, release)
  if (!ledger) throw new Error(`release ${release.id} is drafted on ${line.branch}, which has no ledger`)
  return ledger.head
}

const treeOf = (line: Line, release: Release): string | undefined =>
  release.phase.is === "drafted" ? pullOf(line, release)?.tree : release.phase.candidate.tree

/** The version that a release has, or would have if it were cut now. */
export function versionOf(release: Release): string {
  if (release.phase.is !== "drafted") return release.phase.candidate.version
  if (release.next.next === null) throw new Error(`release ${release.id} is drafted without a version`)
  return release.next.next
}

/** In the `external_id` of a readiness check run: which release it shows, and as what. */
export const externalId = (release: string, hash: string): string => `slipway:${release}:${hash}`

export function parseExternalId(text: string): { readonly release: string; readonly hash: string } | null {
  const match = /^slipway:(\w+):(\w+)$/.exec(text)
  return match?.[1] && match[2] ? { release: match[1], hash: match[2] } : null
}
