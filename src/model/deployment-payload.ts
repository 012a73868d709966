import { z } from "zod"
import type { Artifact } from "./artifact.ts"
import { jsonIn } from "./json-text.ts"
import { storableText } from "./storable.ts"

/** The App of which every job is. https://docs.github.com/en/actions/concepts/security/github_token */
export const ACTIONS_SLUG = "github-actions"

const DIGEST = /^(?:[^\s@]{1,500}@)?(sha256:[0-9a-f]{64})$/
const KEYS = ["artifact", "digest", "image"] as const
const MOST = 50
const REF_SHOWN = 200

/**
 * What a deployment's payload says that it deploys: `artifact`, `digest` or `image`, one text or a list of them, each
 * `sha256:…` or `ghcr.io/acme/shop@sha256:…`. Anything else there names something that can be moved.
 * @returns undefined where it says nothing of it, as the deployments of jobs do
 */
export function artifactIn(payload: unknown): Artifact | undefined {
  // A payload comes as an object, or as the text that was sent.
  const said = typeof payload === "string" ? jsonIn(payload) : payload
  if (typeof said !== "object" || said === null) return undefined
  const named = KEYS.flatMap((key) => (Object.hasOwn(said, key) ? [(said as Record<string, unknown>)[key]] : [])).flat()
  if (named.length === 0) return undefined
  if (named.length > MOST) return { is: "mutable", ref: `${named.length} artifacts` }
  const digests = named.map((one) => (typeof one === "string" ? DIGEST.exec(one)?.[1] : undefined))
  const strange = digests.indexOf(undefined)
  if (strange >= 0) return { is: "mutable", ref: shown(named[strange]) }
  return { is: "digests", digests: [...new Set(digests.flatMap((one) => one ?? []))].sort() }
}

const shown = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, REF_SHOWN)

const Ours = z.object({ slipway: z.string().transform(storableText) })

/** Our own key in the payload of a deployment that Slipway made: the rollback that it is of. */
export function rollbackIn(payload: unknown): string | undefined {
  return Ours.safeParse(typeof payload === "string" ? jsonIn(payload) : payload).data?.slipway
}
