import { deflateRawSync, inflateRawSync } from "node:zlib"

type Fetch = typeof globalThis.fetch

interface Kept {
  readonly etag: string
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Deflated, all together: answers of some hundred glances. */
const BYTES_MOST = 3 * 1024 * 1024
/** One answer. A longer one is a page of history, which is not asked for twice. */
const BODY_MOST = 192 * 1024

/**
 * Asks GitHub only whether an answer has changed, where the same was asked before: "making a conditional request does
 * not count against your primary rate limit if a 304 response is returned and the request was made while correctly
 * authorized" (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate).
 * An answer is kept for whom it was given to; GitHub gives another ETag to another token, so that a new token asks anew.
 *
 * @param whose the installation: what one may read is never shown to another
 * @returns like `send`; an unchanged answer comes as it was, with its old body
 */
export function createConditional(): (send: Fetch, whose: string) => Fetch {
  const kept = new Map<string, Kept>()
  let bytes = 0

  function drop(key: string): void {
    bytes -= kept.get(key)?.body.length ?? 0
    kept.delete(key)
  }

  function keep(key: string, one: Kept): void {
    drop(key)
    kept.set(key, one)
    bytes += one.body.length
    // A map goes in the order in which it was filled: the first is what was longest not asked for.
    for (const oldest of kept.keys()) {
      if (bytes <= BYTES_MOST) return
      drop(oldest)
    }
  }

  return (send, whose) => async (input, init) => {
    const headers = new Headers(init?.headers)
    const key = `${whose} ${headers.get("accept")} ${String(input)}`
    const before = kept.get(key)
    if (before) headers.set("if-none-match", before.etag)
    const answer = await send(input, { ...init, headers: Object.fromEntries(headers) })
    if (before && answer.status === 304) {
      keep(key, before)
      return new Response(inflateRawSync(before.body), { status: before.status, headers: toHeaders(before, answer) })
    }
    const etag = answer.headers.get("etag")
    if (answer.status !== 200 || etag === null || !/json/.test(answer.headers.get("content-type") ?? "")) {
      drop(key)
      return answer
    }
    const body = Buffer.from(await answer.arrayBuffer())
    if (body.length > BODY_MOST) drop(key)
    else
      keep(key, { etag, status: answer.status, headers: [...answer.headers], body: deflateRawSync(body, { level: 1 }) })
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
}

/** A 304 says anew what is left of the rate limit; what the body is, and where the next page is, the answer before said. */
const toHeaders = (before: Kept, now: Response): Headers => {
  const headers = new Headers(before.headers.map(([name, value]) => [name, value] as [string, string]))
  for (const [name, value] of now.headers) if (/^(?:x-ratelimit-|date$)/.test(name)) headers.set(name, value)
  return headers
}
