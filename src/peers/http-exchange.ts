import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import type { LookupFunction } from "node:net"

export interface HttpExchange {
  readonly method: string
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly body?: string | undefined
  /** What the name stands for: not by the machine's own look-up, which one silent DNS can block for everybody. */
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
  /** PEM, of who signed the server's certificate; absent: whom the process trusts. */
  readonly ca?: string | undefined
}

const HEADERS_MOST = 16 * 1024

/**
 * Sends one request on a connection of its own. A redirect is not followed: where it leads to, nobody has said that anything
 * may go. Whoever takes the answer destroys it.
 *
 * @throws what the socket or TLS said, and when the signal ends it
 */
export function exchange({ method, url, headers, body, lookup, signal, ca }: HttpExchange): Promise<IncomingMessage> {
  const options: RequestOptions & { ca?: string } = {
    method,
    // No agent: no connection is kept, and no proxy of the process's environment stands between.
    agent: false,
    signal,
    lookup,
    headers: { ...headers, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) },
    maxHeaderSize: HEADERS_MOST,
    ...(ca === undefined ? {} : { ca }),
  }
  return new Promise((done, fail) => {
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options)
    sent.once("response", done)
    // Without somebody who listens to it an upgrade ends neither with an answer nor with an error.
    sent.once("upgrade", (_, socket) => {
      socket.destroy()
      fail(new Error("another protocol than HTTP was offered"))
    })
    // Stays for what comes after the answer: an error that nobody listens to would end the process.
    sent.on("error", fail)
    sent.end(body)
  })
}

/** @returns the whole answer; undefined where it is longer than so many bytes. @throws when it breaks off */
export async function textOf(answer: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
