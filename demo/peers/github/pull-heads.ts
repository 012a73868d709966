import { emit } from "./events.ts"
import { bringHead, headRepositoryOf } from "./forks.ts"
import { refSha } from "./git.ts"
import type { RepositoryRow, UserRow } from "./rows.ts"
import { fullPull } from "./shapes/pull.ts"
import type { GitHubState } from "./state.ts"

/** Open pull requests follow the branch that they come from, and take the present end of the one that they go to. */
export function followHead(state: GitHubState, from: RepositoryRow, ref: string, by: UserRow): void {
  const sha = refSha(state, from, ref)
  const rows = state.tables.pullRequests
    .all()
    .filter((row) => row.state === "open" && headRepositoryOf(state, row).id === from.id)
    .filter((row) => `refs/heads/${row.head_ref}` === ref)
  for (const row of rows) {
    const repository = state.tables.repos.get(row.repo_id) as RepositoryRow
    if (sha === undefined || row.head_sha === sha) continue
    const base = refSha(state, repository, `refs/heads/${row.base_ref}`) ?? row.base_sha
    const updated = state.tables.pullRequests.update(row.id, { head_sha: sha, base_sha: base })
    if (!updated) continue
    bringHead(state, repository, updated)
    emit(state, repository, by, "pull_request", {
      action: "synchronize",
      number: row.number,
      before: row.head_sha,
      after: sha,
      pull_request: fullPull(state, repository, updated),
    })
  }
}
