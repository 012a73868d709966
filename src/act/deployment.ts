import type { DeploymentRequest } from "../model/effect.ts"
import { jsonIn } from "../model/json-text.ts"
import { firstOf } from "../model/storable.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"

const TASK = "rollback"

/**
 * Asks whoever deploys for the last known good release. GitHub would by default demand every status of the commit and
 * merge the default branch into it; a rollback wants exactly the commit that was good.
 * https://docs.github.com/en/rest/deployments/deployments#create-a-deployment
 */
export const deployment: Family<"deployment", OnGitHub> = async ({ content }, context) => {
  const met = context.mayHaveHappened ? await find(content, context) : undefined
  const known = context.handle?.id ?? met
  if (known !== undefined) return { is: "done", handle: { id: known }, result: { deployment: known } }
  const { octokit, at } = context
  const answer = await octokit.rest.repos.createDeployment({
    ...at,
    ref: content.sha,
    task: TASK,
    auto_merge: false,
    required_contexts: [],
    environment: content.environment,
    production_environment: content.environment === "production",
    description: firstOf(descriptionOf(content), DESCRIPTION_LIMIT),
    payload: payloadOf(content),
  })
  // Typed by its status: 202 says that GitHub merged instead of deploying, which `auto_merge: false` forbids.
  if (answer.status !== 201)
    return refused(
      "invalid",
      "GitHub merged instead of deploying the commit that was asked for; nothing was rolled back.",
    )
  const id = String(answer.data.id)
  return { is: "done", handle: { id }, result: { deployment: id } }
}

/** GitHub's limit, in characters. */
const DESCRIPTION_LIMIT = 140

const descriptionOf = ({ environment, component, to, drill }: DeploymentRequest): string =>
  `${drill === undefined ? "Roll back" : "Drill: deploy"} ${component === undefined ? "" : `${component} in `}${environment} to ${to.version}`

/** The commit alone does not say which of its components goes back: the others stay as they are. */
const payloadOf = (it: DeploymentRequest) => ({
  slipway: it.rollback,
  ...(it.component === undefined ? {} : { component: it.component }),
  ...(it.to.tag === undefined ? {} : { tag: it.to.tag }),
  ...(it.artifact === undefined ? {} : { artifact: it.artifact }),
  from: it.from.version,
  to: it.to.version,
  actor: it.by,
  reason: it.because,
  ...(it.drill === undefined ? {} : { drill: it.drill }),
})

/** The deployment of an earlier attempt, known by our key in its payload. All pages are read. */
async function find(it: DeploymentRequest, { octokit, at }: OnGitHub): Promise<string | undefined> {
  const pages = octokit.paginate.iterator(octokit.rest.repos.listDeployments, {
    ...at,
    sha: it.sha,
    task: TASK,
    environment: it.environment,
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find((each) => keyIn(each.payload) === it.rollback)
    if (found) return String(found.id)
  }
  return undefined
}

/** GitHub gives a payload back as an object or as the JSON text that it was made from. */
function keyIn(payload: unknown): unknown {
  if (typeof payload === "object" && payload !== null) return (payload as { slipway?: unknown }).slipway
  return typeof payload === "string" ? keyIn(jsonIn(payload)) : undefined
}
