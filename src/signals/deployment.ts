import { z } from "zod"
import type { Signal } from "../model/signal.ts"
import { about, Deployment, isOfActions } from "./deployment-status.ts"
import { Account, GHOST, type Reception } from "./payload.ts"

const Created = z.object({
  action: z.string(),
  deployment: Deployment.extend({ creator: Account.nullish() }),
})

/** It has no status yet; ids of GitHub's begin above. */
const NO_STATUS = "0"

/**
 * A deployment was made: whoever deploys on this event may never report a status. One of a job waits where GitHub's rules
 * hold it, and says itself that it began; our own ways back are known.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment
 */
export function deployment(payload: unknown, { appId }: Reception): readonly Signal[] {
  const { action, deployment: made } = Created.parse(payload)
  const isOurs = made.performed_via_github_app?.id === appId
  if (action !== "created" || isOurs || isOfActions(made)) return []
  const { creator, created_at: at } = made
  return [{ kind: "deployed", ...about(made), status: NO_STATUS, state: "created", by: (creator ?? GHOST).login, at }]
}
