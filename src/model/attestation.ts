/**
 * Who built an artifact, from which commit of which repository: what Sigstore's certificate says, of an attestation whose
 * signature, certificate and time were verified.
 * https://docs.github.com/en/actions/concepts/security/artifact-attestations
 */
export interface Attested {
  /** The workflow that signed: `https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main`. */
  readonly signer: string
  /** Who vouched for the workflow: GitHub's own token service. */
  readonly issuer: string
  /** `https://github.com/acme/shop` */
  readonly repository: string
  /** GitHub's id of it, as text: a name can be taken over. */
  readonly repositoryId: string
  /** The commit that was built. */
  readonly sha: string
}

/** What was read of one artifact's attestations. */
export interface Attestations {
  /** ISO 8601 */
  readonly readAt: string
  readonly verified: readonly Attested[]
  /** Why the others count for nothing; a handful. */
  readonly refused: readonly string[]
}
