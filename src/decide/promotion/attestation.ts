import { shortDigest } from "../../model/artifact.ts"
import type { Attestations, Attested } from "../../model/attestation.ts"
import { own } from "../../model/own.ts"
import { fullName } from "../../model/repository.ts"
import { unknownBecause } from "../gates/subject.ts"
import { hostUrl } from "../links.ts"
import { list, short } from "../wording.ts"
import { digestsOf } from "./artifact.ts"
import type { Entry, Judged } from "./entry.ts"

/** An attestation that comes later is found then; GitHub tells nobody of one. */
const LOOK_AGAIN_MS = 10 * 60_000

/**
 * Each artifact was built by a workflow of GitHub Actions, from the release's commit of this very repository. What Sigstore
 * vouches for is told by its certificate; a repository is known by GitHub's id of it, since a name can be taken over.
 * https://docs.github.com/en/actions/how-tos/secure-your-work/use-artifact-attestations
 */
export function attestationGate(entry: Entry): Judged | null {
  if (entry.rules.artifact?.attestation === undefined) return null
  const digests = digestsOf(entry)
  if (digests === undefined) return judged("unknown", "there is no digest that something could be attested of")
  const all = digests.map((digest) => ofOne(entry, digest))
  const worst = (["failed", "unknown", "pending"] as const).flatMap((state) =>
    all.filter(({ gate }) => gate.state === state),
  )[0]
  if (worst) return worst
  const signers = [...new Set(all.flatMap(({ signer }) => signer ?? []))]
  return judged("passed", `built by ${list(signers)} from ${short(entry.release.phase.candidate.sha)}`)
}

/** Whether this very run has read what lets it in. */
export function isAttestationReadNow(entry: Entry): boolean {
  if (entry.rules.artifact?.attestation === undefined) return true
  const digests = digestsOf(entry) ?? []
  // guard: attestation-read-now
  return digests.every((digest) => own(entry.run.facts.learned.attestations, digest) !== undefined)
}

function ofOne(entry: Entry, digest: string): Judged & { readonly signer?: string } {
  const { state, at } = entry
  const unreadable = unknownBecause(state, `attestations:${digest}`)
  if (unreadable !== undefined) return judged("unknown", `could not be read: ${unreadable}`)
  const known = own(state.attestations, digest)
  const until = new Date(Date.parse(known?.readAt ?? at) + LOOK_AGAIN_MS).toISOString()
  const good = known?.verified.find((one) => against(entry, one) === undefined)
  if (known && good) return { ...judged("passed", ""), signer: workflowOf(entry, good) }
  if (!known || until <= at) return { ...judged("unknown", "was not read yet"), unread: true }
  const [reason] = reasons(entry, known)
  if (reason === undefined) return { ...judged("pending", `${shortDigest(digest)} has no attestation`), until }
  return { ...judged("failed", `${shortDigest(digest)}: ${reason}`), until }
}

const reasons = (entry: Entry, { verified, refused }: Attestations): readonly string[] => [
  ...verified.flatMap((one) => against(entry, one) ?? []),
  ...refused,
]

/** Why an attestation is none for this release; undefined: it is one. */
function against(entry: Entry, { issuer, repository, repositoryId, sha, signer }: Attested): string | undefined {
  const { run, release } = entry
  const issuers = issuersOf(hostUrl(run.repo))
  // guard: attestation-issuer
  if (!issuers.some((one) => issuer === one || issuer.startsWith(`${one}/`)))
    return `its attestation is vouched for by ${issuer}, and not by GitHub Actions`
  // guard: attestation-repository
  if (repositoryId !== run.repo.id) return `it was built from ${repository}, and not from ${fullName(run.repo)}`
  const { sha: released } = release.phase.candidate
  // guard: attestation-commit
  if (sha !== released) return `it was built from ${short(sha)}, and not from ${short(released)}`
  // guard: attestation-signer
  if (!isSigner(entry, signer)) return `it was built by ${signer}, and not by ${wanted(entry)}`
  return undefined
}

const workflowRule = (entry: Entry): string | undefined => entry.rules.artifact?.attestation?.workflow

/** A workflow is one of this repository, unless its own is named; at any commit, unless one is named. */
function isSigner(entry: Entry, signer: string): boolean {
  const named = workflowRule(entry)
  const start = `${hostUrl(entry.run.repo)}/`.toLowerCase()
  if (!signer.toLowerCase().startsWith(start)) return false
  const [path = "", ref = ""] = signer.slice(start.length).split("@")
  const own = `${fullName(entry.run.repo)}/.github/workflows/`
  if (named === undefined) return path.toLowerCase().startsWith(own.toLowerCase())
  const [file = "", at] = named.split("@")
  const whole = file.startsWith(".github/") ? `${fullName(entry.run.repo)}/${file}` : file
  return path.toLowerCase() === whole.toLowerCase() && (at === undefined || ref === at)
}

const wanted = (entry: Entry): string => workflowRule(entry) ?? `a workflow of ${fullName(entry.run.repo)}`

const workflowOf = ({ run }: Entry, { signer }: Attested): string =>
  signer.split("@")[0]?.replace(`${hostUrl(run.repo)}/${fullName(run.repo)}/`, "") ?? signer

/** Who vouches for workflows: https://docs.github.com/en/actions/concepts/security/openid-connect */
function issuersOf(host: string): readonly string[] {
  const { hostname } = new URL(host)
  if (hostname === "github.com") return ["https://token.actions.githubusercontent.com"]
  return [`https://token.actions.${hostname}`, `${host}/_services/token`]
}

const judged = (state: "passed" | "failed" | "pending" | "unknown", because: string): Judged => ({
  gate: { name: "attestation", state, because },
})
