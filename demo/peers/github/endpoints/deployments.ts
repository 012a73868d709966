import { Refusal } from "../../http-front.ts"
import { actorOf, created, list, numberParam, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { emit } from "../events.ts"
import { reachable, refSha, resolveCommit } from "../git.ts"
import type { RepositoryRow, UserRow } from "../rows.ts"
import { deployment, deploymentStatus } from "../shapes/deployment.ts"
import {
  type Deployment,
  type DeploymentStatus,
  extraOf,
  type GitHubState,
  iso,
  notFound,
  unprocessable,
} from "../state.ts"
import { checkRunsOf } from "./checks.ts"
import { latestStatuses } from "./statuses.ts"

const create: RepositoryEndpoint = (call) => {
  const { state, repository, request, caller } = call
  const { body } = request
  const ref = text(call, "ref") ?? ""
  const sha = resolveCommit(state, repository, ref)?.sha
  if (!sha) throw unprocessable(`No ref found for: ${ref}`)
  if (body.auto_merge !== false) refuseToMerge(state, repository, sha)
  requireContexts(state, repository, sha, ref, body.required_contexts)
  const environment = text(call, "environment") ?? "production"
  const now = iso(state.now())
  const item: Deployment = {
    id: state.nextId(),
    sha,
    ref,
    task: text(call, "task") ?? "deploy",
    payload: body.payload ?? {},
    environment,
    originalEnvironment: environment,
    description: text(call, "description") ?? null,
    transient: body.transient_environment === true,
    production:
      body.production_environment === undefined ? environment === "production" : body.production_environment === true,
    creatorId: actorOf(call).id,
    appId: caller.kind === "installation" ? caller.app.app_id : null,
    statuses: [],
    at: now,
    updatedAt: now,
  }
  extraOf(state, repository).deployments.push(item)
  emitDeployment(state, repository, item, actorOf(call))
  return created(deployment(state, repository, item))
}

/** GitHub merges the default branch into a ref that is behind it, unless `auto_merge` is false: never what a release wants. */
function refuseToMerge(state: GitHubState, repository: RepositoryRow, sha: string): void {
  const head = refSha(state, repository, `refs/heads/${repository.default_branch}`)
  if (!head || reachable(state, repository, sha).has(head)) return
  throw new Refusal({
    status: 202,
    body: { message: `Auto-merged ${repository.default_branch} into ${sha} on deployment.` },
  })
}

/** Without `required_contexts`, GitHub demands that every status and check on the commit has succeeded. */
function requireContexts(
  state: GitHubState,
  repository: RepositoryRow,
  sha: string,
  ref: string,
  required: unknown,
): void {
  const results = new Map<string, boolean>()
  for (const run of checkRunsOf(state, repository).filter((row) => row.head_sha === sha)) {
    if (!results.has(run.name)) results.set(run.name, ["success", "neutral", "skipped"].includes(run.conclusion ?? ""))
  }
  for (const item of latestStatuses(state, repository, sha)) results.set(item.context, item.state === "success")
  const wanted = Array.isArray(required) ? required.map(String) : [...results.keys()]
  const contexts = wanted.map((context) => ({ context, state: results.get(context) ? "success" : "pending" }))
  if (contexts.every((item) => item.state === "success")) return
  throw new Refusal({
    status: 409,
    body: {
      message: `Conflict: Commit status checks failed for ${ref}.`,
      errors: [{ contexts, resource: "Deployment", field: "required_contexts", code: "invalid" }],
    },
  })
}

const createStatus: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const item = find(call)
  const status: DeploymentStatus = {
    id: state.nextId(),
    state: text(call, "state") ?? "",
    description: text(call, "description") ?? "",
    environment: text(call, "environment") ?? item.environment,
    environmentUrl: text(call, "environment_url") ?? "",
    logUrl: text(call, "log_url") ?? text(call, "target_url") ?? "",
    creatorId: actorOf(call).id,
    at: iso(state.now()),
  }
  item.environment = status.environment
  item.updatedAt = status.at
  item.statuses.unshift(status)
  if (status.state === "success" && call.request.body.auto_inactive !== false) {
    retire(state, repository, item, status)
  }
  const shape = deploymentStatus(state, repository, item, status)
  emitDeployment(state, repository, item, actorOf(call), shape)
  return created(shape)
}

/** GitHub itself says how the deployment of a workflow's job goes. */
export function moveDeployment(state: GitHubState, repository: RepositoryRow, item: Deployment, to: string): void {
  const by = state.tables.users.get(item.creatorId) as UserRow
  const at = iso(state.now())
  const texts = { description: "", environment: item.environment, environmentUrl: "", logUrl: "" }
  const status: DeploymentStatus = { id: state.nextId(), state: to, ...texts, creatorId: by.id, at }
  item.updatedAt = at
  item.statuses.unshift(status)
  if (to === "success") retire(state, repository, item, status)
  emitDeployment(state, repository, item, by, deploymentStatus(state, repository, item, status))
}

/** A success makes earlier successes of that environment inactive, as `auto_inactive` says; production's stay. */
function retire(state: GitHubState, repository: RepositoryRow, current: Deployment, status: DeploymentStatus): void {
  for (const other of extraOf(state, repository).deployments) {
    const same = other.environment === current.environment && other.id < current.id
    if (!same || other.transient || other.production || other.statuses[0]?.state !== "success") continue
    other.statuses.unshift({ ...status, id: state.nextId(), state: "inactive", environment: other.environment })
  }
}

function emitDeployment(
  state: GitHubState,
  repository: RepositoryRow,
  item: Deployment,
  by: UserRow,
  status?: Record<string, unknown>,
): void {
  const body = {
    action: "created",
    deployment: deployment(state, repository, item),
    workflow: null,
    workflow_run: null,
  }
  if (!status) emit(state, repository, by, "deployment", body)
  else {
    const { performed_via_github_app: _, ...inner } = status
    emit(state, repository, by, "deployment_status", { ...body, check_run: null, deployment_status: inner })
  }
}

const get: RepositoryEndpoint = (call) => ok(deployment(call.state, call.repository, find(call)))

const listAll: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const items = extraOf(state, repository).deployments.filter((item) =>
    (["sha", "ref", "task", "environment"] as const).every(
      (field) => !request.query.has(field) || item[field] === request.query.get(field),
    ),
  )
  return list(call, items.toReversed(), (item) => deployment(state, repository, item))
}

const listStatuses: RepositoryEndpoint = (call) => {
  const item = find(call)
  // GitHub's description of a status knows no `waiting`: an answer that is not given yet is none.
  const statuses = item.statuses.filter(({ state }) => state !== "waiting")
  return list(call, statuses, (status) => deploymentStatus(call.state, call.repository, item, status))
}

const getStatus: RepositoryEndpoint = (call) => {
  const item = find(call)
  const status = item.statuses.find((candidate) => candidate.id === numberParam(call, "status_id"))
  if (!status) throw notFound()
  return ok(deploymentStatus(call.state, call.repository, item, status))
}

function find(call: RepositoryCall): Deployment {
  const id = numberParam(call, "deployment_id")
  const item = extraOf(call.state, call.repository).deployments.find((candidate) => candidate.id === id)
  if (!item) throw notFound()
  return item
}

export const deploymentEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/create-deployment": create,
  "repos/get-deployment": get,
  "repos/list-deployments": listAll,
  "repos/create-deployment-status": createStatus,
  "repos/list-deployment-statuses": listStatuses,
  "repos/get-deployment-status": getStatus,
}
