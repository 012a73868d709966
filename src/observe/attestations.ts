import type { Attestations } from "../model/attestation.ts"
import type { VerifyAttestation } from "../peers/attestations.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** More than one page of them nobody has for one build. */
const MOST = 100
const REASONS_KEPT = 3

/**
 * What GitHub's attestations say of an artifact, each verified. One request.
 * https://docs.github.com/en/rest/repos/attestations#list-attestations
 *
 * @param verify undefined: the process was told of no trusted roots, and nothing can be verified
 */
export async function readAttestations(
  reader: Reader,
  digest: string,
  verify: VerifyAttestation | undefined,
  now: Date,
): Promise<Read<Attestations>> {
  if (!verify) return unknown("Slipway was started without SLIPWAY_TRUSTED_ROOT, and can verify no attestation")
  const answer = await reader.ask((at) =>
    reader.rest.repos.listAttestations({ ...at, subject_digest: digest, predicate_type: "provenance", per_page: MOST }),
  )
  const readAt = now.toISOString()
  if (answer.is === "refused") {
    // GitHub has none: a build that has not attested yet looks the same.
    if (answer.error.is === "gone") return read({ readAt, verified: [], refused: [] })
    return unknown(`its attestations could not be read: ${whyUnknown(answer.error)}`)
  }
  try {
    const bundles = answer.data.attestations ?? []
    const verdicts = await Promise.all(bundles.map(({ bundle }) => verify(bundle, digest)))
    return read({
      readAt,
      verified: verdicts.flatMap((one) => (one.is === "verified" ? [one.attested] : [])),
      refused: verdicts.flatMap((one) => (one.is === "refused" ? [one.because] : [])).slice(0, REASONS_KEPT),
    })
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return unknown(`the file that SLIPWAY_TRUSTED_ROOT names is of no use: ${because}`)
  }
}
