/**
 * Where an issue or pull request stands that a feature of a plan is bound to. Only `closed` is ready: the issue was done,
 * the pull request merged. GitHub closes both for other reasons too, and those deliver nothing.
 */
export type IssueState = "open" | "closed" | "not planned" | "not merged"

/** What else an issue shows; people who may triage give it labels, people who may write close it. */
export interface IssueSigns {
  /** Login of who closed it; absent: it is open, or GitHub does not say. */
  readonly closedBy?: string
  readonly labels: readonly string[]
}

/**
 * What a closed issue says by GitHub's `state_reason`. Issues closed before there were reasons have none: they count as
 * done. https://docs.github.com/en/rest/issues/issues#get-an-issue
 */
export const stateOfClosedIssue = (reason: string | null | undefined): IssueState =>
  reason === null || reason === undefined || reason === "completed" ? "closed" : "not planned"
