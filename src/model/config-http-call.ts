import { z } from "zod"
import { mapOf, matching, text } from "./field.ts"
import type { HttpCall } from "./http-call.ts"

const URL_MUST = "must be an address that begins with `https://` or `http://`, without credentials"
const HOST_MUST = "must have a host of its own: nothing is filled in there"

const address = text
  .refine((written) => {
    if (!URL.canParse(written)) return false
    const { protocol, username, password } = new URL(written)
    return (protocol === "https:" || protocol === "http:") && username + password === ""
  }, URL_MUST)
  .refine((written) => !/^https?:\/\/[^/]*[{}$]/i.test(written), HOST_MUST)

/** What the connection and we ourselves say. https://www.rfc-editor.org/rfc/rfc9110#name-field-names */
const OURS =
  /^(?:host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect|idempotency-key|user-agent)$/i
const headerName = matching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "must be the name of an HTTP header")

const BODY_MOST = 10_000
const BODY_MUST = `must be a text of at most ${BODY_MOST} characters`

/** The keys of an HTTP call; secrets stand in headers and body as `${NAME}`. */
export const callKeys = {
  url: address.describe("Where it is sent to"),
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"], "must be POST, PUT, PATCH or DELETE").default("POST"),
  headers: mapOf(headerName, text, 20)
    .refine((all) => !Object.keys(all).some((name) => OURS.test(name)), "must not hold what HTTP itself says")
    .default({})
    .describe("A secret of the account stands in them as its name in braces behind a dollar sign"),
  body: z
    .string({ error: BODY_MUST })
    .max(BODY_MOST, { error: BODY_MUST, abort: true })
    .exactOptional()
    .describe("As it is sent, with `{version}` and the like, and secrets, filled in"),
}

export const httpCall = z.strictObject(callKeys).transform((it): HttpCall => it)
