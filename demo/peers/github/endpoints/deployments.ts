import { Refusal } from "../../http-front.ts"
import { actorOf, created, list, numberParam, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { emit } from "../events.ts"
import { reachable, refSha, resolveCommit } from "../git.ts"
import type { RepositoryRow, UserRow } from "../rows.ts"
import { commit } from "../shapes/commit.ts"
import { deployment, deploymentStatus, status as statusShape } from "../shapes/deployment.ts"
import { apiOf, minimalRepository } from "../shapes/repository.ts"
import {
  type Deployment,
  type DeploymentStatus,
  extraOf,
  type GitHubState,
  iso,
  notFound,
  type Status,
  unprocessable,
} from "../state.ts"
import { checkRunsOf } from "./checks.ts"

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
  return list(call, item.statuses, (status) => deploymentStatus(call.state, call.repository, item, status))
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
function latestStatuses(state: GitHubState, repository: RepositoryRow, sha: string): Status[] {
  const seen = new Set<string>()
  return extraOf(state, repository).statuses.filter(
    (item) => item.sha === sha && !seen.has(item.context) && seen.add(item.context),
  )
}

export const deploymentEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/create-deployment": create,
  "repos/get-deployment": get,
  "repos/list-deployments": listAll,
  "repos/create-deployment-status": createStatus,
  "repos/list-deployment-statuses": listStatuses,
  "repos/get-deployment-status": getStatus,
  "repos/create-commit-status": createCommitStatus,
  "repos/get-combined-status-for-ref": combined,
  "repos/list-commit-statuses-for-ref": listCommitStatuses,
}
