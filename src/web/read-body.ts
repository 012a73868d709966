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

/** A body that is being read. */
interface Reading {
  size: number
  readonly end: (as: Body) => void
}

/**
 * Reads request bodies, each up to `limit` bytes (25 MB), all that are being read up to four times that. When there is no
 * room for more, the largest of them gives way: who holds large bodies open, without an end, shuts out others of their kind, and
 * no usual webhook of a few kilobytes.
 */
export function createBodyReader(limit = BODY_LIMIT): (request: IncomingMessage) => Promise<Body> {
  const readings = new Set<Reading>()
  let held = 0

  const makeRoom = (): void => {
    while (held > HELD * limit) {
      const largest = [...readings].reduce((most, one) => (one.size > most.size ? one : most))
      largest.end({ is: "no room" })
    }
  }

  return async (request) => {
    if (Number(request.headers["content-length"] ?? 0) > limit) return { is: "too large" }
    const chunks: Buffer[] = []
    const done = Promise.withResolvers<Body>()
    const reading: Reading = {
      size: 0,
      end(as) {
        if (readings.delete(reading)) held -= reading.size
        // What still comes of a body that was given up is let go by whoever answers the request.
        request.off("data", take)
        done.resolve(as)
      },
    }
    const take = (chunk: Buffer): void => {
      reading.size += chunk.length
      held += chunk.length
      if (reading.size > limit) reading.end({ is: "too large" })
      else chunks.push(chunk)
      makeRoom()
    }
    readings.add(reading)
    request.on("data", take)
    request.once("end", () => reading.end({ is: "whole", bytes: Buffer.concat(chunks, reading.size) }))
    // The sender went away, or was too slow for the server's time-out: there is nobody to tell.
    request.once("close", () => reading.end({ is: "broken off" }))
    request.once("error", () => reading.end({ is: "broken off" }))
    return await done.promise
  }
}
