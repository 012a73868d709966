import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from "node:crypto"
import { type Checkpoint, checkpointOf, signedText, type Unsigned } from "../model/checkpoint.ts"

/** Signs places of audit trails. */
export interface AuditKey {
  /** As in `Checkpoint`. */
  readonly publicKey: string
  sign(checkpoint: Unsigned): Checkpoint
}

/** Another purpose would get another key of the same App. */
const PURPOSE = "slipway audit checkpoint 1"
/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410, section 7). */
const ED25519 = Buffer.from("302e020100300506032b657004220420", "hex")

/**
 * The key of an App's audit trails: Ed25519, derived by HKDF-SHA256 (RFC 5869) from the App's private key. There is
 * nothing to set up, nothing of it is in the database, and whoever has a copy of the database alone can sign nothing.
 * An App that is given a new private key signs by another key from then on; what was signed before names its own.
 *
 * @param privateKey PEM
 */
export function auditKey(privateKey: string): AuditKey {
  const secret = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" })
  const seed = Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, 32))
  const key = createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: "der", type: "pkcs8" })
  const publicKey = createPublicKey(key).export({ format: "jwk" }).x
  if (publicKey === undefined) throw new Error("an Ed25519 key has a public part")
  return {
    publicKey,
    sign: (of) =>
      checkpointOf(of, { publicKey, signature: sign(null, Buffer.from(signedText(of)), key).toString("base64url") }),
  }
}

/** Whether the key that a checkpoint names has signed it. Whose key that is, the reader has to know. */
export function isSigned(checkpoint: Checkpoint): boolean {
  const { publicKey, signature } = checkpoint
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" })
    return verify(null, Buffer.from(signedText(checkpoint)), key, Buffer.from(signature, "base64url"))
  } catch {
    return false
  }
}
