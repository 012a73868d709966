import { commitOf } from "../git.ts"
import type { CommitRow, RepositoryRow } from "../rows.ts"
import { type GitHubState, nodeId, type WorkflowRun } from "../state.ts"
import { accountById } from "./accounts.ts"
import { apiOf, minimalRepository, webOf } from "./repository.ts"

type Json = Record<string, unknown>

/** A number of its own for each workflow file. */
const idOf = (path: string): number =>
  [...path].reduce((all, letter) => (all * 33 + letter.charCodeAt(0)) % 1_000_003, 7)

/** A workflow run as the API and its events show it. */
export function workflowRun(state: GitHubState, repository: RepositoryRow, run: WorkflowRun): Json {
  const self = `${apiOf(state, repository)}/actions/runs/${run.id}`
  const commit = commitOf(state, repository, run.sha) as CommitRow
  const person = (name: string, email: string) => ({ name, email })
  return {
    id: run.id,
    name: run.path.slice(run.path.lastIndexOf("/") + 1),
    node_id: nodeId("WorkflowRun", run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CheckSuite", run.id),
    head_branch: run.ref,
    head_sha: run.sha,
    path: run.path,
    display_title: run.title,
    run_number: run.id,
    run_attempt: run.attempt,
    referenced_workflows: [],
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: idOf(run.path),
    url: self,
    html_url: `${webOf(state, repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.at,
    updated_at: run.updatedAt,
    run_started_at: run.at,
    actor: accountById(state, run.actorId),
    triggering_actor: accountById(state, run.actorId),
    ...Object.fromEntries(
      ["jobs", "logs", "artifacts", "cancel", "rerun"].map((part) => [`${part}_url`, `${self}/${part}`]),
    ),
    check_suite_url: `${apiOf(state, repository)}/check-suites/${run.id}`,
    previous_attempt_url: null,
    workflow_url: `${apiOf(state, repository)}/actions/workflows/${idOf(run.path)}`,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree_sha,
      message: commit.message,
      timestamp: commit.committer_date,
      author: person(commit.author_name, commit.author_email),
      committer: person(commit.committer_name, commit.committer_email),
    },
    repository: minimalRepository(state, repository),
    head_repository: minimalRepository(state, repository),
  }
}

/** The workflow of a run, as its events name it. */
export function workflowOf(state: GitHubState, repository: RepositoryRow, { path, at }: WorkflowRun): Json {
  const id = idOf(path)
  return {
    id,
    node_id: nodeId("Workflow", id),
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    state: "active",
    created_at: at,
    updated_at: at,
    url: `${apiOf(state, repository)}/actions/workflows/${id}`,
    html_url: `${webOf(state, repository)}/blob/${repository.default_branch}/${path}`,
    badge_url: `${webOf(state, repository)}/workflows/${id}/badge.svg`,
  }
}
