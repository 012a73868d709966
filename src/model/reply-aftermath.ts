/** What comes after a rollback, until it is settled. All instants are ISO 8601. */
export type AftermathReply =
  /** `version` was rolled back; the release of version `by` is out, and mends it. */
  {
    readonly is: "mended"
    readonly version: string
    readonly by: string
    readonly because: string
    readonly at: string
  }
