import { diff, gt, lt, parse } from "semver"
import type { Change } from "../model/change.ts"
import type { LineKind } from "../model/line-kind.ts"
import type { Bump, Reason, Refused } from "../model/version.ts"
import { strength } from "./classify.ts"
import type { Statement } from "./statements.ts"
import { misfit } from "./version-on-line.ts"
import { subjectOf } from "./voices.ts"

/** What a statement is held against. */
export interface Ask {
  readonly current: string | null
  /** What the line makes; stable versions where nothing is said. */
  readonly kind?: LineKind
  readonly taken: (version: string) => boolean
  /** What the changes ask for. */
  readonly computed: string | null
  /** The first of them that asks for that much. */
  readonly first: Reason | undefined
}

/** A stated version, as far as it can be followed. */
export type Followed =
  | {
      readonly is: "stands"
      readonly version: string
      readonly bump?: Bump
      readonly reason?: Reason
      readonly at?: number
    }
  | { readonly is: "refused"; readonly refused: Refused; readonly at?: number }

/** One change: what it asks for, and what is stated in it. */
export interface Sized {
  readonly change: Change
  readonly reason: Reason | null
  /** A forced bump counts. */
  readonly forced: boolean
  readonly refused: readonly Refused[]
  readonly version: Statement<string> | undefined
}

/** What the newest `Release-As` comes to; null: there is none. */
export function releaseAs(sized: readonly Sized[], ask: Ask): Followed | null {
  const at = sized.findLastIndex(({ version }) => version !== undefined)
  const { change, version: stated } = sized[at] ?? {}
  if (!change || !stated) return null
  const { what, by, states: version } = stated
  const because = unfit(version, ask)
  if (because !== undefined) return { is: "refused", refused: { what, by, because }, at }
  const bump = ask.current === null ? (ask.first?.bump ?? "minor") : bumpBetween(ask.current, version)
  return {
    is: "stands",
    version,
    bump,
    reason: { sha: change.sha, subject: `${what} (${subjectOf(change)})`, bump },
    at,
  }
}

/** Why a version that somebody stated cannot come out, and what to do; undefined: it can. */
function unfit(version: string, { current, computed, first, taken, kind }: Ask): string | undefined {
  if (current !== null && !gt(version, current)) return `${current} is out already; state a higher version`
  if (taken(version)) return `${version} is a tag, or another release’s, already; state one that is free`
  if (kind) {
    const strange = misfit(version, kind, current)
    if (strange !== undefined) return strange
  }
  if (computed === null || !lt(version, computed)) return undefined
  return `“${first?.subject}” asks for ${computed}; state at least that in a later commit, or put right what asks for it`
}

/** What the plan's version comes to; null: there is none, it is spent, or its gate says why it is too low. */
export function plannedIn(stated: string | undefined, ask: Ask): Followed | null {
  if (stated === undefined || !parse(stated)) return null
  const floor = ask.computed ?? ask.current
  if (floor !== null && !gt(stated, floor)) return null
  const because = unfit(stated, ask)
  if (because !== undefined) return { is: "refused", refused: { what: stated, by: "the plan", because } }
  return { is: "stands", version: stated }
}

export const refusedIn = (followed: Followed | null): readonly Refused[] =>
  followed?.is === "refused" ? [followed.refused] : []

/**
 * What is refused and not settled. A later `Release-As` that can be followed shows that somebody has looked, and so does
 * a later forced bump that asks for as much; one that asks for less, or skips, speaks of its own change alone.
 */
export function unsettled(sized: readonly Sized[], released: Followed | null): readonly Refused[] {
  const settled = released?.is === "stands" ? (released.at ?? -1) : -1
  const left: (readonly Refused[])[] = []
  let forced = -1
  for (let at = sized.length - 1; at >= 0; at--) {
    const { refused = [], forced: isForced, reason = null } = sized[at] ?? {}
    const asks = strength(reason?.bump ?? null)
    const bumps = at < settled || asks <= forced ? [] : refused
    const version = released?.is === "refused" && released.at === at && forced < 0 ? [released.refused] : []
    left.push([...bumps, ...version])
    if (isForced && reason) forced = Math.max(forced, asks)
  }
  return left.reverse().flat()
}

/** The first part of the version that a stated override changes. */
export function bumpBetween(current: string, stated: string): Bump {
  const kind = diff(current, stated) ?? "patch"
  if (kind.endsWith("major")) return "major"
  return kind.endsWith("minor") ? "minor" : "patch"
}
