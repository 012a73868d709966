import { actorOf, created, list, ok, type RepositoryEndpoint, text } from "../call.ts"
import { emit } from "../events.ts"
import { resolveCommit } from "../git.ts"
import type { RepositoryRow } from "../rows.ts"
import { commit } from "../shapes/commit.ts"
import { status as statusShape } from "../shapes/deployment.ts"
import { apiOf, minimalRepository } from "../shapes/repository.ts"
import { extraOf, type GitHubState, iso, notFound, type Status, unprocessable } from "../state.ts"

const createCommitStatus: RepositoryEndpoint = (call) => {
  const { state, repository, params } = call
  const row = resolveCommit(state, repository, params.sha)
  if (!row) throw unprocessable(`No commit found for SHA: ${params.sha}`)
  const item: Status = {
    id: state.nextId(),
    sha: row.sha,
    state: text(call, "state") as Status["state"],
    context: text(call, "context") ?? "default",
    description: text(call, "description") ?? null,
    targetUrl: text(call, "target_url") ?? null,
    creatorId: actorOf(call).id,
    at: iso(state.now()),
  }
  extraOf(state, repository).statuses.unshift(item)
  const { url: _, creator: __, ...shape } = statusShape(state, repository, item)
  const branches = state.tables.branches.findBy("repo_id", repository.id).filter((branch) => branch.sha === row.sha)
  const listed = commit(state, repository, row)
  emit(state, repository, actorOf(call), "status", {
    ...shape,
    sha: row.sha,
    name: repository.full_name,
    commit: listed,
    branches: branches.map((branch) => ({
      name: branch.name,
      commit: { sha: branch.sha, url: `${apiOf(state, repository)}/commits/${branch.sha}` },
      protected: false,
    })),
  })
  return created(statusShape(state, repository, item))
}

const combined: RepositoryEndpoint = (call) => {
  const { state, repository, params } = call
  const row = resolveCommit(state, repository, params.ref)
  if (!row) throw notFound()
  const items = latestStatuses(state, repository, row.sha)
  const bad = items.some((item) => item.state === "failure" || item.state === "error")
  const good = items.length > 0 && items.every((item) => item.state === "success")
  return ok({
    state: bad ? "failure" : good ? "success" : "pending",
    statuses: items.map((item) => {
      const { creator: _, ...shape } = statusShape(state, repository, item)
      return shape
    }),
    sha: row.sha,
    total_count: items.length,
    repository: minimalRepository(state, repository),
    commit_url: `${apiOf(state, repository)}/commits/${row.sha}`,
    url: `${apiOf(state, repository)}/commits/${row.sha}/status`,
  })
}

const listCommitStatuses: RepositoryEndpoint = (call) => {
  const { state, repository, params } = call
  const row = resolveCommit(state, repository, params.ref)
  if (!row) throw notFound()
  const items = extraOf(state, repository).statuses.filter((item) => item.sha === row.sha)
  return list(call, items, (item) => statusShape(state, repository, item))
}

/** The newest status of each context on a commit. */
export function latestStatuses(state: GitHubState, repository: RepositoryRow, sha: string): Status[] {
  const seen = new Set<string>()
  return extraOf(state, repository).statuses.filter(
    (item) => item.sha === sha && !seen.has(item.context) && seen.add(item.context),
  )
}

export const statusEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/create-commit-status": createCommitStatus,
  "repos/get-combined-status-for-ref": combined,
  "repos/list-commit-statuses-for-ref": listCommitStatuses,
}
