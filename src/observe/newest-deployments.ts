import { ACTIONS_SLUG, artifactIn, rollbackIn } from "../model/deployment-payload.ts"
import type { Deployed } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Environments for which releases wait, and of which nothing was heard that lets them go on. */
export const environmentsToAsk = (state: State | undefined): readonly string[] =>
  Object.entries(state?.looks ?? {}).flatMap(([environment, { asked }]) => (asked === undefined ? [] : [environment]))

/** Of so many deployments, the newest first, it is asked how they stand. */
const MOST = 5

/**
 * The newest deployments of an environment with how each stands now, as their webhooks would have told it, oldest first: back
 * to the one that is live. What is older than that one is not there any more. One request, and one for each deployment.
 * https://docs.github.com/en/rest/deployments/deployments#list-deployments and
 * https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses: newest first
 */
export async function readNewestDeployments(reader: Reader, environment: string): Promise<Read<readonly Deployed[]>> {
  const listed = await reader.ask((at) => reader.rest.repos.listDeployments({ ...at, environment, per_page: MOST }))
  if (listed.is === "refused") return unknown(`its deployments could not be read: ${whyUnknown(listed.error)}`)
  const found: Deployed[] = []
  for (const made of listed.data) {
    const statuses = await reader.ask((at) =>
      reader.rest.repos.listDeploymentStatuses({ ...at, deployment_id: made.id, per_page: 1 }),
    )
    if (statuses.is === "refused") return unknown(`its deployments could not be read: ${whyUnknown(statuses.error)}`)
    const [status] = statuses.data
    if (!status) continue
    const { sha, ref, task, payload } = made
    const [rollback, artifact] = [rollbackIn(payload), artifactIn(payload)]
    found.unshift({
      kind: "deployed",
      deployment: String(made.id),
      environment: made.environment,
      sha,
      ref,
      task,
      made: utc(made.created_at),
      ...(made.performed_via_github_app?.slug === ACTIONS_SLUG ? { actions: true as const } : {}),
      ...(rollback === undefined ? {} : { rollback }),
      ...(artifact ? { artifact } : {}),
      status: String(status.id),
      state: stateOf(status.state),
      by: status.creator?.login ?? "ghost",
      at: utc(status.created_at),
    })
    if (status.state === "success") break
  }
  return read(found)
}

const utc = (instant: string): string => new Date(instant).toISOString()

const KNOWN = ["pending", "queued", "in_progress", "success", "failure", "error", "inactive"] as const

/** A word that GitHub adds later is no end of anything. */
const stateOf = (word: string): Deployed["state"] => KNOWN.find((one) => one === word) ?? "pending"
