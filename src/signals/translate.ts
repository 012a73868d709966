import { ZodError } from "zod"
import type { Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import { checkRun, checkSuite } from "./check-run.ts"
import { deployment } from "./deployment.ts"
import { deploymentStatus } from "./deployment-status.ts"
import { type InstallationChange, installation, installationRepositories } from "./installation.ts"
import { issues } from "./issues.ts"
import { type Reception, repositoryOf } from "./payload.ts"
import { proposed } from "./proposal.ts"
import { protectionRule } from "./protection-rule.ts"
import { pullRequest } from "./pull-request.ts"
import { push } from "./push.ts"
import { release } from "./release.ts"
import { repository } from "./repository.ts"
import { status } from "./status.ts"
import { workflowRun } from "./workflow-run.ts"

export interface Webhook extends Reception {
  /** `X-GitHub-Event`. */
  readonly event: string
  /** `X-GitHub-Delivery`. */
  readonly delivery: string
  readonly payload: unknown
}

/** What a webhook says. `nothing`: it concerns nobody here, and is not worth a wake. */
export type Translation =
  | { readonly is: "signals"; readonly repo: Repository; readonly signals: readonly Signal[] }
  | InstallationChange
  | { readonly is: "nothing" }
  | Malformed

/** A payload without what its event promises. */
interface Malformed {
  readonly is: "malformed"
  readonly event: string
  readonly delivery: string
  /** The first field that is missing or wrong, e.g. `check_run.head_sha`. */
  readonly field: string
  readonly because: string
}

const REPOSITORY_EVENTS: { readonly [event: string]: (payload: unknown, reception: Reception) => readonly Signal[] } = {
  push,
  pull_request: (payload) => [...pullRequest(payload), ...proposed(payload)],
  issues,
  check_run: checkRun,
  check_suite: checkSuite,
  status,
  deployment,
  deployment_status: deploymentStatus,
  deployment_protection_rule: protectionRule,
  release,
  workflow_run: workflowRun,
  repository,
}

const INSTALLATION_EVENTS: { readonly [event: string]: (payload: unknown) => InstallationChange | undefined } = {
  installation,
  installation_repositories: installationRepositories,
}

/**
 * Says what a webhook means, in our own words. Pure: what it is worth is decided later, on the whole state.
 *
 * @returns a value for everything that can be sent; it never throws for what a payload holds
 */
export function translate(webhook: Webhook): Translation {
  try {
    return read(webhook)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    const issue = error.issues[0]
    return {
      is: "malformed",
      event: webhook.event,
      delivery: webhook.delivery,
      field: issue?.path.join(".") || "(the whole payload)",
      because: issue?.message ?? error.message,
    }
  }
}

function read({ event, payload, ...reception }: Webhook): Translation {
  const nothing = { is: "nothing" } as const
  if (Object.hasOwn(INSTALLATION_EVENTS, event)) return INSTALLATION_EVENTS[event]?.(payload) ?? nothing
  if (!Object.hasOwn(REPOSITORY_EVENTS, event)) return nothing
  const signals = REPOSITORY_EVENTS[event]?.(payload, reception) ?? []
  return signals.length === 0 ? nothing : { is: "signals", repo: repositoryOf(payload), signals }
}
