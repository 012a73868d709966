import { hashOf } from "../../model/hash.ts"
import type { Json } from "../../model/json.ts"
import { rawOf, type Template } from "./objects.ts"

/** What the controller adds to the template of a ReplicaSet, to tell its pods from those of others. */
const HASH_LABEL = "pod-template-hash"

/** The template of a ReplicaSet as a Deployment has it. */
export function ownTemplate(template: Template): Template {
  const { metadata, ...rest } = template
  if (!metadata?.labels) return template
  const { [HASH_LABEL]: _, ...labels } = metadata.labels
  return { ...rest, metadata: { ...metadata, labels } }
}

/** Equal for templates that say the same: what is null or an empty list says nothing. */
export const templateHash = (template: Template): string => hashOf(said(rawOf(ownTemplate(template)))).slice(0, 40)

function said(value: Json): Json {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && !(Array.isArray(item) && item.length === 0))
      .map(([key, item]) => [key, said(item)]),
  )
}

/** Whether JSON.parse kept every number: Kubernetes has integers of 64 bits, and JavaScript only some of them. */
export function isExact(value: Json): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value)
  return typeof value !== "object" || value === null || Object.values(value).every(isExact)
}
