import { noContent, numberParam, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { emit } from "../events.ts"
import type { RepositoryRow, UserRow } from "../rows.ts"
import { deployment } from "../shapes/deployment.ts"
import { apiOf, webOf } from "../shapes/repository.ts"
import {
  type Deployment,
  extraOf,
  type GitHubState,
  nodeId,
  notFound,
  unprocessable,
  type WaitingJob,
  type WorkflowRun,
} from "../state.ts"
import { moveDeployment } from "./deployments.ts"

/** https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run */
const MOST_REPORTS = 10
const LONGEST_COMMENT = 1024

/**
 * Takes the App's answer for the jobs of a run that wait at an environment; without a state it only reports. An answer is
 * final: once nothing waits there, another one is refused.
 */
const review: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const run = findRun(call)
  const environment = text(call, "environment_name") ?? ""
  const waiting = waitingAt(run, environment)
  if (waiting.length === 0)
    throw unprocessable(`No deployment of this run waits for a custom protection rule of ${environment}`)
  const comment = text(call, "comment") ?? ""
  if ([...comment].length > LONGEST_COMMENT) throw unprocessable(`comment is too long (${LONGEST_COMMENT} at most)`)
  const verdict = text(call, "state")
  if (verdict === undefined) {
    for (const job of waiting) {
      if (job.reports.length >= MOST_REPORTS) throw unprocessable("Too many status reports for this deployment")
      job.reports.push(comment)
    }
    return noContent
  }
  for (const job of waiting)
    settle(state, repository, run, job, verdict === "approved" ? "approved" : "rejected", comment)
  return noContent
}

function settle(
  state: GitHubState,
  repository: RepositoryRow,
  run: WorkflowRun,
  job: WaitingJob,
  verdict: "approved" | "rejected",
  comment: string,
): void {
  job.verdict = verdict
  job.comment = comment
  const item = deploymentOf(state, repository, job)
  moveDeployment(state, repository, item, verdict === "approved" ? "in_progress" : "failure")
  if (verdict === "rejected") Object.assign(run, { status: "completed", conclusion: "failure" })
  else if (run.waiting?.every((one) => one.verdict === "approved")) run.status = "in_progress"
}

/** https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run */
const pending: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const waiting = (findRun(call).waiting ?? []).filter(({ verdict }) => verdict === undefined)
  return ok(
    [...new Set(waiting.map(({ environment }) => environment))].map((name, at) => ({
      environment: {
        id: at + 1,
        node_id: nodeId("Environment", at + 1),
        name,
        url: `${apiOf(state, repository)}/environments/${encodeURIComponent(name)}`,
        html_url: `${webOf(state, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
      },
      wait_timer: 0,
      wait_timer_started_at: null,
      current_user_can_approve: true,
      reviewers: [],
    })),
  )
}

/** Tells the App that a job of a run waits for its answer. */
export function askForAnswer(
  state: GitHubState,
  repository: RepositoryRow,
  by: UserRow,
  run: WorkflowRun,
  job: WaitingJob,
): void {
  emit(state, repository, by, "deployment_protection_rule", {
    action: "requested",
    environment: job.environment,
    event: run.event,
    deployment_callback_url: `${apiOf({ ...state, url: state.reachedAt ?? state.url }, repository)}/actions/runs/${run.id}/deployment_protection_rule`,
    deployment: deployment(state, repository, deploymentOf(state, repository, job)),
    pull_requests: [],
  })
}

function deploymentOf(state: GitHubState, repository: RepositoryRow, job: WaitingJob): Deployment {
  const found = extraOf(state, repository).deployments.find(({ id }) => id === job.deploymentId)
  if (!found) throw new Error(`no deployment ${job.deploymentId}`)
  return found
}

/** Environments are told apart without their case. */
const waitingAt = (run: WorkflowRun, environment: string): WaitingJob[] =>
  (run.waiting ?? []).filter(
    (job) => job.verdict === undefined && job.environment.toLowerCase() === environment.toLowerCase(),
  )

function findRun(call: RepositoryCall): WorkflowRun {
  const id = numberParam(call, "run_id")
  const run = extraOf(call.state, call.repository).runs.find((it) => it.id === id)
  if (!run) throw notFound()
  return run
}

export const protectionEndpoints: Record<string, RepositoryEndpoint> = {
  "actions/review-custom-gates-for-run": review,
  "actions/get-pending-deployments-for-run": pending,
}
