import type { Change } from "../../model/change.ts"
import type { Config } from "../../model/config.ts"
import type { Plan } from "../../model/plan.ts"
import type { Release } from "../../model/release.ts"
import type { Repository } from "../../model/repository.ts"
import type { Line, State } from "../../model/state.ts"

/** What a gate looks at: one release at one commit. Each gate is a pure function of this. */
export interface Subject {
  readonly repo: Repository
  readonly state: State
  readonly line: Line
  readonly release: Release
  readonly sha: string
  readonly changes: readonly Change[]
  /** What approvals have to cover: the changes, and those behind a tag that Slipway did not make. */
  readonly covered: readonly Change[]
  readonly config: Config
  /** As far as it speaks of this release. */
  readonly plan: Plan | null
  /** The candidate hash that approvals have to be bound to. */
  readonly hash: string
  readonly now: Date
}

/** Why a thing is unknown, if it is: the reason that the last reading gave. */
export const unknownBecause = (state: Pick<State, "unknown">, what: string): string | undefined =>
  state.unknown.find((u) => u.what === what)?.because
