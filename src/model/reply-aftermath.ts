/** What comes after a rollback, until it is settled. All instants are ISO 8601. */
export type AftermathReply =
  /** `version` was rolled back; the release of version `by` is out, and mends it. */
  | {
      readonly is: "mended"
      readonly version: string
      readonly by: string
      readonly because: string
      readonly at: string
    }
  /**
   * The actions of a post-mortem. `none`: nobody wrote one down yet; `ended`: it was closed for good; `gone`: the issue is.
   * `open`: the first few of the `left` that are.
   */
  | {
      readonly is: "actions"
      readonly version: string
      readonly state: "open" | "none" | "done" | "ended" | "gone"
      readonly open: readonly string[]
      readonly left: number
      readonly all: number
      readonly number: number
      readonly url: string
      readonly at: string
    }
