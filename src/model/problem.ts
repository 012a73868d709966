/** One mistake in a file that a person wrote, on the exact place, as a check run's annotation shows it. */
export interface Problem {
  /** Path from the repository's root. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as editors and GitHub count them. */
  readonly column: number
  /** The last line of what is wrong; never before `line`. */
  readonly endLine: number
  /** `environments.production.soak`; empty where the file as a whole is meant. */
  readonly path: string
  /** What is wrong, what was found, what is allowed. */
  readonly message: string
}
