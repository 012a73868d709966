/** What is decided on a release on its way to being published, and what it waits for. All instants are ISO 8601. */
export type ReleaseReply =
  | Asked
  | { readonly is: "approved"; readonly by: string; readonly sha: string; readonly at: string; readonly covers: string }
  /** An admin's approval, in the place of people (`for`) of whom too few are left who can give one. */
  | { readonly is: "stood in"; readonly by: string; readonly for: string; readonly at: string }
  | { readonly is: "held"; readonly by: string; readonly at: string }
  | {
      /** Nobody who may approve is left that did not write it. */
      readonly is: "nobody left"
      readonly because: string
      readonly waysOut: readonly string[]
      /** Into which it cannot be let; absent: the release itself. */
      readonly environment?: string
      /** Who can change it; with their ID in Slack, where the configuration knows it. */
      readonly asks: readonly { readonly login: string; readonly slack?: string }[]
    }
  /** What holds it up: gates of the release, or of the environment that it waits to enter. `more`: gates not shown. */
  | {
      readonly is: "waits"
      readonly version: string
      readonly environment?: string
      readonly gates: readonly { readonly name: string; readonly because: string }[]
      readonly more: number
      readonly at: string
      readonly check?: string
    }
  | { readonly is: "cut"; readonly by: string; readonly version: string; readonly sha: string; readonly at: string }
  | { readonly is: "recut"; readonly by: string; readonly version: string; readonly sha: string; readonly at: string }
  | { readonly is: "ready"; readonly version: string; readonly sha: string }
  | {
      readonly is: "published"
      readonly by: string
      readonly version: string
      readonly sha: string
      readonly at: string
      readonly url: string
    }
  /** What the plan set a time for has come. `open`: what still holds up the release that it is about. */
  | {
      readonly is: "due"
      readonly what: string
      readonly version: string
      readonly at: string
      readonly open: readonly string[]
    }
  /** It was not published when it was due. `next`: when it departs the next time; null: never. */
  | {
      readonly is: "missed the train"
      readonly version: string
      readonly because: string
      readonly due: string
      readonly next: string | null
    }
  /** Another release is planned for the same environment at the same time. */
  | { readonly is: "collides"; readonly says: string }
  /** An organisation stopped all releases. `at`: since when. */
  | {
      readonly is: "stopped"
      readonly organisation: string
      readonly because: string
      readonly by?: string
      readonly at: string
    }
  | { readonly is: "stop lifted"; readonly organisation: string; readonly at: string }

/** Somebody's approval is waited for. */
export interface Asked {
  readonly is: "approval asked"
  readonly version: string
  /** Absent: it is for the release itself. */
  readonly environment?: string
  readonly because: string
  /** Who may approve and has not; with their ID in Slack, where the configuration knows it. */
  readonly asks: readonly { readonly login: string; readonly slack?: string }[]
  /** How many more may. */
  readonly more: number
  /** ISO 8601: when the wait began. */
  readonly since: string
  /** How many times they were asked before. */
  readonly again: number
  readonly check?: string
}
