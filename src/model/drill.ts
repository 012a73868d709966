import type { Rollback, RollbackEnd } from "./rollback.ts"

/** Who wants a drill, and when (ISO 8601): a token by name, or the timetable. */
export interface DrillAsk {
  readonly by: string
  readonly at: string
}

/** One half of a drill: to the earlier release, or to the one that was live again. Instants are ISO 8601. */
export interface DrillLeg {
  readonly begun: string
  /** When what it goes to was live. Absent: it never was. */
  readonly live?: string
  /** When it was shown to be well, or came to nothing. */
  readonly ended: string
}

/**
 * A drill that is under way: from what was live to the last known good release, and back. Its halves are rollbacks
 * (`Rollback.drill`), one after the other.
 */
export interface Drill extends DrillAsk {
  /** That of its first rollback. */
  readonly id: string
  /** What was live, and is to be live again. */
  readonly from: RollbackEnd
  readonly to: RollbackEnd
  /** The rollback that the environment spoke of before; it does so again afterwards. */
  readonly before?: Rollback
  /** Set once the first half is over. */
  readonly back?: DrillLeg
  /** Why the first half did not pass. What was live is brought back all the same. */
  readonly because?: string
}

/** How a drill ended. One that something came between says nothing, and is not kept. */
export interface DrillEnd extends Omit<Drill, "before"> {
  readonly is: "passed" | "failed"
  /** ISO 8601 */
  readonly ended: string
  /** Absent: it was not gone. */
  readonly return?: DrillLeg
}

/** How far the timetable of drills was followed. */
export interface DrillsSeen {
  /** The start of its hash: another timetable is followed from when it is there. */
  readonly of: string
  /** ISO 8601: what was due until then was done, or missed. */
  readonly after: string
}

const PAST_KEPT = 10

/** With one more, which is the newest. */
export const withDrillEnd = (past: readonly DrillEnd[] = [], end: DrillEnd): readonly DrillEnd[] =>
  [...past, end].slice(-PAST_KEPT)

/** How long a half took, in whole seconds: until it was live, and until it was shown to be well. */
export const legSeconds = ({ begun, live, ended }: DrillLeg): { readonly live?: number; readonly ended: number } => ({
  ...(live === undefined ? {} : { live: secondsBetween(begun, live) }),
  ended: secondsBetween(begun, ended),
})

/** GitHub's times are whole seconds and ours are not. */
const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000))
