import { readFile } from "node:fs/promises"
import type { Bundle } from "@sigstore/bundle"
import type { Verifier } from "@sigstore/verify"
import { z } from "zod"
import type { Attested } from "../model/attestation.ts"

/** What one bundle comes to; that it vouches for nothing is no error. */
export type Verdict =
  | { readonly is: "verified"; readonly attested: Attested }
  | { readonly is: "refused"; readonly because: string }

/** @param digest `sha256:` and 64 hexadecimal digits */
export type VerifyAttestation = (bundle: unknown, digest: string) => Promise<Verdict>

/** Where the certificate says it: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
const OIDS = {
  repository: "1.3.6.1.4.1.57264.1.12",
  sha: "1.3.6.1.4.1.57264.1.13",
  repositoryId: "1.3.6.1.4.1.57264.1.15",
} as const

const IN_TOTO = "application/vnd.in-toto+json"
/** Who built it: https://slsa.dev/spec/v1.1/provenance */
const PROVENANCE = /^https:\/\/slsa\.dev\/provenance\/v\d/

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const Statement = z.object({
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).max(10_000),
  predicateType: z.string(),
})

/**
 * Verifies GitHub's artifact attestations with Sigstore's own verifier.
 *
 * @param trustedRoots the file that `gh attestation trusted-root` writes: one trusted root a line, that of Sigstore's public
 *   instance (public repositories) and that of GitHub's own (private ones). Read at the first use, and again every hour,
 *   so that a new file needs no new start
 * @throws Error when the file cannot be read, or holds no trusted root: nothing can be verified then
 */
export function createAttestations(trustedRoots: string, now: () => number = Date.now): VerifyAttestation {
  let known: { readonly verifiers: readonly Verifier[]; readonly at: number } | undefined
  return async (bundle, digest) => {
    if (!known || now() - known.at > ROOTS_KEPT_MS) known = { verifiers: await readRoots(trustedRoots), at: now() }
    return verify(known.verifiers, bundle, digest)
  }
}

const ROOTS_KEPT_MS = 60 * 60_000

async function readRoots(file: string): Promise<readonly Verifier[]> {
  const [{ TrustedRoot }, { toTrustMaterial, Verifier: SigstoreVerifier }] = await Promise.all([
    import("@sigstore/protobuf-specs"),
    import("@sigstore/verify"),
  ])
  const text = await readFile(file, "utf8")
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  if (lines.length === 0) throw new Error(`${file} holds no trusted root`)
  return lines.map((line) => {
    const root = TrustedRoot.fromJSON(JSON.parse(line))
    // GitHub's own instance keeps no public log: a timestamp authority says when, and nobody else can see what it signs.
    const isLogged = root.tlogs.length > 0
    const thresholds = { ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0, tlogThreshold: isLogged ? 1 : 0 }
    return new SigstoreVerifier(toTrustMaterial(root), { ...thresholds, timestampThreshold: 1 })
  })
}

async function verify(verifiers: readonly Verifier[], json: unknown, digest: string): Promise<Verdict> {
  const [{ bundleFromJSON }, { toSignedEntity }] = await Promise.all([
    import("@sigstore/bundle"),
    import("@sigstore/verify"),
  ])
  const bundle = attempt(() => bundleFromJSON(json))
  if (bundle.is === "failed") return refused(`it is no bundle of Sigstore's: ${bundle.because}`)
  const entity = attempt(() => toSignedEntity(bundle.value))
  if (entity.is === "failed") return refused(`it is not signed as it should be: ${entity.because}`)
  const tries = verifiers.map((one) => attempt(() => one.verify(entity.value)))
  const signer = tries.find((one) => one.is === "done")
  if (!signer) return refused(`its signature does not hold: ${reasons(tries)}`)
  const about = vouchesFor(bundle.value, digest)
  if (about !== true) return refused(about)
  const { subjectAlternativeName, extensions, oids = [] } = signer.value.identity ?? {}
  const said = (oid: string) => utf8Of(oids.find(({ oid: one }) => one?.id.join(".") === oid)?.value)
  const [repository, sha, repositoryId] = [said(OIDS.repository), said(OIDS.sha), said(OIDS.repositoryId)]
  const [signedBy, issuer] = [subjectAlternativeName, extensions?.issuer]
  if (!signedBy || !issuer || !repository || !sha || !repositoryId)
    return refused("its certificate is not one of a workflow of GitHub Actions")
  return { is: "verified", attested: { signer: signedBy, issuer, repository, repositoryId, sha } }
}

/** Whether what was signed is how the artifact of that digest was built. */
function vouchesFor(bundle: Bundle, digest: string): true | string {
  if (bundle.content.$case !== "dsseEnvelope") return "it is a signature, and says nothing of how it was built"
  const { payload, payloadType } = bundle.content.dsseEnvelope
  const text = attempt(() => JSON.parse(payload.toString("utf8")))
  const statement = Statement.safeParse(text.is === "done" ? text.value : undefined)
  if (payloadType !== IN_TOTO || !statement.success) return "it is no statement of in-toto's"
  const { predicateType, subject } = statement.data
  if (!PROVENANCE.test(predicateType)) return "it does not say how it was built"
  const [algorithm = "", value] = digest.split(":")
  // guard: attestation-of-another
  const isAbout = subject.some(({ digest: one }) => one[algorithm] === value)
  return isAbout || "it is about another artifact"
}

const refused = (because: string): Verdict => ({ is: "refused", because })

type Attempt<T> = { readonly is: "done"; readonly value: T } | { readonly is: "failed"; readonly because: string }

/** The verifier throws what does not hold: here that is an answer like any other. */
function attempt<T>(what: () => T): Attempt<T> {
  try {
    return { is: "done", value: what() }
  } catch (error) {
    return { is: "failed", because: error instanceof Error ? error.message : String(error) }
  }
}

const reasons = (tries: readonly Attempt<unknown>[]): string =>
  [...new Set(tries.flatMap((one) => (one.is === "failed" ? one.because : [])))].join("; ") || "no trusted root"

const UTF8_STRING = 0x0c

/** A short UTF8String in DER, which is what these extensions hold. */
function utf8Of(value: Buffer | undefined): string | undefined {
  if (!value || value[0] !== UTF8_STRING) return undefined
  const length = value[1] ?? 0
  if (length < 0x80) return value.length === length + 2 ? value.toString("utf8", 2) : undefined
  if (length === 0x81) return value.length === (value[2] ?? 0) + 3 ? value.toString("utf8", 3) : undefined
  return undefined
}
