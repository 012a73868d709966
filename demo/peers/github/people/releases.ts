import { actAs, type Stage } from "./act.ts"

type ReleaseChange = { repo: string; releaseId: number; by: string }

/** Edits a release, draft or not, as on its page. */
export async function editRelease(
  stage: Stage,
  input: ReleaseChange & { name?: string; body?: string; tagName?: string },
): Promise<void> {
  await actAs(stage, input.by, "PATCH", pathOf(input), {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.body === undefined ? {} : { body: input.body }),
    ...(input.tagName === undefined ? {} : { tag_name: input.tagName }),
  })
}

/** Publishes a draft by hand. */
export async function publishRelease(stage: Stage, input: ReleaseChange): Promise<void> {
  await actAs(stage, input.by, "PATCH", pathOf(input), { draft: false })
}

/** Deletes a release; its tag stays, as at GitHub. */
export async function deleteRelease(stage: Stage, input: ReleaseChange): Promise<void> {
  await actAs(stage, input.by, "DELETE", pathOf(input))
}

/** Makes a release by hand; published at once unless it is a draft. Returns its id. */
export async function createRelease(
  stage: Stage,
  input: { repo: string; by: string; tagName: string; name?: string; body?: string; draft?: boolean; target?: string },
): Promise<number> {
  const { id } = await actAs<{ id: number }>(stage, input.by, "POST", `/repos/${input.repo}/releases`, {
    tag_name: input.tagName,
    name: input.name ?? input.tagName,
    body: input.body ?? "",
    draft: input.draft ?? false,
    ...(input.target ? { target_commitish: input.target } : {}),
  })
  return id
}

const pathOf = ({ repo, releaseId }: ReleaseChange): string => `/repos/${repo}/releases/${releaseId}`

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

/** Closes an issue. */
export async function closeIssue(stage: Stage, input: { repo: string; number: number; by: string }): Promise<void> {
  await actAs(stage, input.by, "PATCH", `/repos/${input.repo}/issues/${input.number}`, { state: "closed" })
}

/** Opens an issue. Returns its number. */
export async function openIssue(
  stage: Stage,
  input: { repo: string; title: string; by: string; body?: string },
): Promise<number> {
  const body = { title: input.title, body: input.body ?? "" }
  return (await actAs<{ number: number }>(stage, input.by, "POST", `/repos/${input.repo}/issues`, body)).number
}
