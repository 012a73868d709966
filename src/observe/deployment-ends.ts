import type { State } from "../model/state.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Deployments that were let in, that others wait for, and of which nothing was heard for long: by GitHub's id. */
export const silentDeployments = (state: State | undefined): readonly string[] =>
  Object.values(state?.requests ?? {}).flatMap(({ inside = [] }) =>
    inside.flatMap(({ deployment, look }) => (look !== undefined && deployment !== "" ? [deployment] : [])),
  )

const ENDS: readonly string[] = ["success", "failure", "error", "inactive"]

/**
 * Whether a deployment has ended: its newest status says so. One request.
 * https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses: newest first
 */
export async function readDeploymentEnd(reader: Reader, deployment: string): Promise<Read<"open" | "ended">> {
  const answer = await reader.ask((at) =>
    reader.rest.repos.listDeploymentStatuses({ ...at, deployment_id: Number(deployment), per_page: 1 }),
  )
  if (answer.is === "answer") return read(ENDS.includes(answer.data[0]?.state ?? "") ? "ended" : "open")
  // 404 is also what GitHub says of what the App may not see: that it ended is not known.
  return unknown(`how deployment ${deployment} stands could not be read: ${whyUnknown(answer.error)}`)
}
