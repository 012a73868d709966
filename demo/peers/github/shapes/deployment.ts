import type { RepositoryRow } from "../rows.ts"
import { type Deployment, type DeploymentStatus, type GitHubState, nodeId, type Status } from "../state.ts"
import { accountById, integrationById } from "./accounts.ts"
import { apiOf } from "./repository.ts"

type Json = Record<string, unknown>

/** A deployment as the API and webhooks show it. */
export function deployment(state: GitHubState, repository: RepositoryRow, item: Deployment): Json {
  const api = apiOf(state, repository)
  return {
    url: `${api}/deployments/${item.id}`,
    id: item.id,
    node_id: nodeId("Deployment", item.id),
    sha: item.sha,
    ref: item.ref,
    task: item.task,
    payload: item.payload,
    original_environment: item.originalEnvironment,
    environment: item.environment,
    description: item.description,
    creator: accountById(state, item.creatorId),
    created_at: item.at,
    updated_at: item.updatedAt,
    statuses_url: `${api}/deployments/${item.id}/statuses`,
    repository_url: api,
    transient_environment: item.transient,
    production_environment: item.production,
    performed_via_github_app: integrationById(state, item.appId),
  }
}

/** A deployment's status as the API and webhooks show it. */
export function deploymentStatus(
  state: GitHubState,
  repository: RepositoryRow,
  owner: Deployment,
  item: DeploymentStatus,
): Json {
  const api = apiOf(state, repository)
  return {
    url: `${api}/deployments/${owner.id}/statuses/${item.id}`,
    id: item.id,
    node_id: nodeId("DeploymentStatus", item.id),
    state: item.state,
    creator: accountById(state, item.creatorId),
    description: item.description,
    environment: item.environment,
    target_url: item.logUrl,
    log_url: item.logUrl,
    environment_url: item.environmentUrl,
    created_at: item.at,
    updated_at: item.at,
    deployment_url: `${api}/deployments/${owner.id}`,
    repository_url: api,
    performed_via_github_app: null,
  }
}

/** A commit status as the API shows it. */
export function status(state: GitHubState, repository: RepositoryRow, item: Status): Json {
  return {
    url: `${apiOf(state, repository)}/statuses/${item.sha}`,
    avatar_url: null,
    id: item.id,
    node_id: nodeId("Status", item.id),
    state: item.state,
    description: item.description,
    target_url: item.targetUrl,
    context: item.context,
    created_at: item.at,
    updated_at: item.at,
    creator: accountById(state, item.creatorId),
  }
}
