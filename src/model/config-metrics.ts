import { z } from "zod"
import { duration, matching, text } from "./field.ts"

const QUERY_MOST = 4_000

/** PromQL, which may have several lines. What is wrong in it the metrics server says. */
const query = z
  .string({ error: "must be a PromQL expression that gives one number" })
  .max(QUERY_MOST, { error: `must be at most ${QUERY_MOST} characters`, abort: true })
  .refine((it) => it.trim() !== "", "must be a PromQL expression that gives one number")

/** `5%` → 5. */
const percent = matching(/^\d{1,3}(?:\.\d{1,4})? ?%$/, "must be a share such as `5%`, in quotes or not").transform(
  (written) => Number.parseFloat(written),
)

const share = percent.refine((it) => it <= 100, "must be at most `100%`")

const finite = z.number("must be a number")

/** A number, and what it may be: so far from what it was with the release before, or within a limit that is given. */
export const metricFields = {
  name: text.exactOptional().describe("How it is called on pages; such as `p95`"),
  query: query.describe("PromQL; `{window}`, `{environment}`, `{component}`, `{version}` and `{sha}` are filled in"),
  window: duration.prefault("30m").describe("The time over which it is measured"),
  within: percent.exactOptional().describe("How much worse it may be than with the last release that was good there"),
  "at-most": finite.exactOptional(),
  "at-least": finite.exactOptional(),
  better: z.enum(["lower", "higher"]).default("lower"),
}

/** What a metric has to have beside its query. */
export const MUST_HAVE_LIMIT = "must say what it may be: `within: 5%` of the release before, `at-most` or `at-least`"

const metric = z
  .strictObject(metricFields)
  .refine(
    (it) => it.within !== undefined || it["at-most"] !== undefined || it["at-least"] !== undefined,
    MUST_HAVE_LIMIT,
  )

export type Metric = z.output<typeof metric>

/** A number that ticks an item of a checklist. No environment is meant there: it is named in the query. */
export const tickingMetric = z
  .strictObject({
    name: text.exactOptional().describe("How it is called on pages; such as `error rate`"),
    query: query
      .refine((it) => !it.includes("{environment}"), "must name the environment that is meant, without `{environment}`")
      .describe("PromQL that gives one number; `{window}`, `{component}`, `{version}` and `{sha}` are filled in"),
    window: duration.prefault("30m").describe("The time over which it is measured"),
    "at-most": finite.exactOptional(),
    "at-least": finite.exactOptional(),
  })
  .refine(
    (it) => it["at-most"] !== undefined || it["at-least"] !== undefined,
    "must say what it has to be: `at-most` or `at-least`",
  )

export type TickingMetric = z.output<typeof tickingMetric>

const METRICS_MOST = 10
const MUST = "must be a metric such as `{ query: …, within: 5% }`, or a list of them"

/** One metric or several → a list. */
export const metrics = z.union([metric.transform((one) => [one]), z.array(metric).min(1, MUST).max(METRICS_MOST)], MUST)

const slo = z
  .union([share, z.number()], "must be a share such as `99.9%`, below `100%`")
  .refine((it) => it > 0 && it < 100, "must be a share such as `99.9%`, below `100%`")

/** How much of what may go wrong has to be left: https://sre.google/workbook/error-budget-policy/ */
export const errorBudget = z.strictObject({
  query: query.describe("PromQL that gives the share of good events among all, from 0 to 1, over `{window}`"),
  slo: slo.describe("The share of good events that is promised, such as `99.9%`"),
  window: duration.prefault("30d").describe("The time for which it is promised"),
  remaining: share.prefault("0%").describe("How much of the budget has to be left at least"),
})

export type ErrorBudget = z.output<typeof errorBudget>
