import { z } from "zod"
import { audiences } from "./audiences.ts"
import { tagProblems } from "./component-problems.ts"
import { branches, branchPattern } from "./config-branches.ts"
import { fileConflicts, publishConflicts, report, trainConflicts } from "./config-conflicts.ts"
import { chained, drillProblems, environments, grouped, strange, withRequired } from "./config-environments.ts"
import { httpCall } from "./config-http-call.ts"
import { manifest, publish, written } from "./config-publish.ts"
import { risk } from "./config-risk.ts"
import { slack } from "./config-slack.ts"
import { duration, glob, listOf, mapOf, matching, oneOrMore, path, repository, text, version } from "./field.ts"
import { nearest } from "./nearest.ts"
import { quote, quoteAll } from "./quote.ts"
import { isRefName } from "./ref-name.ts"
import { train } from "./train.ts"

const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const LINE_FIELDS = ["title", "number", "author", "issues", "sha", "date", "type", "scope"]

const tagTemplate = z
  .string({ error: "must be a tag with `{version}` in it, such as `v{version}`" })
  .max(200, { error: "must be at most 200 characters", abort: true })
  .refine(
    (tag) => tag.split("{version}").length === 2 && !/[{}]/.test(tag.replace("{version}", "")),
    "must hold `{version}` exactly once and no other `{…}`, such as `v{version}`",
  )
  .refine((tag) => isRefName(tag.replace("{version}", "1.0.0")), "must be a tag that git allows")

const lineTemplate = text.superRefine((line, context) => {
  for (const [, field = ""] of line.matchAll(/\{([^{}]*)\}/g))
    if (!LINE_FIELDS.includes(field)) {
      const near = nearest(field, LINE_FIELDS)
      const allowed = quoteAll(LINE_FIELDS.map((name) => `{${name}}`))
      const message = `the line has no field ${quote(`{${field}}`)}; ${near ? `did you mean \`{${near}}\`?` : `it has ${allowed}`}`
      context.addIssue({ code: "custom", message })
    }
})

const component = z.strictObject({
  path: oneOrMore(glob, "must be a path pattern such as `services/api/**`, or a list of them"),
  tag: tagTemplate.exactOptional(),
  manifests: listOf(manifest).exactOptional(),
  changelog: written.exactOptional(),
  approvals: z
    .strictObject(grouped)
    .transform(withRequired)
    .exactOptional()
    .describe("Who approves releases of this component, in place of `approvals`"),
  train: train.exactOptional().describe("When releases of this component go out by themselves, in place of `train`"),
})

/** Components that keep one version: `[api, web]`, or several such groups. */
const linked = z.union(
  [
    z.array(text).transform((group) => (group.length === 0 ? [] : [group])),
    z.array(z.array(text).min(2, "must name at least two components")),
  ],
  "must be a list of components such as `[api, web]`, or a list of such lists",
)

const components = mapOf(matching(KEY, "must be a component's name of letters, digits, `.`, `_` and `-`"), component)
  .transform((all) =>
    Object.fromEntries(Object.entries(all).map(([name, it]) => [name, { tag: `${name}-v{version}`, ...it }])),
  )
  .superRefine((all, context) => {
    report([...tagProblems(all), ...fileConflicts(all)], context)
  })

const words = oneOrMore(text, "must be one line of text, or a list of them")

const change = z
  .strictObject({
    when: z
      .strictObject({
        type: words.exactOptional(),
        scope: words.exactOptional(),
        label: words.exactOptional(),
        author: words.exactOptional(),
        title: words.exactOptional(),
        path: oneOrMore(glob, "must be a path pattern such as `docs/**`, or a list of them").exactOptional(),
      })
      .refine((when) => Object.keys(when).length > 0, "must name at least one condition, such as `{ type: feat }`"),
    bump: z.enum(["major", "minor", "patch", "none"]).exactOptional(),
    section: text.exactOptional(),
    fold: z.boolean().exactOptional(),
    exclude: z.boolean().exactOptional(),
  })
  .refine((rule) => Object.keys(rule).length > 1, "must do something: give it a `bump`, a `section` or `exclude: true`")

const approvals = z.strictObject({ ...grouped, stakeholders: z.boolean().default(true) }).transform(withRequired)

/** `.github/slipway.yml`, as written → with every default filled in, short forms written out, durations in minutes. */
export const configSchema = z
  .strictObject({
    extends: repository.exactOptional().describe("Organisation defaults; their gates are a floor"),
    branches: branches.exactOptional().describe("Release branches; without it the repository's default branch"),
    version: z
      .strictObject({
        from: z
          .array(z.enum(["commits", "titles", "labels"]))
          .min(1)
          .default(["commits", "titles"]),
        tag: tagTemplate.default("v{version}"),
        initial: version.default("0.1.0"),
        zero: z
          .enum(["minor", "major", "shift"])
          .default("minor")
          .describe("What a breaking change does below 1.0.0; `shift`: it is a minor there, and a feature a patch"),
        other: z.enum(["none", "patch"]).default("none").describe("What changes do that nothing classifies"),
      })
      .prefault({}),
    components: components.prefault({}),
    workspaces: z
      .boolean()
      .default(false)
      .describe("Whether the packages of an npm, pnpm or yarn workspace are components too"),
    linked: linked.prefault([]).describe("Components that keep one version"),
    changes: listOf(change).default([]).describe("Rules for bump and notes, the first that matches counts"),
    notes: z
      .strictObject({
        contributors: z.boolean().default(true),
        line: lineTemplate.default("{title} (#{number}) by @{author}, closes {issues}"),
      })
      .prefault({}),
    publish,
    plan: z
      .strictObject({
        path: path.default("release-plan.yml"),
        required: z.boolean().default(false),
        words: z
          .boolean()
          .default(true)
          .describe("Whether what a plan states by a word counts, where it could be bound to a check or an issue"),
        with: z
          .array(repository)
          .min(1)
          .max(20)
          .exactOptional()
          .describe("Repositories whose plans may name releases of this one, which then come out with theirs"),
      })
      .prefault({}),
    approvals: approvals.prefault({}),
    risk: risk.describe("What is of low risk needs a review, but no approval of the release"),
    environments: chained.prefault({}).describe("By name; `after` gives their order"),
    hotfix: z
      .strictObject({
        branches: oneOrMore(branchPattern, "must be a branch pattern such as `hotfix/*`, or a list of them")
          .default([])
          .describe("Branches made from a released tag, on which patches of that release are made"),
        environments: environments.prefault({}),
      })
      .prefault({}),
    train: train.exactOptional().describe("When releases go out by themselves, if every gate is passed"),
    impact: z
      .boolean()
      .default(true)
      .describe("Whether pull requests show what merging them would release (`Slipway / impact`)"),
    onBypass: z
      .enum(["report", "revert"])
      .default("report")
      .describe("Whether a draft that a person publishes by hand is turned back into one"),
    slack,
    page: httpCall
      .exactOptional()
      .describe(
        "What calls people when a rollback failed or waits for them: a webhook such as PagerDuty's or Opsgenie's",
      ),
    audiences: audiences
      .exactOptional()
      .describe("Channels and e-mail addresses behind the names that plans use in `communication`"),
    incident: z
      .strictObject({
        label: text
          .max(50, "must be at most 50 characters, as GitHub's labels are")
          .refine((label) => !/^(?:post-mortem|slipway)$/i.test(label), "must be another than Slipway's own labels"),
      })
      .exactOptional()
      .describe("Issues that ask for a rollback: those that get this label and name a release"),
    "post-mortem": z
      .strictObject({
        remind: z
          .union([duration, z.literal(false)], "must be a duration such as `7d`, or `false`")
          .exactOptional()
          .describe(
            "How often the thread reminds of actions that are open; without it each week, twelve times at most",
          ),
      })
      .exactOptional()
      .describe("The issue that a rollback opens"),
  })
  .superRefine((config, context) => {
    const known = Object.keys(config.environments)
    for (const name of Object.keys(config.hotfix.environments))
      if (!known.includes(name))
        context.addIssue({ code: "custom", path: ["hotfix", "environments", name], message: strange(name, known) })
    for (const { path, message } of drillProblems(config.hotfix.environments, config.environments))
      context.addIssue({ code: "custom", path: ["hotfix", "environments", ...path], message })
    report([...publishConflicts(config), ...trainConflicts(config)], context)
  })

export type Config = z.output<typeof configSchema>

/** What holds in a repository without a configuration: two gates, four eyes and every check. */
export const DEFAULT_CONFIG: Config = configSchema.parse({})

/** The part of a configuration that decides about gates: a candidate is bound to its hash. */
export function gatesOf(config: Config) {
  const { branches, approvals, plan, risk, environments, hotfix, publish, components } = config
  const manifests = Object.entries({ "": publish, ...components }).flatMap(([name, it]) =>
    (it.manifests ?? []).map((manifest) => ({ name, manifest })),
  )
  const own = Object.entries(components).flatMap(([name, { approvals }]) => (approvals ? [{ name, approvals }] : []))
  return {
    // Which branches release at all: a new one would bring a way round the gates of the others.
    branches,
    approvals,
    plan: {
      path: plan.path,
      required: plan.required,
      ...(plan.words === false ? { words: false } : {}),
      ...(plan.with === undefined ? {} : { with: plan.with }),
    },
    risk,
    environments,
    hotfix,
    // A floor that nothing is held to any more is a gate that was taken away, though all is as it was today.
    ...(config.extends === undefined ? {} : { extends: config.extends }),
    ...(config.onBypass === "revert" ? { onBypass: config.onBypass } : {}),
    ...(publish.assets.length > 0 ? { assets: publish.assets } : {}),
    // What is remembered from before there was the key has none.
    ...(publish.audit === false ? { audit: false } : {}),
    ...(own.length > 0 ? { componentApprovals: own } : {}),
    // What has to say the version that is tagged.
    ...(manifests.length > 0 ? { manifests } : {}),
  }
}
