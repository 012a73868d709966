import type { IncomingMessage } from "node:http"

/** GitHub sends nothing larger: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const BODY_LIMIT = 25 * 1024 * 1024

/** As many bodies of the largest size may be held at once: anybody can send them, and a signature is known at the end. */
const HELD = 4

export type Body =
  | { readonly is: "whole"; readonly bytes: Buffer }
  | { readonly is: "too large" }
  | { readonly is: "no room" }
  | { readonly is: "broken off" }

/** Reads request bodies, each up to `limit` bytes (25 MB), all that are being read up to four times that. */
export function createBodyReader(limit = BODY_LIMIT): (request: IncomingMessage) => Promise<Body> {
  let held = 0

  return async (request) => {
    if (Number(request.headers["content-length"] ?? 0) > limit) return { is: "too large" }
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of untilRead(request)) {
        size += chunk.length
        held += chunk.length
        if (size > limit) return { is: "too large" }
        if (held > HELD * limit) return { is: "no room" }
        chunks.push(chunk)
      }
      return { is: "whole", bytes: Buffer.concat(chunks, size) }
    } catch {
      // The sender went away, or was too slow for the server's time-out: there is nobody to tell.
      return { is: "broken off" }
    } finally {
      held -= size
    }
  }
}

/** Leaving the loop early keeps the connection, so that the sender can still read why. */
const untilRead = (request: IncomingMessage): AsyncIterable<Buffer> => request.iterator({ destroyOnReturn: false })
