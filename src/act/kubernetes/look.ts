import type { Json } from "../../model/json.ts"
import type { DeploymentSeen, Revision } from "../../model/kubernetes.ts"
import { firstOf } from "../../model/storable.ts"
import type { Family } from "../context.ts"
import type { ReplicaSet, Template } from "./objects.ts"
import { ownerOf } from "./owner.ts"
import { type OnCluster, readDeployment, type Seen } from "./read.ts"
import { rolloutOf } from "./rollout.ts"
import { templateHash } from "./template.ts"

/** More nobody keeps: `revisionHistoryLimit` is 10 unless a Deployment says another. */
const REVISIONS_MOST = 30
const IMAGES_MOST = 20
const LONGEST = 300

/** What a Deployment is, and what it was. Reads alone: done twice it is the same. */
export const kubernetesLook: Family<"kubernetes-look", OnCluster> = async ({ content }, context) => {
  const seen = await readDeployment(content.place, context)
  if ("is" in seen) return seen
  return { is: "done", result: { seen: seenOf(seen) as unknown as Json } }
}

function seenOf({ deployment, sets }: Seen): DeploymentSeen {
  const { template, paused } = deployment.spec
  const owner = ownerOf(deployment)
  return {
    template: templateHash(template),
    ...toldBy(template),
    paused: paused === true,
    ...(owner === undefined ? {} : { owner }),
    rollout: rolloutOf(deployment),
    revisions: sets
      .flatMap((set) => revisionOf(set) ?? [])
      .toSorted((a, b) => b.number - a.number)
      .slice(0, REVISIONS_MOST),
  }
}

/** A ReplicaSet that the controller has not numbered yet is no revision. */
function revisionOf({ metadata, spec }: ReplicaSet): Revision | undefined {
  const written = metadata.annotations?.["deployment.kubernetes.io/revision"] ?? ""
  if (!/^[1-9]\d{0,14}$/.test(written)) return undefined
  return {
    name: metadata.name,
    number: Number(written),
    template: templateHash(spec.template),
    made: metadata.creationTimestamp ?? "",
    ...toldBy(spec.template),
  }
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
function toldBy({ metadata, spec }: Template): Pick<Revision, "images" | "version"> {
  const version = metadata?.labels?.["app.kubernetes.io/version"]
  const containers = [...spec.containers, ...(spec.initContainers ?? [])].slice(0, IMAGES_MOST)
  return {
    images: Object.fromEntries(
      containers.map(({ name, image }) => [firstOf(name, LONGEST), firstOf(image ?? "", LONGEST)]),
    ),
    ...(version === undefined ? {} : { version: firstOf(version, LONGEST) }),
  }
}
