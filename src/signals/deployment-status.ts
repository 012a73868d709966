import { z } from "zod"
import { ACTIONS_SLUG, artifactIn, rollbackIn } from "../model/deployment-payload.ts"
import type { Signal } from "../model/signal.ts"
import { Account, GHOST, Id, Instant, Link, Sha, Text } from "./payload.ts"

/** `waiting` is for a reviewer or a wait timer; to us a deployment that has not begun. */
const State = z
  .enum(["waiting", "pending", "queued", "in_progress", "success", "failure", "error", "inactive"])
  .transform((state) => (state === "waiting" ? "pending" : state))

export const Deployment = z.object({
  id: Id,
  environment: Text,
  sha: Sha,
  ref: Text,
  task: Text,
  payload: z.unknown(),
  created_at: Instant,
  performed_via_github_app: z.object({ id: Id.nullish(), slug: z.string().nullish() }).nullish(),
})

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
  deployment: Deployment,
})

export const isOfActions = ({ performed_via_github_app: app }: z.infer<typeof Deployment>): boolean =>
  app?.slug === ACTIONS_SLUG

/** A deployment went a step further: live, failed, or on its way. */
export function deploymentStatus(payload: unknown): readonly Signal[] {
  const { action, deployment, deployment_status: status } = DeploymentStatus.parse(payload)
  if (action !== "created") return []
  const rollback = rollbackIn(deployment.payload)
  const url = status.log_url ?? status.target_url
  return [
    {
      kind: "deployed",
      ...about(deployment),
      ...(isOfActions(deployment) ? { actions: true as const } : {}),
      ...(rollback === undefined ? {} : { rollback }),
      status: status.id,
      state: status.state,
      ...(url ? { url } : {}),
      by: (status.creator ?? GHOST).login,
      at: status.created_at,
    },
  ]
}

/** What a deployment is of and for, whichever event tells of it. */
export function about(deployment: z.infer<typeof Deployment>) {
  const { id, environment, sha, ref, task, payload, created_at: made } = deployment
  const artifact = artifactIn(payload)
  return { deployment: id, environment, sha, ref, task, made, ...(artifact ? { artifact } : {}) }
}
