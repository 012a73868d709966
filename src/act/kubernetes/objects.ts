import { z } from "zod"
import type { Json } from "../../model/json.ts"

/**
 * The parts of Deployments and ReplicaSets that are looked at; everything else in them stays as the server said it.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
 */
const words = z.record(z.string(), z.string()).nullish()
const container = z.looseObject({ name: z.string(), image: z.string().nullish() })
const template = z.looseObject({
  metadata: z.looseObject({ labels: words, annotations: words }).nullish(),
  spec: z.looseObject({
    containers: z.array(container),
    initContainers: z.array(container).nullish(),
  }),
})
const requirement = z.looseObject({
  key: z.string(),
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
  values: z.array(z.string()).nullish(),
})
const selector = z.looseObject({ matchLabels: words, matchExpressions: z.array(requirement).nullish() })
const metadata = z.looseObject({
  name: z.string(),
  uid: z.string().min(1),
  resourceVersion: z.string().min(1),
  generation: z.int().default(0),
  creationTimestamp: z.string().nullish(),
  labels: words,
  annotations: words,
  ownerReferences: z.array(z.looseObject({ uid: z.string(), controller: z.boolean().nullish() })).nullish(),
  managedFields: z.array(z.looseObject({ manager: z.string().nullish() })).nullish(),
})
const condition = z.looseObject({ type: z.string(), status: z.string(), reason: z.string().nullish() })
const count = z.int().min(0).nullish()

export const deploymentSchema = z.looseObject({
  metadata,
  spec: z.looseObject({
    replicas: count,
    paused: z.boolean().nullish(),
    selector,
    template,
  }),
  status: z
    .looseObject({
      observedGeneration: z.int().nullish(),
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      conditions: z.array(condition).nullish(),
    })
    .nullish(),
})
export type Deployment = z.output<typeof deploymentSchema>

const replicaSet = z.looseObject({ metadata, spec: z.looseObject({ template }) })
export type ReplicaSet = z.output<typeof replicaSet>

export const replicaSetsSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().nullish() }).nullish(),
  items: z.array(replicaSet),
})

/** A pod template, raw. */
export type Template = Deployment["spec"]["template"]
export type Selector = Deployment["spec"]["selector"]

/** What was read is JSON: nothing else comes over the wire. */
export const rawOf = (template: Template): Json => template as unknown as Json
