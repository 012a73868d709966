/** Why the database cannot be used. Start-up prints `message`, which says what to do. */
export type StoreProblem =
  | "unreachable" // DATABASE_URL does not answer, or refuses us
  | "in-use" // another living process works on this data directory
  | "unsupported-platform" // no embedded Postgres for this machine
  | "foreign-data" // the data directory belongs to another user or another Postgres version
  | "outdated" // its tables are those of another version
  | "no-backup" // what is to be restored is no backup, or not whole
  | "newer" // a backup of a newer version
  | "not-empty" // nothing is restored over what is there
  | "broken" // the embedded Postgres does not start

export class StoreError extends Error {
  readonly problem: StoreProblem

  constructor(problem: StoreProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "StoreError"
    this.problem = problem
  }
}
