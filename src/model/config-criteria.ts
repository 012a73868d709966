import { z } from "zod"
import { type Metric, MUST_HAVE_LIMIT, metricFields } from "./config-metrics.ts"
import { duration } from "./field.ts"

const FAILURES = ["failed deployment", "failed verification"] as const
const DOES = ["investigate", "pause", "rollback"] as const

/** What is done where a criterion of what is live is not kept to. Only what says `rollback` ever rolls back by itself. */
export type Criterion =
  | {
      readonly is: "metric"
      readonly metric: Metric
      /** In minutes: how long it has to be measured to be broken. */
      readonly for: number
      readonly do: (typeof DOES)[number]
    }
  | { readonly is: "failure"; readonly when: (typeof FAILURES)[number]; readonly do: "investigate" | "rollback" }

const { name, query, window: _, better: __, ...limits } = metricFields

/** One form for both kinds, so that what is wrong in it is told by its key; what it means is told apart afterwards. */
const criterion = z
  .strictObject({
    when: z
      .enum(FAILURES, "must be `failed deployment` or `failed verification`; for a metric say `query`")
      .exactOptional()
      .describe("What happens at once, without a metric"),
    name,
    query: query.exactOptional(),
    window: duration.exactOptional().describe("The time over which it is measured; `5m` without it"),
    ...limits,
    better: z.enum(["lower", "higher"]).exactOptional(),
    for: duration.exactOptional().describe("How long it has to be broken; `5m` without it"),
    do: z
      .enum(DOES, "must be `investigate`, `pause` or `rollback`")
      .describe("Tell who is on call, let it into no next environment, or go back to the last known good release"),
  })
  .transform((it, context): Criterion => {
    const wrong = (message: string): typeof z.NEVER => {
      context.addIssue({ code: "custom", message })
      return z.NEVER
    }
    const { when, for: minutes, do: does, query: asked, window: span, better, ...rest } = it
    if (when === undefined) {
      if (asked === undefined) return wrong("must have a `query`, or `when: failed deployment`")
      if (rest.within === undefined && rest["at-most"] === undefined && rest["at-least"] === undefined)
        return wrong(MUST_HAVE_LIMIT)
      const metric = { ...rest, query: asked, window: span ?? FIVE_MINUTES, better: better ?? "lower" }
      return { is: "metric", metric, for: minutes ?? FIVE_MINUTES, do: does }
    }
    const ofMetrics = [asked, span, better, minutes, ...Object.values(rest)]
    if (ofMetrics.some((one) => one !== undefined))
      return wrong(`must have nothing but \`do\` beside \`when: ${when}\`, which needs no metric`)
    if (does === "pause") return wrong("must do something else: what failed enters no next environment anyway")
    return { is: "failure", when, do: does }
  })

const FIVE_MINUTES = 5
const CRITERIA_MOST = 10
const MUST = "must be criteria such as `- { query: …, at-most: 2, for: 10m, do: investigate }`"

export const criteria = z.array(criterion, MUST).min(1, MUST).max(CRITERIA_MOST)
