/** A request of ours to a system that the configuration describes. */
export interface HttpCall {
  /** `https://` or `http://`, without credentials. */
  readonly url: string
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE"
  readonly headers: { readonly [name: string]: string }
  readonly body?: string
}

/** What an address answered. `refused`: asking again would not help. No text of the other side is in `because`. */
export type HttpCallResult =
  | { readonly is: "done"; readonly status: number }
  | { readonly is: "refused"; readonly because: string }
  | { readonly is: "retry"; readonly because: string }

/** A secret of the account, and the only host that may see it. */
export interface HostSecret {
  readonly host: string
  readonly value: string
}

/** What a call may name as `{name}`. */
export type Fills = { readonly [name: string]: string }

/** Inside of a JSON string. What somebody wrote names no secret. */
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1).replaceAll("${", "\\u0024{")

/** A call with everything filled in but its secrets: in the URL percent-encoded, in the body as inside of a JSON string. */
export function filledCall(call: HttpCall, fills: Fills): HttpCall {
  const fill = (text: string, written: (value: string) => string) =>
    text.replaceAll(/(?<!\$)\{([a-z]{1,20})\}/g, (whole, name: string) =>
      Object.hasOwn(fills, name) ? written(fills[name] ?? "") : whole,
    )
  return {
    ...call,
    url: fill(call.url, encodeURIComponent),
    ...(call.body === undefined ? {} : { body: fill(call.body, inJson) }),
  }
}
