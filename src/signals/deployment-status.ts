import { z } from "zod"
import type { Signal } from "../model/signal.ts"
import { artifactIn, parsed } from "./artifact.ts"
import { Account, GHOST, Id, Instant, Link, Sha, Text } from "./payload.ts"

/** `waiting` is for a reviewer or a wait timer; to us a deployment that has not begun. */
const State = z
  .enum(["waiting", "pending", "queued", "in_progress", "success", "failure", "error", "inactive"])
  .transform((state) => (state === "waiting" ? "pending" : state))

const DeploymentStatus = z.object({
  action: z.string(),
  deployment_status: z.object({
    id: Id,
    state: State,
    target_url: Link,
    log_url: Link,
    creator: Account.nullish(),
    created_at: Instant,
  }),
  deployment: z.object({
    id: Id,
    environment: Text,
    sha: Sha,
    ref: Text,
    task: Text,
    payload: z.unknown(),
    created_at: Instant,
    performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
  }),
})

/** The App of which every job is. https://docs.github.com/en/actions/concepts/security/github_token */
const ACTIONS = "github-actions"

/** A deployment went a step further: live, failed, or on its way. */
export function deploymentStatus(payload: unknown): readonly Signal[] {
  const { action, deployment, deployment_status: status } = DeploymentStatus.parse(payload)
  if (action !== "created") return []
  const rollback = rollbackOf(deployment.payload)
  const artifact = artifactIn(deployment.payload)
  const url = status.log_url ?? status.target_url
  return [
    {
      kind: "deployed",
      deployment: deployment.id,
      environment: deployment.environment,
      sha: deployment.sha,
      ref: deployment.ref,
      task: deployment.task,
      made: deployment.created_at,
      ...(deployment.performed_via_github_app?.slug === ACTIONS ? { actions: true as const } : {}),
      ...(rollback === undefined ? {} : { rollback }),
      ...(artifact ? { artifact } : {}),
      status: status.id,
      state: status.state,
      ...(url ? { url } : {}),
      by: (status.creator ?? GHOST).login,
      at: status.created_at,
    },
  ]
}

const Ours = z.object({ slipway: Text })

/** Our own key in the deployment's payload, which GitHub gives back as an object or as the text that was sent. */
function rollbackOf(payload: unknown): string | undefined {
  return Ours.safeParse(typeof payload === "string" ? parsed(payload) : payload).data?.slipway
}
