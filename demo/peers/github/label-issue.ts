import { emit } from "./events.ts"
import type { IssueRow, LabelRow, PullRow, RepositoryRow, UserRow } from "./rows.ts"
import { issue } from "./shapes/issue.ts"
import { fullPull, label, labels } from "./shapes/pull.ts"
import { type GitHubState, iso } from "./state.ts"

/** Puts labels on an issue or pull request, in somebody's name; one event for each that is new, as at GitHub. */
export function putLabels(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  at: IssueRow,
  names: readonly string[],
): void {
  const wanted = new Set(names.map((name) => labelNamed(state, repository, name)))
  const fresh = [...wanted].filter((id) => !at.label_ids.includes(id))
  let row = at
  for (const id of fresh) {
    row = state.tables.issues.update(at.id, {
      label_ids: [...row.label_ids, id],
      updated_at: iso(state.now()),
    }) as IssueRow
    tell(state, repository, actor, row, "labeled", id)
  }
}

/** Takes a label off. Returns false where it was not there. */
export function takeLabel(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  at: IssueRow,
  name: string,
): boolean {
  const found = at.label_ids.find((id) => isNamed(state.tables.labels.get(id)?.name ?? "", name))
  if (found === undefined) return false
  const left = at.label_ids.filter((id) => id !== found)
  const row = state.tables.issues.update(at.id, { label_ids: left, updated_at: iso(state.now()) }) as IssueRow
  tell(state, repository, actor, row, "unlabeled", found)
  return true
}

/** GitHub tells labels apart without their case. */
export const findLabel = (state: GitHubState, repository: RepositoryRow, name: string): LabelRow | undefined =>
  state.tables.labels.findBy("repo_id", repository.id).find((row) => isNamed(row.name, name))

/** GitHub makes labels that are not there yet. */
function labelNamed(state: GitHubState, repository: RepositoryRow, name: string): number {
  const { labels: table } = state.tables
  return (
    findLabel(state, repository, name) ??
    table.insert({ repo_id: repository.id, name, color: "ededed", description: "", default: false })
  ).id
}

const isNamed = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

function tell(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  row: IssueRow,
  action: "labeled" | "unlabeled",
  id: number,
): void {
  const of = state.tables.labels.get(id)
  if (!of) return
  const shown = { action, label: label(state, repository, of) }
  if (!row.is_pull_request) {
    emit(state, repository, actor, "issues", { ...shown, issue: issue(state, repository, row) })
    return
  }
  const found = state.tables.pullRequests.findBy("repo_id", repository.id).find((pull) => pull.number === row.number)
  if (!found) return
  const pull = state.tables.pullRequests.update(found.id, { label_ids: row.label_ids }) as PullRow
  const about = { ...shown, number: row.number, pull_request: fullPull(state, repository, pull) }
  emit(state, repository, actor, "pull_request", about)
}

/** The names of labels in a request, which GitHub takes as texts and as objects. */
export const namesIn = (body: unknown): readonly string[] =>
  (Array.isArray(body) ? body : []).flatMap((one: unknown) =>
    typeof one === "string" ? [one] : typeof one === "object" && one && "name" in one ? [String(one.name)] : [],
  )

export const shownLabels = (state: GitHubState, repository: RepositoryRow, { id }: IssueRow) =>
  labels(state, repository, state.tables.issues.get(id)?.label_ids ?? [])
