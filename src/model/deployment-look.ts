/** When GitHub is asked next which deployments an environment has, while releases wait for one of them. */
export interface DeploymentLook {
  /** Which commits are waited for, hashed: for others the schedule begins anew. */
  readonly of: string
  /** ISO 8601: not asked before. */
  readonly again: string
  /** How often it was asked already. */
  readonly tries: number
  /** ISO 8601: the next run asks. */
  readonly asked?: string
}
