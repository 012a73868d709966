import { z } from "zod"
import { tagProblems } from "./component-problems.ts"
import { branchConflicts, type Conflict, fileConflicts, publishConflicts } from "./config-conflicts.ts"
import { deployWindow } from "./deploy-window.ts"
import { approver, duration, glob, matching, oneOrMore, path, repository, text, version, whole } from "./field.ts"
import { isRange } from "./maintenance-range.ts"
import { nearest } from "./nearest.ts"
import { quote, quoteAll } from "./quote.ts"

const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const LABEL = /^\S(?:[^\p{Cc}]{0,98}\S)?$/u
/** What git allows in a ref's name (git-check-ref-format), as far as a template can show it. */
const NOT_IN_A_REF = /[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock$/u
const DISPATCH_MINUTES = 60
const LINE_FIELDS = ["title", "number", "author", "issues", "sha", "date", "type", "scope"]

const tagTemplate = z
  .string({ error: "must be a tag with `{version}` in it, such as `v{version}`" })
  .max(200, { error: "must be at most 200 characters", abort: true })
  .refine(
    (tag) => tag.split("{version}").length === 2 && !/[{}]/.test(tag.replace("{version}", "")),
    "must hold `{version}` exactly once and no other `{…}`, such as `v{version}`",
  )
  .refine((tag) => !NOT_IN_A_REF.test(tag.replace("{version}", "1.0.0")), "must be a tag that git allows")

const lineTemplate = text.superRefine((line, context) => {
  for (const [, field = ""] of line.matchAll(/\{([^{}]*)\}/g))
    if (!LINE_FIELDS.includes(field)) {
      const near = nearest(field, LINE_FIELDS)
      const allowed = quoteAll(LINE_FIELDS.map((name) => `{${name}}`))
      const message = `the line has no field ${quote(`{${field}}`)}; ${near ? `did you mean \`{${near}}\`?` : `it has ${allowed}`}`
      context.addIssue({ code: "custom", message })
    }
})

const report = (conflicts: readonly Conflict[], context: z.RefinementCtx): void => {
  for (const { path: at, message } of conflicts) context.addIssue({ code: "custom", path: [...at], message })
}

const branchName = text.refine((name) => !NOT_IN_A_REF.test(name), "must be a branch name that git allows")

/** Of a pattern that begins with a star nobody could say which branches it makes release branches. */
const branchPattern = text.refine(
  (pattern) => !pattern.startsWith("*") && !NOT_IN_A_REF.test(pattern.replaceAll("*", "x")),
  "must be a branch pattern that begins with a name, such as `hotfix/*`",
)

/** A prerelease identifier of SemVer, not a number: `1.0.0-1` would not say which channel it is. */
const channel = matching(
  /^(?=.{1,50}$)[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*$/,
  "must be a prerelease identifier such as `rc`",
)

interface Branch {
  readonly name: string
  readonly channel?: string
  readonly maintenance: boolean
  readonly range?: string
}

const branch = z.union(
  [
    branchName.transform((name): Branch => ({ name, maintenance: false })),
    z
      .strictObject({
        name: branchName,
        channel: channel.exactOptional().describe("Its releases are prereleases with this identifier"),
        maintenance: z.boolean().default(false).describe("Its releases stay inside the range that its name says"),
        range: text
          .refine(isRange, "must be a range such as `1.x` or `1.4.x`")
          .exactOptional()
          .describe("The range of a maintenance branch whose name does not say it"),
      })
      .transform((it): Branch => it),
  ],
  "must be a branch name, or a mapping such as `{ name: next, channel: rc }`",
)

const branches = z
  .array(branch)
  .min(1, "must name at least one branch; leave the key out for the default branch")
  .superRefine((list, context) => report(branchConflicts(list), context))

/** A file that Slipway writes. GitHub lets an App change a workflow only with a permission that Slipway does not have. */
const written = path.refine(
  (file) => !file.startsWith(".github/workflows/"),
  "cannot be a workflow: Slipway does without the permission `workflows: write`, so that it can never change one",
)

type Manifest =
  | { readonly path: string }
  | { readonly path: string; readonly regex: string }
  | { readonly path: string; readonly jsonpath: string }
  | { readonly path: string; readonly xpath: string }

/** A file that holds the version: by its name Slipway knows where, else a regex, JSONPath or XPath says it. */
const manifest = z.union(
  [
    written.transform((file): Manifest => ({ path: file })),
    z
      .strictObject({
        path: written,
        regex: text.exactOptional(),
        jsonpath: text.exactOptional(),
        xpath: text.exactOptional(),
      })
      .superRefine(({ path: _, ...places }, context) => {
        const [first, second] = Object.keys(places)
        const message = `one of \`regex\`, \`jsonpath\` and \`xpath\` says where the version stands, here are ${quote(first ?? "")} and ${quote(second ?? "")}; for two places make two entries`
        if (second !== undefined) context.addIssue({ code: "custom", path: [second], message })
      })
      .transform((it): Manifest => it),
  ],
  "must be a path such as `package.json`, or a mapping such as `{ path: app.conf, regex: 'version = \"(.*)\"' }`",
)

const component = z.strictObject({
  path: oneOrMore(glob, "must be a path pattern such as `services/api/**`, or a list of them"),
  tag: tagTemplate.exactOptional(),
  manifests: z.array(manifest).exactOptional(),
  changelog: written.exactOptional(),
})

/** Components that keep one version: `[api, web]`, or several such groups. */
const linked = z.union(
  [
    z.array(text).transform((group) => (group.length === 0 ? [] : [group])),
    z.array(z.array(text).min(2, "must name at least two components")),
  ],
  "must be a list of components such as `[api, web]`, or a list of such lists",
)

const workflowFile = text.regex(/^[\w.-]+\.ya?ml$/, "must be a workflow's file name such as `release.yml`")

type Dispatch =
  | { readonly workflow: string; readonly within: number }
  | { readonly event: string; readonly within?: number }

const NO_DISPATCH = "must name a `workflow` such as `release.yml`, or an `event` such as `released`"
const TWO_DISPATCHES = "must name a `workflow` or an `event`, one of them"

/** What is told of a published release, so that others build, package and deploy it. */
const dispatch = z.union(
  [
    workflowFile.transform((workflow): Dispatch => ({ workflow, within: DISPATCH_MINUTES })),
    z
      .strictObject({
        workflow: workflowFile.exactOptional(),
        within: duration
          .exactOptional()
          .describe("How long a run may take before it counts as failed; an event that states none may go unanswered"),
        event: text.exactOptional().describe("The type of a repository_dispatch"),
      })
      .superRefine((it, context) => {
        if ((it.workflow === undefined) === (it.event === undefined))
          context.addIssue({ code: "custom", message: it.event === undefined ? NO_DISPATCH : TWO_DISPATCHES })
      })
      .transform(
        ({ workflow, within, event = "" }): Dispatch =>
          workflow === undefined
            ? { event, ...(within === undefined ? {} : { within }) }
            : { workflow, within: within ?? DISPATCH_MINUTES },
      ),
  ],
  "must be a workflow's file name such as `release.yml`, or `{ event: released }` for a repository_dispatch",
)

const components = z
  .record(matching(KEY, "must be a component's name of letters, digits, `.`, `_` and `-`"), component)
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

const asset = z.union(
  [
    glob.transform((name) => ({ name, sha256: "optional" as const })),
    z.strictObject({ name: glob, sha256: z.enum(["optional", "required"]).default("optional") }),
  ],
  "must be a file name or pattern such as `app-*.tgz`, or a mapping such as `{ name: app-*.tgz, sha256: required }`",
)

const people = { required: whole(0, 20).default(1), from: z.array(approver).default([]) }
const approvals = z.strictObject({ ...people, stakeholders: z.boolean().default(true) })

const environment = z.strictObject({
  after: text.exactOptional(),
  soak: duration.exactOptional(),
  checks: z.array(text).default([]),
  freshness: duration.exactOptional(),
  window: deployWindow.exactOptional(),
  approvals: z.strictObject(people).exactOptional(),
  verify: duration.exactOptional(),
  rollback: z.array(z.enum(["flag", "application", "configuration"])).default([]),
})

const environmentName = matching(LABEL, "must be an environment's name of at most 100 characters")
/** `staging:` with nothing behind it names an environment without gates of its own. */
const environments = z.record(
  environmentName,
  environment.nullable().transform((it) => it ?? environment.parse({})),
)

const chained = environments.superRefine((all, context) => {
  for (const [name, { after }] of Object.entries(all)) {
    if (after === undefined) continue
    const message = Object.hasOwn(all, after) ? circle(all, name) : strange(after, Object.keys(all))
    if (message) context.addIssue({ code: "custom", path: [name, "after"], message })
  }
})

const strange = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  const hint = near ? `did you mean ${quote(near)}?` : `known are ${quoteAll(known) || "none"}`
  return `no environment is named ${quote(name)}; ${hint}`
}

type Chain = { readonly [name: string]: { readonly after?: string } }
function circle(all: Chain, start: string): string | undefined {
  const way = [start]
  for (let at = all[start]?.after; at !== undefined && Object.hasOwn(all, at); at = all[at]?.after) {
    way.push(at)
    if (at === start) return `environments wait for each other in a circle: ${way.join(" after ")}`
    if (way.length > Object.keys(all).length) return undefined
  }
  return undefined
}

const riskRules = z
  .array(z.strictObject({ paths: oneOrMore(glob, "must be a list of path patterns such as `docs/**`") }))
  .default([])

const slackChannel = z
  .string({ error: "must be a channel such as `#releases`, in quotes since `#` begins a comment" })
  .regex(
    /^(?:#[^\s#@,]{1,80}|[CG][A-Z0-9]{7,20})$/u,
    "must be a channel such as `#releases`, or its ID such as `C024BE91L`",
  )

/** Which of GitHub's people and teams is which of Slack's: people begin with `U` or `W`, groups with `S`. */
const mention = z.record(
  matching(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.-]+)?$/,
    "must be a GitHub login such as `lea`, or a team such as `acme/sre`",
  ),
  matching(/^[UWS][A-Z0-9]{5,20}$/, "must be a Slack member ID such as `U012ABCDEF`"),
)

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
    changes: z.array(change).default([]).describe("Rules for bump and notes, the first that matches counts"),
    notes: z
      .strictObject({
        contributors: z.boolean().default(true),
        line: lineTemplate.default("{title} (#{number}) by @{author}, closes {issues}"),
      })
      .prefault({}),
    publish: z
      .strictObject({
        mode: z.enum(["draft", "pull-request", "auto"]).default("draft"),
        changelog: written.exactOptional(),
        manifests: z.array(manifest).default([]),
        assets: z.array(asset).default([]),
        dispatch: dispatch.exactOptional(),
        comments: z
          .boolean()
          .default(true)
          .describe("Whether each pull request, and each issue that it closed, is told which release it is in"),
      })
      .prefault({}),
    plan: z.strictObject({ path: path.default("release-plan.yml"), required: z.boolean().default(false) }).prefault({}),
    approvals: approvals.prefault({}),
    risk: z.strictObject({ low: riskRules, high: riskRules }).prefault({}),
    environments: chained.prefault({}).describe("By name; `after` gives their order"),
    hotfix: z
      .strictObject({
        branches: oneOrMore(branchPattern, "must be a branch pattern such as `hotfix/*`, or a list of them")
          .default([])
          .describe("Branches made from a released tag, on which patches of that release are made"),
        environments: environments.prefault({}),
      })
      .prefault({}),
    impact: z
      .boolean()
      .default(true)
      .describe("Whether pull requests show what merging them would release (`Slipway / impact`)"),
    slack: z.strictObject({ channel: slackChannel.exactOptional(), mention: mention.default({}) }).prefault({}),
  })
  .superRefine((config, context) => {
    const known = Object.keys(config.environments)
    for (const name of Object.keys(config.hotfix.environments))
      if (!known.includes(name))
        context.addIssue({ code: "custom", path: ["hotfix", "environments", name], message: strange(name, known) })
    report(publishConflicts(config), context)
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
  return {
    // Which branches release at all: a new one would bring a way round the gates of the others.
    branches,
    approvals,
    plan,
    risk,
    environments,
    hotfix,
    ...(publish.assets.length > 0 ? { assets: publish.assets } : {}),
    // What has to say the version that is tagged.
    ...(manifests.length > 0 ? { manifests } : {}),
  }
}
