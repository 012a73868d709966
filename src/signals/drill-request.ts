import { z } from "zod"
import { hashOf } from "../model/hash.ts"
import { jsonIn } from "../model/json-text.ts"
import type { DrillAsked } from "../model/signal.ts"
import { Instant } from "./payload.ts"
import { malformed, NO_JSON, type Reporter, text } from "./report.ts"

/** Somebody wants a drill: what a report is for what was deployed (`Report`). */
export type DrillRequest =
  | {
      readonly is: "drill"
      readonly delivery: string
      readonly repository?: string
      readonly signal: DrillAsked
    }
  | { readonly is: "malformed"; readonly because: string }

const Body = z.strictObject({
  id: text(200),
  environment: text(255),
  repository: text(201).exactOptional(),
  component: text(100).exactOptional(),
  at: Instant,
})

/** Longer ago nobody meant it for now. */
const OLDEST_MS = 60 * 60_000
/** Two clocks are never the same. */
const AHEAD_MS = 5 * 60_000
const HASH_LENGTH = 24

/** A request for a drill, as docs/rollback.md describes it. */
export function drillRequest(body: string, by: Reporter, now: Date): DrillRequest {
  const said = jsonIn(body)
  if (said === undefined) return NO_JSON
  const read = Body.safeParse(said)
  if (!read.success) return malformed(read.error)
  const { id, repository, at, ...where } = read.data
  const age = now.getTime() - Date.parse(at)
  if (age > OLDEST_MS || age < -AHEAD_MS)
    return { is: "malformed", because: "`at` is more than an hour ago, or in the future: compare the clocks" }
  return {
    is: "drill",
    delivery: `drill:${hashOf([by.id, id]).slice(0, HASH_LENGTH)}`,
    ...(repository === undefined ? {} : { repository }),
    signal: { kind: "drill asked", ...where, by: `token ${by.name}`, at: now.toISOString() },
  }
}
