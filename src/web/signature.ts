import { createHmac, timingSafeEqual } from "node:crypto"

/**
 * Which of the secrets `signature` (the header `X-Hub-Signature-256`) was made with, as the HMAC of exactly these bytes. Each is
 * compared in constant time, and all of them always are: how long it takes says nothing of any.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * @returns its place among them; -1: none
 */
export function signedWith(secrets: readonly string[], body: Uint8Array, signature: string): number {
  const given = Buffer.from(signature)
  const fits = secrets.map((secret) => {
    const right = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`)
    return given.length === right.length && timingSafeEqual(given, right)
  })
  return fits.indexOf(true)
}
