import type { Answer } from "./approval.ts"
import type { Person } from "./change.ts"
import type { Drill, DrillEnd, DrillsSeen } from "./drill.ts"
import type { Rollback } from "./rollback.ts"
import type { Watch } from "./watch.ts"

/** A release at the moment it was live somewhere. */
export interface Live {
  readonly release: string
  readonly version: string
  readonly sha: string
  /** ISO 8601. */
  readonly since: string
  /** GitHub's deployment id, as text. */
  readonly deployment: string
  /** ISO 8601: when another release took its place. */
  readonly until?: string
  /** Absent: its environment asks for none, so that being live is all there is to show. */
  readonly verification?: Verification
  /** The digests of what was deployed, where the deployment named them. */
  readonly artifact?: readonly string[]
  /** It went in although no gate let it in. */
  readonly unasked?: true
  /** A system outside of GitHub said so: GitHub knows no such deployment. */
  readonly reported?: true
}

/** Whether what is live has shown what its environment asks of it from then on (`verify`). All instants are ISO 8601. */
export type Verification =
  | {
      readonly is: "running"
      /** Nothing is decided before. */
      readonly ends: string
      /** What it rests on is read by the next run. */
      readonly asked?: string
      /** Not looked at again before, and why it was not shown the last time. */
      readonly again?: string
      readonly missing?: string
    }
  | { readonly is: "passed"; readonly at: string }
  | { readonly is: "failed"; readonly at: string; readonly because: string }

/** Without a verification that is asked for, whatever is live is taken for good. */
export const isVerified = ({ verification }: Live): boolean =>
  verification === undefined || verification.is === "passed"

/** A release that failed in an environment. */
export interface Failed {
  readonly release: string
  readonly version: string
  readonly deployment: string
  readonly at: string
  /** Why, where it was live already: what its verification found. */
  readonly because?: string
}

/** An environment was seen at something that is no release. */
export interface Drift {
  readonly environment: string
  /** Absent: nobody said, so that it may be any of them. */
  readonly component?: string
  /** Empty: only a version was told, and none is known by that name. */
  readonly sha: string
  /** What was deployed, as whoever did it named it. */
  readonly ref: string
  /** ISO 8601 */
  readonly since: string
  readonly deployment: string
  readonly by: string
}

/** What is known of one environment; in a repository of several components, of one component in it. */
export interface Environment {
  readonly name: string
  /** Absent: the repository is one component. */
  readonly component?: string
  readonly live?: Live
  /** Releases that were live and verified, oldest first: the newest other than a bad one is the last known good. */
  readonly good: readonly Live[]
  /** The last few that others took the place of before they were verified, oldest first. */
  readonly unverified?: readonly Live[]
  readonly failed?: Failed
  /** The last failures of other releases before it, oldest first: none is forgotten because another one failed. */
  readonly failedBefore?: readonly Failed[]
  readonly rollback?: Rollback
  /** The drill that is under way: the rollback is one half of it. */
  readonly drill?: Drill
  /** The last ones that came to an end of their own, the newest last. */
  readonly drills?: readonly DrillEnd[]
  readonly drillsSeen?: DrillsSeen
  /** Somebody asked for one, and a second person has to ask for the same. `to`: an earlier release than the last known good. */
  readonly asked?: { readonly release: string; readonly to?: string; readonly by: Person; readonly at: string }
  /** What its criteria came to since what is live there is. */
  readonly watch?: Watch
  /** The newest deployment status that was taken in, per deployment: late events change nothing. */
  readonly statuses: { readonly [deployment: string]: { readonly id: string; readonly state: string } }
  readonly answers: readonly Answer[]
}

/** Tells the environments of a repository apart: two components are in one without replacing each other. */
export const placeOf = ({ name, component = "" }: Pick<Environment, "name" | "component">): string =>
  component === "" ? name : `${name} (${component})`

/** The rollback that an environment speaks of, and the one that it will speak of again after a drill. */
export const rollbacksIn = ({ rollback, drill }: Environment): readonly Rollback[] => [
  ...(rollback ? [rollback] : []),
  ...(drill?.before ? [drill.before] : []),
]
