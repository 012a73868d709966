/** One line of what `npm run bench` prints. */
export interface BenchRow {
  readonly bench: string
  readonly case: string
  /** With its unit. */
  readonly figure: string
  /** What it has to keep to; absent where it is only compared. */
  readonly limit?: string
  readonly ok?: boolean
}
