/** Something that happens at a time, or that holds for a while, in the releases of a repository. */
export interface CalendarEntry {
  /** Unique over all repositories, and the same at every look. */
  readonly id: string
  /** `owner/name` */
  readonly repository: string
  readonly kind: CalendarKind
  /** One line for people. What others wrote in it is plain, not escaped. */
  readonly what: string
  /** ISO 8601 */
  readonly from: string
  /** Absent: it is a moment, or nobody knows yet when it ends. */
  readonly until?: string
  /** What it collides with. */
  readonly collides?: string
}

/**
 * `freeze`: nothing new lands. `cut` and `train`: a release is cut for a train, and departs. `plan`: what a plan sets a
 * time for. `window`: an environment may be entered.
 */
export type CalendarKind = "freeze" | "cut" | "train" | "plan" | "window"

/** From when to when a calendar is asked for. ISO 8601 */
export interface Span {
  readonly from: string
  readonly until: string
}
