import { commitOf } from "../git.ts"
import type { CheckRunRow, CommitRow, RepositoryRow } from "../rows.ts"
import { extraOf, type GitHubState, nodeId } from "../state.ts"
import { integrationById } from "./accounts.ts"
import { apiOf, webOf } from "./repository.ts"

type Json = Record<string, unknown>

/** A check run as the API shows it. Its buttons are not in it: GitHub shows them on the page only. */
export function checkRun(state: GitHubState, repository: RepositoryRow, row: CheckRunRow): Json {
  const api = `${apiOf(state, repository)}/check-runs/${row.id}`
  const web = `${webOf(state, repository)}/runs/${row.id}`
  return {
    id: row.id,
    node_id: nodeId("CheckRun", row.id),
    name: row.name,
    head_sha: row.head_sha,
    external_id: row.external_id,
    url: api,
    html_url: web,
    details_url: row.details_url ?? web,
    status: row.status,
    conclusion: row.conclusion,
    started_at: row.started_at ?? row.created_at,
    completed_at: row.completed_at,
    output: {
      title: row.output.title,
      summary: row.output.summary,
      text: row.output.text,
      annotations_count: row.output.annotations.length,
      annotations_url: `${api}/annotations`,
    },
    check_suite: { id: suiteId(row) },
    app: integrationById(state, row.app_id),
    pull_requests: pullRequestsAt(state, repository, row.head_sha),
  }
}

/** A check run as webhooks carry it, its suite in full. */
export function hookCheckRun(state: GitHubState, repository: RepositoryRow, row: CheckRunRow): Json {
  return {
    ...checkRun(state, repository, row),
    check_suite: suiteParts(state, repository, row),
  }
}

/** What every form of a check suite has; the suite is told by one of its runs. */
function suiteParts(state: GitHubState, repository: RepositoryRow, row: CheckRunRow) {
  const branch = state.tables.branches
    .findBy("repo_id", repository.id)
    .find((candidate) => candidate.sha === row.head_sha)
  return {
    id: suiteId(row),
    node_id: nodeId("CheckSuite", suiteId(row)),
    head_branch: branch?.name ?? null,
    head_sha: row.head_sha,
    status: row.status,
    conclusion: row.conclusion,
    url: `${apiOf(state, repository)}/check-suites/${suiteId(row)}`,
    before: null,
    after: row.head_sha,
    pull_requests: pullRequestsAt(state, repository, row.head_sha),
    app: integrationById(state, row.app_id),
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A check suite as the API and its own event show it. @param runs all of its runs, newest first */
export function checkSuite(state: GitHubState, repository: RepositoryRow, runs: CheckRunRow[]): Json {
  const newest = runs[0] as CheckRunRow
  const head = commitOf(state, repository, newest.head_sha) as CommitRow
  const isOpen = extraOf(state, repository).openSuites.has(suiteId(newest))
  const isDone = !isOpen && runs.every((row) => row.status === "completed")
  const failed = runs.find((row) => !["success", "neutral", "skipped"].includes(row.conclusion ?? ""))
  return {
    ...suiteParts(state, repository, newest),
    status: isDone ? "completed" : "in_progress",
    conclusion: isDone ? (failed?.conclusion ?? "success") : null,
    latest_check_runs_count: runs.length,
    check_runs_url: `${apiOf(state, repository)}/check-suites/${suiteId(newest)}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
    head_commit: {
      id: head.sha,
      tree_id: head.tree_sha,
      message: head.message,
      timestamp: head.committer_date,
      author: { name: head.author_name, email: head.author_email },
      committer: { name: head.committer_name, email: head.committer_email },
    },
  }
}

/** How the front knows a job's workflow: GitHub Actions puts an id of its own there. */
export const workflowId = (name: string | undefined): string => (name === undefined ? "" : `workflow:${name}`)

/** GitHub keeps one suite for each App and SHA, and Actions one for each workflow; the same number for the same. */
export function suiteId({ head_sha, app_id, external_id }: Pick<CheckRunRow, "head_sha" | "app_id" | "external_id">) {
  const workflow = external_id.startsWith("workflow:") ? external_id : ""
  const sum = [...workflow].reduce((all, letter) => (all * 33 + letter.charCodeAt(0)) % 1_000_003, 0)
  return (Number.parseInt(head_sha.slice(0, 8), 16) * 31 + (app_id ?? 0) + sum) % 2_000_000_000
}

/** The open pull requests whose head a SHA is, in the short form that check runs carry. */
function pullRequestsAt(state: GitHubState, repository: RepositoryRow, sha: string): Json[] {
  const api = apiOf(state, repository)
  const repo = { id: repository.id, url: api, name: repository.name }
  return state.tables.pullRequests
    .findBy("repo_id", repository.id)
    .filter((pull) => pull.state === "open" && pull.head_sha === sha)
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${api}/pulls/${pull.number}`,
      head: { ref: pull.head_ref, sha: pull.head_sha, repo },
      base: { ref: pull.base_ref, sha: pull.base_sha, repo },
    }))
}

/** The answer to `GET check-runs/{id}/annotations`. */
export function annotation(state: GitHubState, repository: RepositoryRow, row: CheckRunRow, item: Json): Json {
  return {
    path: item.path,
    start_line: item.start_line,
    end_line: item.end_line,
    start_column: item.start_column ?? null,
    end_column: item.end_column ?? null,
    annotation_level: item.annotation_level,
    title: item.title ?? null,
    message: item.message,
    raw_details: item.raw_details ?? null,
    blob_href: `${webOf(state, repository)}/blob/${row.head_sha}/${String(item.path)}`,
  }
}
