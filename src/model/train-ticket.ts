/**
 * A release and the train that it is for: it was cut for it, it departs with it at this moment, or it missed it. Instants
 * are ISO 8601.
 */
export type TrainTicket = {
  /** When the train departs, or departed. */
  readonly due: string
  /** The commit at which the train cut it; a candidate elsewhere was cut by hand. */
  readonly cut?: string
} & (
  | { readonly is: "boards" | "departs" }
  /** `next`: when the next one departs; null: there is none any more. */
  | { readonly is: "missed"; readonly because: string; readonly next: string | null }
)

/** How far a component of a line has followed its train. */
export interface TrainSeen {
  /** Identifies the timetable: a changed one begins anew, and no departure of the past counts. */
  readonly of: string
  /** Up to when departures are dealt with. */
  readonly after: string
  /** The departure for which there was a cut, or nothing to cut. */
  readonly cut?: string
}
