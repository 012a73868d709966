import type { z } from "zod"
import type { KubernetesPlace } from "../../model/kubernetes.ts"
import type { Outcome } from "../../model/outcome.ts"
import type { AskCluster, ClusterAnswer, ClusterRequest } from "../../peers/kubernetes.ts"
import { type ActContext, refused } from "../context.ts"
import { type Deployment, deploymentSchema, type ReplicaSet, replicaSetsSchema, type Selector } from "./objects.ts"

/** An effect on its way to a cluster. */
export interface OnCluster extends ActContext {
  readonly ask: AskCluster
}

type Asking = Pick<OnCluster, "ask" | "signal">
type Refused = Exclude<Outcome, { is: "done" }>

/** What the API server said of a Deployment, and of the ReplicaSets that its controller made. */
export interface Seen {
  readonly deployment: Deployment
  readonly sets: readonly ReplicaSet[]
}

export const pathOf = ({ namespace, deployment }: KubernetesPlace): string =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`

const PAGE = 500
const PAGES_MOST = 10

/** Reads it as `kubectl rollout undo` does: ReplicaSets by the Deployment's selector, of those the ones that it controls. */
export async function readDeployment(place: KubernetesPlace, context: Asking): Promise<Seen | Refused> {
  const found = await ask(context, { place, path: pathOf(place) }, deploymentSchema)
  if ("is" in found) return found
  const deployment = found.value
  const sets: ReplicaSet[] = []
  let next = ""
  for (let page = 0; page < PAGES_MOST; page++) {
    const path = `/apis/apps/v1/namespaces/${place.namespace}/replicasets?${query(deployment.spec.selector, next)}`
    const listed = await ask(context, { place, path }, replicaSetsSchema)
    if ("is" in listed) return listed
    sets.push(...listed.value.items.filter((set) => isControlledBy(set, deployment)))
    next = listed.value.metadata?.continue ?? ""
    if (next === "") return { deployment, sets }
  }
  return refused("invalid", `${place.namespace} has more ReplicaSets of ${place.deployment} than are looked at`)
}

const isControlledBy = ({ metadata }: ReplicaSet, owner: Deployment): boolean =>
  metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === owner.metadata.uid) ?? false

function query(selector: Selector, next: string): URLSearchParams {
  const asked = new URLSearchParams({ labelSelector: selectorText(selector), limit: String(PAGE) })
  if (next !== "") asked.set("continue", next)
  return asked
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function selectorText({ matchLabels, matchExpressions }: Selector): string {
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === "Exists") return key
    if (operator === "DoesNotExist") return `!${key}`
    return `${key} ${operator === "In" ? "in" : "notin"} (${(values ?? []).join(",")})`
  })
  return [...labels, ...expressions].join(",")
}

async function ask<Body>(
  { ask: send, signal }: Asking,
  request: ClusterRequest,
  schema: z.ZodType<Body>,
): Promise<{ readonly value: Body } | Refused> {
  const answer = await send(request, signal)
  if (answer.is !== "answer" || answer.status !== 200) return notDone(request.place, answer)
  const read = schema.safeParse(answer.body)
  return read.success
    ? { value: read.data }
    : refused("invalid", `${request.place.server} answered with no object of apps/v1`)
}

/** Why an API server did not do what it was asked; nothing of its words is in it. */
export function notDone({ server, namespace, deployment }: KubernetesPlace, answer: ClusterAnswer): Refused {
  if (answer.is === "retry") return { is: "retry", because: answer.because }
  if (answer.is === "refused") return refused("invalid", answer.because)
  const { status } = answer
  const what = `Deployment ${deployment} in the namespace ${namespace}`
  if (status === 401) return refused("forbidden", `${server} does not know the token: it may have run out`)
  if (status === 403)
    return refused(
      "forbidden",
      `${server} does not let the token take back the ${what}: it needs get and patch of deployments and list of replicasets there, and no admission policy in the way`,
    )
  if (status === 404) return refused("invalid", `${server} has no ${what}`)
  return refused("invalid", `${server} answered ${status} for the ${what}`)
}
