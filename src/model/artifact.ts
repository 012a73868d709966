import { z } from "zod"
import type { Evidence } from "./evidence.ts"
import { matching, text } from "./field.ts"
import { matchesGlob } from "./glob.ts"
import { isLaterId } from "./later-id.ts"

/** What a deployment says in its payload that it deploys. */
export type Artifact =
  /** Each `sha256:` and 64 hexadecimal digits; sorted, each once. */
  | { readonly is: "digests"; readonly digests: readonly string[] }
  /** Something that can be another thing tomorrow, such as `ghcr.io/acme/shop:latest`. */
  | { readonly is: "mutable"; readonly ref: string }

const WORKFLOW = /^(?:[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/)?\.github\/workflows\/[^\s@]+\.ya?ml(?:@refs\/\S+)?$/
const workflow = matching(
  WORKFLOW,
  "must be a workflow such as `.github/workflows/build.yml`, or that of another repository such as `acme/ci/.github/workflows/build.yml@refs/tags/v3`",
)

const attestation = z.union(
  [
    z.literal("required").transform((): { workflow?: string } => ({})),
    z.strictObject({ workflow: workflow.exactOptional() }),
  ],
  "must be `required`, or `{ workflow: .github/workflows/build.yml }`",
)

interface Asked {
  from?: string
  app?: string
  attestation?: { workflow?: string }
}

/** `artifact: digest`: what is deployed is named by its digest, and is what the environment before has. */
export const artifactRule = z.union(
  [
    z.literal("digest").transform((): Asked => ({})),
    z.strictObject({
      from: text
        .exactOptional()
        .describe(
          "The check run or commit status that names the digest, where a deployment does not: those of jobs cannot",
        ),
      app: text.exactOptional().describe("Slug of the GitHub App that must have reported it"),
      attestation: attestation
        .exactOptional()
        .describe("An attestation of GitHub's for it, by a workflow of the repository or by the one that is named"),
    }),
  ],
  "must be `digest`, or a mapping such as `{ from: image, attestation: required }`",
)

export type ArtifactRule = z.output<typeof artifactRule>

/** In the short form of a digest that people see: `sha256:0a1b2c3d4e5f`. */
export const shortDigest = (digest: string): string => digest.slice(0, "sha256:".length + 12)

/** What is known of what a deployment deploys. */
export type Named =
  | Artifact
  /** Nobody has said it yet. */
  | { readonly is: "unsaid"; readonly because: string }

/**
 * What a deployment deploys: what its payload says, or else what the check that the rule names says of the commit. Of that
 * the newest report counts, and it has to have passed.
 */
export function artifactNamed(rule: ArtifactRule, said: Artifact | undefined, reports: readonly Evidence[]): Named {
  if (said) return said
  const { from, app } = rule
  if (from === undefined)
    return { is: "unsaid", because: "the deployment's payload names no artifact: make it with `artifact: sha256:…`" }
  // guard: digest-of-another-app
  const all = reports.filter((one) => matchesGlob(one.name, from) && (app === undefined || one.app === app))
  const newest = all.reduce<Evidence | undefined>((a, b) => (a && isLaterId(a.id, b.id) ? a : b), undefined)
  if (!newest) return { is: "unsaid", because: `no report named “${from}” names the artifact` }
  if (newest.state !== "passed")
    return { is: "unsaid", because: `${newest.name}, which names the artifact, is ${newest.word}` }
  const digests = newest.digests ?? []
  if (digests.length === 0) return { is: "unsaid", because: `${newest.name} names no digest (sha256:…)` }
  return { is: "digests", digests }
}

const DIGEST = /\bsha256:[0-9a-f]{64}(?![0-9a-f])/g
const DIGESTS_MOST = 50

/** The digests in what a check says of its commit; absent: none, or more than anybody builds at once. */
export function digestsIn(...texts: readonly (string | null | undefined)[]): { readonly digests?: readonly string[] } {
  const found = new Set(texts.flatMap((one) => one?.match(DIGEST) ?? []))
  return found.size === 0 || found.size > DIGESTS_MOST ? {} : { digests: [...found].sort() }
}
