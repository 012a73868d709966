/** What a release did that no earlier release takes back. Each is a sentence's end for people. */
export interface Lasting {
  /** `“DROP TABLE users” in db/7.sql` */
  readonly done: readonly string[]
  /** What could not be looked at, and may be one of these. */
  readonly unread: readonly string[]
}
