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

// guard: secret-named-in-words
/** Inside of a JSON string. What somebody wrote names no secret. */
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1).replaceAll("${", "\\u0024{")

/** A text with everything filled in that it names; what is not known stays as it is written. */
export const filledText = (text: string, fills: Fills, written: (value: string) => string = (value) => value): string =>
  text.replaceAll(/(?<!\$)\{([a-z]{1,20})\}/g, (whole, name: string) =>
    Object.hasOwn(fills, name) ? written(fills[name] ?? "") : whole,
  )

/** A call with everything filled in but its secrets: in the URL percent-encoded, in the body as inside of a JSON string. */
export function filledCall(call: HttpCall, fills: Fills): HttpCall {
  return {
    ...call,
    url: filledText(call.url, fills, encodeURIComponent),
    ...(call.body === undefined ? {} : { body: filledText(call.body, fills, inJson) }),
  }
}
