import { createHash } from "node:crypto"
import type { Json } from "./json-patch.ts"

/** A Deployment or a ReplicaSet: what is looked at here, and whatever else it has. */
export interface Workload {
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    generation?: number
    creationTimestamp?: string
    labels?: { [key: string]: string }
    annotations?: { [key: string]: string }
    ownerReferences?: { uid: string; controller?: boolean; [key: string]: Json | undefined }[]
    [key: string]: unknown
  }
  spec: {
    replicas?: number
    paused?: boolean
    selector: {
      matchLabels?: { [key: string]: string }
      matchExpressions?: { key: string; operator: string; values?: string[] }[]
    }
    template: {
      metadata?: { labels?: { [key: string]: string }; [key: string]: unknown }
      spec: { [key: string]: unknown }
      [key: string]: unknown
    }
    [key: string]: unknown
  }
  status?: { [key: string]: unknown }
  [key: string]: unknown
}

const REVISION = "deployment.kubernetes.io/revision"
const HASH = "pod-template-hash"
const PAGE_MOST = 500

/**
 * The objects of one namespace, and the Deployment controller: each pod template has a ReplicaSet, the present one the
 * highest revision. https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export class Namespace {
  readonly #deployments = new Map<string, Workload>()
  readonly #sets = new Map<string, Workload>()
  #version = 100
  #made = Date.parse("2026-11-01T08:00:00Z")

  deployment(name: string): Workload | undefined {
    return this.#deployments.get(name)
  }

  place(deployment: Workload, sets: readonly Workload[]): void {
    this.#deployments.set(deployment.metadata.name, structuredClone(deployment))
    for (const set of sets) this.#sets.set(set.metadata.name, structuredClone(set))
  }

  list(asked: URLSearchParams): { readonly items: readonly Workload[]; readonly next: object } {
    const selector = asked.get("labelSelector") ?? ""
    const all = [...this.#sets.values()].filter((set) => isSelected(set.metadata.labels ?? {}, selector))
    const from = Number(asked.get("continue") ?? 0)
    const end = from + Math.min(Number(asked.get("limit") ?? PAGE_MOST) || PAGE_MOST, PAGE_MOST)
    return { items: all.slice(from, end), next: end < all.length ? { continue: String(end) } : {} }
  }

  apply(given: Workload): void {
    const before = this.#deployments.get(given.metadata.name)
    const deployment = structuredClone(given)
    const { metadata, spec } = deployment
    metadata.uid ??= before?.metadata.uid ?? `uid-of-${metadata.name}`
    metadata.creationTimestamp ??= this.#now()
    metadata.resourceVersion = String(++this.#version)
    const isNew = JSON.stringify(before?.spec) !== JSON.stringify(spec)
    metadata.generation = (before?.metadata.generation ?? 0) + (isNew ? 1 : 0)
    deployment.status = { ...before?.status, ...deployment.status }
    this.#deployments.set(metadata.name, deployment)
    if (isNew && spec.paused !== true) this.#takeUp(deployment)
  }

  rollOut(name: string): void {
    const deployment = this.#deployments.get(name)
    if (!deployment) return
    const { generation, resourceVersion: _, ...rest } = deployment.metadata
    const count = deployment.spec.replicas ?? 1
    const status = { replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count }
    deployment.status = { ...deployment.status, observedGeneration: generation ?? 0, ...status }
    deployment.metadata = { ...rest, generation: generation ?? 0, resourceVersion: String(++this.#version) }
  }

  /** The controller gives the template a ReplicaSet, or the one that had it the newest number. */
  #takeUp(deployment: Workload): void {
    const { metadata, spec } = deployment
    const mine = [...this.#sets.values()].filter(({ metadata: { ownerReferences } }) =>
      ownerReferences?.some(({ uid }) => uid === metadata.uid),
    )
    const newest = Math.max(0, ...mine.map(({ metadata: { annotations } }) => Number(annotations?.[REVISION] ?? 0)))
    const known = mine.find((set) => templateText(set) === templateText(deployment))
    const set = known ?? this.#newSet(deployment)
    const { [REVISION]: _, ...others } = metadata.annotations ?? {}
    const revision = String(newest + 1)
    set.metadata.annotations = { ...kept(others), [REVISION]: revision }
    set.spec.replicas = spec.replicas ?? 1
    this.#sets.set(set.metadata.name, set)
    metadata.annotations = { ...others, [REVISION]: revision }
    const old = Number(deployment.status?.replicas ?? 0)
    deployment.status = {
      ...deployment.status,
      observedGeneration: metadata.generation ?? 0,
      replicas: old + 1,
      updatedReplicas: 1,
      availableReplicas: old,
    }
  }

  #newSet({ metadata, spec }: Workload): Workload {
    const hash = createHash("sha256").update(templateText({ metadata, spec })).digest("hex").slice(0, 10)
    const template = structuredClone(spec.template)
    template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [HASH]: hash } }
    return {
      metadata: {
        name: `${metadata.name}-${hash}`,
        uid: `uid-of-${hash}`,
        resourceVersion: String(++this.#version),
        generation: 1,
        creationTimestamp: this.#now(),
        labels: { ...template.metadata.labels },
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name, uid: metadata.uid ?? "", controller: true },
        ],
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
      spec: { selector: spec.selector, template },
    }
  }

  /** A minute goes by between any two things that are made. */
  #now(): string {
    this.#made += 60_000
    return new Date(this.#made).toISOString().replace(".000Z", "Z")
  }
}

/** `kubectl.kubernetes.io/last-applied-configuration` is not copied to ReplicaSets. */
const kept = (annotations: { [key: string]: string }): { [key: string]: string } =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => !name.startsWith("kubectl.kubernetes.io/last-")))

function templateText({ spec: { template } }: Workload): string {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {}
  return JSON.stringify([Object.entries(labels).sort(), template.metadata?.annotations ?? null, template.spec])
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function isSelected(labels: { readonly [key: string]: string }, selector: string): boolean {
  const terms = selector.match(/[^,(]+(?:\([^)]*\))?/g) ?? []
  return terms.every((term) => {
    const [, key = "", not, list = ""] = /^\s*([^\s!=]+)\s+(not)?in\s+\(([^)]*)\)\s*$/.exec(term) ?? []
    if (key !== "") return list.split(",").includes(labels[key] ?? "") !== (not === "not")
    if (term.startsWith("!")) return !(term.slice(1) in labels)
    const [name = "", value] = term.split("=")
    return value === undefined ? name in labels : labels[name] === value
  })
}
