import { z } from "zod"
import { artifactIn } from "../model/deployment-payload.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Signal } from "../model/signal.ts"
import { Account, Id, type Reception, repositoryOf, Sha, Text } from "./payload.ts"

const Event = z.object({ action: z.string() })

/** What the answer is for is what the job's deployment goes to: else the gates of one would open another. */
const isOfItself = ({ environment, deployment }: { environment: string; deployment?: Of }): boolean =>
  // guard: environment-of-the-deployment
  !deployment?.environment || isSameEnvironment(deployment.environment, environment)
type Of = { readonly environment?: string | null | undefined } | null | undefined

const Requested = z.object({
  environment: Text,
  event: Text.nullish(),
  deployment_callback_url: z.string().max(2_000),
  deployment: z
    .object({ id: Id, sha: Sha, ref: Text, environment: Text.nullish(), payload: z.unknown().optional() })
    .nullish(),
  sender: Account,
})
const OfItself = Requested.refine(isOfItself, {
  path: ["environment"],
  error: "is not the one that its deployment goes to",
})

/**
 * A job of a workflow run waits at an environment for our answer. The payload names its run in the address alone to which
 * the answer goes; of that only the number is taken, and only where it is this repository's on the GitHub that we use.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule
 */
export function protectionRule(payload: unknown, { at, apiUrl }: Reception): readonly Signal[] {
  if (Event.parse(payload).action !== "requested") return []
  const { owner, name } = repositoryOf(payload)
  const Callback = z.object({
    deployment_callback_url: z.string().transform((url, context) => {
      const run = runIn(url, apiUrl, `${owner}/${name}`)
      if (run !== undefined) return run
      context.addIssue({ code: "custom", message: "is no address of a workflow run of this repository" })
      return z.NEVER
    }),
  })
  const { environment, event, deployment, sender } = OfItself.parse(payload)
  const artifact = artifactIn(deployment?.payload)
  return [
    {
      kind: "requested",
      run: Callback.parse(payload).deployment_callback_url,
      environment,
      event: event ?? "",
      deployment: deployment?.id ?? "",
      sha: deployment?.sha ?? null,
      ref: deployment?.ref ?? "",
      ...(artifact ? { artifact } : {}),
      by: sender.login,
      at,
    },
  ]
}

/** `https://api.github.com/repos/OWNER/NAME/actions/runs/123/deployment_protection_rule` → `123` */
function runIn(url: string, apiUrl: string, repository: string): string | undefined {
  const start = `${apiUrl.replace(/\/+$/, "")}/repos/${repository}/actions/runs/`.toLowerCase()
  // guard: run-of-another-repository
  if (!url.toLowerCase().startsWith(start)) return undefined
  return /^(\d{1,15})\/deployment_protection_rule$/.exec(url.slice(start.length))?.[1]
}
