import { setRef } from "./commit.ts"
import type { PullRow, RepositoryRow } from "./rows.ts"
import { type GitHubState, ownerOf } from "./state.ts"

/**
 * What one repository of a network has can be named in the others, too: forks share their objects.
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/working-with-forks/about-permissions-and-visibility-of-forks
 */
export function shareObjects(state: GitHubState, from: RepositoryRow, to: RepositoryRow): void {
  const { commits, trees, blobs } = state.tables
  share(commits, from, to)
  share(trees, from, to)
  share(blobs, from, to)
}

type Owned = { id: number; repo_id: number; sha: string }

function share<Row extends Owned>(
  table: { findBy(field: "repo_id", value: number): Row[]; insert(row: Partial<Row>): Row },
  from: RepositoryRow,
  to: RepositoryRow,
): void {
  const known = new Set(table.findBy("repo_id", to.id).map(({ sha }) => sha))
  for (const { id: _, ...row } of table.findBy("repo_id", from.id))
    if (!known.has(row.sha)) table.insert({ ...row, repo_id: to.id } as unknown as Partial<Row>)
}

/** The repository that a pull request comes from: its own, or a fork of it. */
export const headRepositoryOf = (state: GitHubState, { head_repo_id, repo_id }: PullRow): RepositoryRow =>
  state.tables.repos.get(head_repo_id ?? repo_id) as RepositoryRow

/** The repository that a pull request's `head` names, as `branch` or `owner:branch`; undefined: there is no such fork. */
export function headNamed(state: GitHubState, repository: RepositoryRow, head: string): RepositoryRow | undefined {
  const owner = head.includes(":") ? head.split(":")[0] : undefined
  if (owner === undefined || owner === ownerOf(state, repository).login) return repository
  return state.tables.repos.findBy("forked_from_id", repository.id).find((fork) => ownerOf(state, fork).login === owner)
}

/** The repository that a pull request goes to has its commits, and where they end as `refs/pull/N/head`. */
export function bringHead(state: GitHubState, repository: RepositoryRow, pull: PullRow): void {
  const from = headRepositoryOf(state, pull)
  if (from.id !== repository.id) shareObjects(state, from, repository)
  setRef(state, repository, `refs/pull/${pull.number}/head`, pull.head_sha)
}
