/** What happens beside a release or after it: in other repositories, to its tag, in what it started, round Slipway. All instants are ISO 8601. */
export type BesideReply =
  /** Several repositories' releases come out one after the other; each is named with its version. */
  | {
      readonly is: "row"
      readonly what: "begun" | "stopped" | "out"
      readonly by: string
      readonly out: readonly string[]
      readonly left: readonly string[]
      readonly because?: string
      readonly at: string
    }
  | {
      readonly is: "followed"
      readonly version: string
      /** What was started when the release came out: a workflow's file, or an event's type. */
      readonly what: string
      readonly state: "succeeded" | "failed" | "not started" | "late"
      readonly because?: string
      readonly at: string
      readonly url?: string
    }
  /** The way of a hotfix to the main branch (`to`). `waits`: it is reminded of. */
  | {
      readonly is: "back"
      readonly state: "opened" | "waits" | "closed" | "refused" | "reached"
      readonly version: string
      readonly to: string
      readonly number?: number
      readonly url?: string
      readonly because?: string
      readonly at: string
    }
  | {
      readonly is: "tag strayed"
      readonly tag: string
      readonly version: string
      readonly from: string
      /** null: it was deleted. */
      readonly to: string | null
      readonly by: string
      readonly at: string
    }
  | {
      /** Somebody went round Slipway. */
      readonly is: "went round"
      readonly says: string
      readonly todo: string
      readonly by?: string
      readonly at: string
    }
  | { readonly is: "way round ended"; readonly says: string; readonly at: string }
