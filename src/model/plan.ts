import { z } from "zod"
import { checklist } from "./checklist.ts"
import { features } from "./feature.ts"
import { date, oneOrMore, path, person, text, timeZone, version, whole } from "./field.ts"
import { places } from "./joint.ts"
import { testing } from "./testing.ts"
import { instantOf } from "./wall-clock.ts"

const count = whole(0, 1_000_000).default(0)
const message = z.strictObject({ channel: z.enum(["slack", "email", "blog"]), audience: text, date })
const messages = z.array(message).max(500).default([])

/** `release-plan.yml` as it is written, its dates not yet instants. */
const written = z.strictObject({
  release: z.strictObject({
    version: version
      .exactOptional()
      .describe("Higher than the computed version: a stated override; lower: a failed gate"),
    component: text
      .exactOptional()
      .describe("In a repository of several components: which one the plan is for; without it, each of them"),
    name: text.exactOptional(),
    date: date.exactOptional(),
    type: z.enum(["patch", "minor", "major", "hotfix"]).exactOptional(),
  }),
  stakeholders: z
    .record(text, oneOrMore(person, "must be an e-mail address, `@login` or `@org/team`, or a list of them"))
    .default({})
    .describe("People by role: an e-mail address, a GitHub login (@name) or a team (@org/team)"),
  timezone: timeZone.default("UTC").describe("For dates without an offset; a date without a time means 09:00 there"),
  timeline: z
    .strictObject({
      code_freeze: date.exactOptional(),
      qa_start: date.exactOptional(),
      staging_deploy: date.exactOptional(),
      production_deploy: date.exactOptional(),
    })
    .prefault({}),
  features: features.prefault([]),
  bug_fixes: z.strictObject({ critical: count, high: count, medium: count, low: count }).exactOptional(),
  testing: testing.prefault({}),
  rollback_plan: z
    .strictObject({
      estimated_time: text.exactOptional(),
      procedure: path.describe("A file that must exist in the repository at the release's SHA"),
      responsible: person.exactOptional(),
    })
    .exactOptional(),
  repositories: places
    .exactOptional()
    .describe("Releases of other repositories that come out with this one, in their order"),
  checklist: checklist.exactOptional().describe("What is to be done, each ticked by evidence"),
  communication: z.strictObject({ pre_release: messages, post_release: messages }).prefault({}),
})

/**
 * `release-plan.yml`, as written → with defaults filled in and every date an instant (ISO 8601, UTC). Names of fields
 * are those of the file.
 */
export const planSchema = written.transform((plan) => {
  const instant = (at: string): string => instantOf(at, plan.timezone)
  const dated = (list: readonly z.output<typeof message>[]) => list.map((one) => ({ ...one, date: instant(one.date) }))
  const { date: day, ...release } = plan.release
  return {
    ...plan,
    release: { ...release, ...(day !== undefined && { date: instant(day) }) },
    timeline: instants(plan.timeline, instant),
    communication: {
      pre_release: dated(plan.communication.pre_release),
      post_release: dated(plan.communication.post_release),
    },
  }
})

const instants = <T extends { readonly [step: string]: string }>(dates: T, instant: (at: string) => string): T =>
  Object.fromEntries(Object.entries(dates).map(([step, at]) => [step, instant(at)])) as T

export type Plan = z.output<typeof planSchema>
