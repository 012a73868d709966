import { z } from "zod"
import { DEPLOY_STEPS } from "./agenda.ts"
import { artifactRule } from "./artifact.ts"
import { criteria } from "./config-criteria.ts"
import { drill, drilled } from "./config-drill.ts"
import { coverage, probes, smoke, vulnerabilities } from "./config-evidence.ts"
import { errorBudget, metrics } from "./config-metrics.ts"
import { rollback } from "./config-rollback.ts"
import { deployWindow } from "./deploy-window.ts"
import {
  approver,
  approverAtEntry,
  approverOrOwners,
  date,
  duration,
  listOf,
  mapOf,
  matching,
  text,
  whole,
} from "./field.ts"
import { nearest } from "./nearest.ts"
import { quote, quoteAll } from "./quote.ts"
import { instantOf } from "./wall-clock.ts"

const LABEL = /^\S(?:[^\p{Cc}]{0,98}\S)?$/u

/** Another word would make every repository without groups ask for its approvals anew: an absent list stays absent. */
const groupsOf = (who: typeof approver) =>
  z
    .array(
      z.strictObject({
        required: whole(1, 20).default(1),
        from: listOf(who).min(1, "must name somebody, such as `@acme/qa`"),
      }),
    )
    .min(1, "must name a group, such as `{ from: [@acme/qa] }`")
    .max(20)
    .exactOptional()

/** How many have to approve, who may, and groups beside them: of `all-of` each has to approve, of `any-of` one. */
const groupedOf = (who: typeof approver) => ({
  from: listOf(who).default([]),
  required: whole(0, 20).exactOptional(),
  high: whole(1, 20).exactOptional().describe("How many have to approve what is of high risk, where those are more"),
  "all-of": groupsOf(who).describe("Groups of people, each of which has to approve"),
  "any-of": groupsOf(who).describe("Groups of people, one of which has to approve"),
})

/** Who approves a release: the owners of what it changes too. What enters an environment is a release, and no change. */
export const grouped = groupedOf(approverOrOwners)

/** Where there are groups, nobody beside them is asked, unless the file says so. */
export const withRequired = <T extends { required?: number; "all-of"?: unknown; "any-of"?: unknown }>(
  it: T,
): T & { required: number } => ({ ...it, required: it.required ?? (it["all-of"] || it["any-of"] ? 0 : 1) })

/** `15m`, or what has to be shown as well. The short form stays a number: approvals are bound to what this amounts to. */
const verify = z.union(
  [
    duration,
    z.strictObject({
      for: duration.describe("How long no failure may be heard of"),
      checks: listOf(text).exactOptional().describe("Checks that have to pass on its commit from when it is live on"),
      smoke: probes.exactOptional().describe("Addresses that have to answer when that time is over"),
      metrics: metrics.exactOptional().describe("What it has to keep to, measured over the end of that time"),
    }),
  ],
  "must be a duration such as `15m`, or `{ for: 15m, checks: […] }`",
)

const environment = z.strictObject({
  after: text.exactOptional(),
  soak: duration.exactOptional(),
  checks: listOf(text).default([]),
  freshness: duration.exactOptional(),
  coverage: coverage.exactOptional(),
  smoke: smoke.exactOptional(),
  vulnerabilities: vulnerabilities.exactOptional(),
  performance: metrics.exactOptional().describe("What its metrics may be in the environment before"),
  "error-budget": errorBudget.exactOptional().describe("How much of the environment's error budget has to be left"),
  window: deployWindow.exactOptional(),
  artifact: artifactRule.exactOptional(),
  concurrency: whole(1, 20)
    .exactOptional()
    .describe("How many deployments run there at a time; the others wait in a queue"),
  planned: z
    .enum(DEPLOY_STEPS)
    .exactOptional()
    .describe(
      "Before which of the plan's dates nothing enters; without it, `staging` and `production` go by their own",
    ),
  verify: verify
    .exactOptional()
    .describe("How long what is live is watched, and what it has to show, before it is known to be good"),
  criteria: criteria.exactOptional().describe("What is done where what is live there fails, or a metric of it"),
  watch: duration.exactOptional().describe("How long it stays watched by `criteria` after it was verified; else `24h`"),
  "on-call": listOf(approver).exactOptional().describe("Who is told where a criterion is broken"),
  approvals: z.strictObject(groupedOf(approverAtEntry)).transform(withRequired).exactOptional(),
  locked: z
    .strictObject({
      by: approver.refine((who) => !who.includes("/"), "must be a GitHub login such as `@lea`"),
      because: text,
      until: date.transform((at) => instantOf(at, "UTC")).exactOptional(),
    })
    .exactOptional()
    .describe("Nothing enters; who says so, and why"),
  rollback: rollback.default([]),
  drill: drill
    .exactOptional()
    .describe("Whether the way back is practised here, and when by itself; what was live comes back afterwards"),
  drilled: drilled.exactOptional().describe("How old the last drill of an environment may be that passed"),
  good: z
    .strictObject({
      ref: z.literal(true, "must be `true`").exactOptional().describe("`refs/slipway/ENVIRONMENT/good` follows it"),
      tag: matching(
        /^[A-Za-z][A-Za-z_-]{0,49}$/,
        "must be a tag of letters, `-` and `_`, such as `stable`: digits would make it a version",
      )
        .exactOptional()
        .describe("A tag that goes forward with it, such as `stable`"),
    })
    .refine(({ ref, tag }) => ref !== undefined || tag !== undefined, "must have `ref: true`, or a `tag`")
    .exactOptional()
    .describe("What in git follows the last known good release"),
})

export const MOST_ENVIRONMENTS = 100
const environmentName = matching(LABEL, "must be an environment's name of at most 100 characters")
/** `staging:` with nothing behind it names an environment without gates of its own. */
export const environments = mapOf(
  environmentName,
  environment.nullable().transform((it) => it ?? environment.parse({})),
  MOST_ENVIRONMENTS,
)

/** Environments in their order. */
export const chained = environments.superRefine((all, context) => {
  // GitHub tells environments apart without their case: which of two would stand, a job's spelling must not decide.
  const names = Object.keys(all)
  for (const [at, name] of names.entries()) {
    const same = names.slice(0, at).find((one) => one.toLowerCase() === name.toLowerCase())
    const message = `must be called ${quote(same ?? "")}, and stand there: to GitHub both are one environment`
    if (same !== undefined) context.addIssue({ code: "custom", path: [name], message })
  }
  for (const [at, [name, { good }]] of Object.entries(all).entries()) {
    const other = Object.entries(all)
      .slice(0, at)
      .find(([, before]) => good?.tag !== undefined && before.good?.tag?.toLowerCase() === good.tag.toLowerCase())
    const message = `is the tag of ${quote(other?.[0] ?? "")} already: one tag follows one environment`
    if (other) context.addIssue({ code: "custom", path: [name, "good", "tag"], message })
  }
  for (const { path, message } of drillProblems(all, all)) context.addIssue({ code: "custom", path, message })
  for (const [name, { after, ...gates }] of Object.entries(all)) {
    if (after === undefined && gates.performance)
      context.addIssue({ code: "custom", path: [name, "performance"], message: MEASURED_BEFORE })
    if (after === undefined) continue
    const message = Object.hasOwn(all, after) ? circle(all, name) : strange(after, Object.keys(all))
    if (message) context.addIssue({ code: "custom", path: [name, "after"], message })
  }
})

/** What is said of a name that no environment has. */
export const strange = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  const hint = near ? `did you mean ${quote(near)}?` : `known are ${quoteAll(known) || "none"}`
  return `no environment is named ${quote(name)}; ${hint}`
}

type All = z.output<typeof environments>

/** A drill has to be possible where one is declared or asked for. `named`: the environments that drills may be in. */
export function drillProblems(all: All, named: All) {
  return Object.entries(all).flatMap(([name, { drill: own, drilled: asked, rollback: back }]) => {
    const at = asked === undefined ? undefined : Object.entries(named).find(([one]) => one === asked.in)
    const problem = (key: readonly string[], message: string) => ({ path: [name, ...key], message })
    return [
      ...(own !== undefined && !deploys(back) ? [problem(["drill"], NEEDS_A_WAY)] : []),
      ...(asked && !at ? [problem(["drilled", "in"], strange(asked.in, Object.keys(named)))] : []),
      ...(asked && at?.[1].drill === undefined && at
        ? [problem(["drilled", "in"], `needs \`drill\` in ${quote(asked.in)}: nothing is practised there`)]
        : []),
    ]
  })
}

const NEEDS_A_WAY =
  "needs a way back in `rollback` that deploys a release, such as `application`: a flag and a pull request are not undone by it"

/** Where nothing is declared, it is `application`. */
function deploys(written: All[string]["rollback"]): boolean {
  const levels = Array.isArray(written) ? written : (written.levels ?? [])
  return (
    levels.length === 0 || levels.some((one) => one !== "configuration" && !(typeof one === "object" && "flag" in one))
  )
}

const MEASURED_BEFORE = "needs `after` beside it: a release is measured in the environment before"

type Chain = { readonly [name: string]: { readonly after?: string } }
function circle(all: Chain, start: string): string | undefined {
  const way = [start]
  const most = Object.keys(all).length
  for (let at = all[start]?.after; at !== undefined && Object.hasOwn(all, at); at = all[at]?.after) {
    way.push(at)
    if (at === start) return `environments wait for each other in a circle: ${way.join(" after ")}`
    if (way.length > most) return undefined
  }
  return undefined
}
