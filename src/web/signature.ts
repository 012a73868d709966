import { createHmac, timingSafeEqual } from "node:crypto"

/**
 * Whether `signature` (the header `X-Hub-Signature-256`) is the HMAC of exactly these bytes under our secret.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSignedWith(secret: string, body: Uint8Array, signature: string): boolean {
  const given = Buffer.from(signature)
  const right = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`)
  return given.length === right.length && timingSafeEqual(given, right)
}
