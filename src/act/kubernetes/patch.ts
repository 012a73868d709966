import type { PatchOperation } from "../../peers/kubernetes.ts"
import { type Deployment, type ReplicaSet, rawOf } from "./objects.ts"
import { ownTemplate } from "./template.ts"

/** Annotations that are the Deployment's own, whichever revision it is at; `kubectl` leaves the same. */
const OWN = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
]

/**
 * What `kubectl rollout undo` sends: the revision's pod template in place of the present one, and its annotations; with
 * everything in the template that the server said, also what no client knows. Before it goes what `kubectl` has not: the
 * version that was looked at. A server stores that over the present one and then answers 409 where they differ.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function undoPatch({ metadata }: Deployment, revision: ReplicaSet): readonly PatchOperation[] {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([name]) => OWN.includes(name))
  const came = Object.entries(revision.metadata.annotations ?? {}).filter(([name]) => !OWN.includes(name))
  return [
    { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
    { op: "replace", path: "/spec/template", value: rawOf(ownTemplate(revision.spec.template)) },
    {
      op: metadata.annotations ? "replace" : "add",
      path: "/metadata/annotations",
      value: Object.fromEntries([...kept, ...came]),
    },
  ]
}
