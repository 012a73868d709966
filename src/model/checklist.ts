import { z } from "zod"
import { type TickingMetric, tickingMetric } from "./config-metrics.ts"
import { duration, issue, matching, path, text } from "./field.ts"

const MOST = 100
/** The metrics server is asked each of them every few minutes. */
const METRICS_MOST = 20
const KINDS = ["check", "file", "issue", "metric"] as const

const login = matching(/^@[A-Za-z0-9][A-Za-z0-9-]{0,99}$/, "must be a person on GitHub such as `@lea`")

/** One thing to do, with what shows that it is done. */
const item = z
  .strictObject({
    item: text.describe("What is to be done"),
    check: text.exactOptional().describe("Ticked by a check run or status of this name; `*` stands for any letters"),
    within: duration.exactOptional().describe("How old the check's result may be"),
    app: text.exactOptional().describe("Slug of the GitHub App that must have reported the check"),
    file: path.exactOptional().describe("Ticked by this file, once it is there at the release's SHA"),
    issue: issue
      .exactOptional()
      .describe("Ticked by this issue or pull request, once it is closed as completed, or merged"),
    by: login.exactOptional().describe("The only one whose closing of the issue ticks the item"),
    label: text.exactOptional().describe("Ticked by this label on the issue, open or closed"),
    metric: tickingMetric.exactOptional().describe("Ticked by a number that the account's metrics server gives"),
  })
  .superRefine((all, context) => {
    const named = KINDS.filter((kind) => all[kind] !== undefined)
    if (named.length !== 1)
      context.addIssue({
        code: "custom",
        message: "must name one of `check`, `file`, `issue` and `metric`, which ticks it",
      })
    for (const key of ["within", "app"] as const)
      if (all[key] !== undefined && all.check === undefined)
        context.addIssue({ code: "custom", path: [key], message: "must stand beside a `check`" })
    for (const key of ["by", "label"] as const)
      if (all[key] !== undefined && all.issue === undefined)
        context.addIssue({ code: "custom", path: [key], message: "must stand beside an `issue`" })
    if (all.by !== undefined && all.label !== undefined)
      context.addIssue({
        code: "custom",
        path: ["label"],
        message: "must not stand beside `by`: one of them ticks the item",
      })
  })
  .transform(({ item, ...written }) => ({ item, by: ticks(written) }))

interface Written {
  readonly check?: string
  readonly within?: number
  readonly app?: string
  readonly file?: string
  readonly issue?: string
  readonly by?: string
  readonly label?: string
  readonly metric?: TickingMetric
}

/** What ticks an item. */
export type Tick =
  | { readonly is: "check"; readonly check: string; readonly within?: number; readonly app?: string }
  | { readonly is: "file"; readonly file: string }
  | { readonly is: "metric"; readonly metric: TickingMetric }
  /** Closed as completed; by that person alone, where one is named; or, with a label, once it has that label. */
  | { readonly is: "issue"; readonly issue: string; readonly by?: string; readonly label?: string }

function ticks({ check, within, app, file, issue = "", by, label, metric }: Written): Tick {
  if (metric !== undefined) return { is: "metric", metric }
  if (file !== undefined) return { is: "file", file }
  if (check === undefined)
    return {
      is: "issue",
      issue,
      ...(by === undefined ? {} : { by: by.slice(1) }),
      ...(label === undefined ? {} : { label }),
    }
  return {
    is: "check",
    check,
    ...(within === undefined ? {} : { within }),
    ...(app === undefined ? {} : { app }),
  }
}

const items = z.array(item).max(MOST).default([])

/** Of a list that has mistakes in it an item may be anything. */
const isMetric = (one: { readonly by?: Tick }): boolean => one.by?.is === "metric"

/** What is to be done before a release comes out, while it is rolled out, and afterwards. */
export const checklist = z
  .strictObject({
    before: items.describe("A gate: no release before each of them is ticked"),
    during: items.describe("Shown while it is rolled out"),
    after: items.describe("Shown when it is out"),
  })
  .refine(
    ({ before, during, after }) =>
      [...before, ...during, ...after].filter((one) => isMetric(one)).length <= METRICS_MOST,
    `must hold at most ${METRICS_MOST} items with a \`metric\``,
  )

export type Checklist = z.output<typeof checklist>
export type ChecklistItem = Checklist["before"][number]

/** Of all sections. */
export const itemsOf = (list: Checklist | undefined): readonly ChecklistItem[] =>
  list ? [...list.before, ...list.during, ...list.after] : []

export const issuesIn = (items: readonly ChecklistItem[]): readonly string[] =>
  items.flatMap(({ by }) => (by.is === "issue" ? [by.issue] : []))
