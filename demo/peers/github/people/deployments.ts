import { actAs, type Stage } from "./act.ts"

/** Deploys as somebody's pipeline does: no merging, no contexts. Returns the deployment's id. */
export async function createDeployment(
  stage: Stage,
  input: { repo: string; by: string; ref: string; environment: string; task?: string; payload?: unknown },
): Promise<number> {
  const { id } = await actAs<{ id: number }>(stage, input.by, "POST", `/repos/${input.repo}/deployments`, {
    ref: input.ref,
    environment: input.environment,
    task: input.task ?? "deploy",
    auto_merge: false,
    required_contexts: [],
    ...(input.payload === undefined ? {} : { payload: input.payload }),
  })
  return id
}

/** Reports what became of a deployment. */
export async function setDeploymentStatus(
  stage: Stage,
  input: {
    repo: string
    deploymentId: number
    state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success"
    by: string
    environmentUrl?: string
    logUrl?: string
    description?: string
  },
): Promise<void> {
  await actAs(stage, input.by, "POST", `/repos/${input.repo}/deployments/${input.deploymentId}/statuses`, {
    state: input.state,
    ...(input.environmentUrl ? { environment_url: input.environmentUrl } : {}),
    ...(input.logUrl ? { log_url: input.logUrl } : {}),
    ...(input.description ? { description: input.description } : {}),
  })
}
