import { z } from "zod"
import { glob, listOf, oneOrMore, text, whole } from "./field.ts"

const words = oneOrMore(text, "must be one line of text, or a list of them")
const level = z.enum(["low", "medium", "high"], "must be `low`, `medium` or `high`")

/** One rule on a change. Every condition of it must hold; of a list any entry suffices. */
const rule = z
  .strictObject({
    paths: oneOrMore(glob, "must be a path pattern such as `docs/**`, or a list of them").exactOptional(),
    labels: words.exactOptional(),
    types: words.exactOptional(),
    size: whole(0, 1_000_000).exactOptional().describe("Lines added and removed: `low` up to, `high` above"),
    features: oneOrMore(level, "must be `low`, `medium` or `high`, or a list of them")
      .exactOptional()
      .describe("The risk that the plan gives the features that the change is bound to"),
  })
  .refine((rule) => Object.keys(rule).length > 0, "must name at least one condition, such as `{ paths: docs/** }`")

/** Which changes are of low risk, and which never are; what neither says is of high risk. */
export const risk = z.strictObject({ low: listOf(rule).default([]), high: listOf(rule).default([]) }).prefault({})

export type RiskRules = z.output<typeof risk>
export type RiskRule = RiskRules["low"][number]
