import { z } from "zod"
import { hashOf } from "./hash.ts"

const FORMAT = "slipway checkpoint 1"

const hex = z.string().regex(/^[0-9a-f]{64}$/)

/** Where a repository's audit trail stood at an instant, signed: what is kept of a trail outside of the database. */
export const checkpointSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** GitHub's numeric id, and the name at that time. */
  repository: z.strictObject({ id: z.string(), name: z.string() }),
  sequence: z.int().nonnegative(),
  hash: hex,
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** The release that it is an asset of; when its publication was asked for (ISO 8601), and which attempt at that. */
  release: z
    .strictObject({
      version: z.string(),
      tag: z.string(),
      sha: z.string(),
      component: z.string().exactOptional(),
      asked: z.iso.datetime().exactOptional(),
      attempt: z.int().positive().exactOptional(),
    })
    .exactOptional(),
  /** Ed25519, as the `x` of a JSON Web Key (RFC 8037): 32 bytes in base64url. */
  publicKey: z.string().regex(/^[\w-]{43}$/),
  /** Base64url. */
  signature: z.string().regex(/^[\w-]{86}$/),
})

export type Checkpoint = z.output<typeof checkpointSchema>
export type Unsigned = Omit<Checkpoint, "format" | "publicKey" | "signature">

/** The file on a release that has the checkpoint of its publication. */
export const AUDIT_FILE = "slipway-audit.json"

/** The text that is signed: SHA-256 of the canonical JSON of all but key and signature. */
export const signedText = ({ repository, sequence, hash, at, release }: Unsigned): string =>
  hashOf({ format: FORMAT, repository, sequence, hash, at, release })

/** Puts a checkpoint together with what signs it. */
export const checkpointOf = (of: Unsigned, signed: Pick<Checkpoint, "publicKey" | "signature">): Checkpoint => ({
  format: FORMAT,
  repository: of.repository,
  sequence: of.sequence,
  hash: of.hash,
  at: of.at,
  ...(of.release === undefined ? {} : { release: of.release }),
  ...signed,
})

/** @returns undefined if the text is no checkpoint */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const read = checkpointSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}
