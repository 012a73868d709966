import { z } from "zod"
import { mapOf, matching, oneOrMore } from "./field.ts"
import { isMailAddress } from "./mail-address.ts"

const CHANNEL = /^(?:#[^\s#@,]{1,80}|[CG][A-Z0-9]{7,20})$/u
const MUST = "must be a channel such as `#general` (in quotes, since `#` begins a comment) or an e-mail address"

/** `#general`, or a channel's ID. */
export const isSlackChannel = (text: string): boolean => CHANNEL.test(text)

const place = z
  .string({ error: MUST })
  .max(300, { error: MUST, abort: true })
  .refine((it) => isSlackChannel(it) || isMailAddress(it), MUST)

/** Who is meant by the names that plans use in `communication`: channels and addresses, a hundred at most. */
export const audiences = mapOf(
  matching(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}])?$/u, "must be a name such as `customers`"),
  oneOrMore(place, MUST).refine((places) => places.length <= 100, "must hold at most 100 of them"),
  200,
)
