import { z } from "zod"
import { issue, text } from "./field.ts"
import { foreignIn } from "./foreign-feature.ts"
import { nearest } from "./nearest.ts"
import { quote } from "./quote.ts"

const feature = z
  .strictObject({
    id: text,
    name: text.exactOptional().describe("Default: the id"),
    team: text.exactOptional(),
    status: z.enum(["planned", "in-progress", "ready", "dropped"]).default("planned"),
    risk: z.enum(["low", "medium", "high"]).exactOptional(),
    dependencies: z
      .array(text)
      .max(200)
      .default([])
      .describe("Ids of features that this one needs; of another repository: `owner/repo#ID`, or an issue of it"),
    flag: text.exactOptional().describe("The feature flag it is behind"),
    issue: issue.exactOptional().describe("An issue or pull request; closed or merged counts as ready"),
  })
  .transform(({ name, ...rest }) => ({ ...rest, name: name ?? rest.id }))

export type Feature = z.output<typeof feature>

type Needs = Pick<Feature, "id" | "dependencies">
/** More mistakes of one kind help nobody, and looking for the nearest name takes its time. */
const SHOWN = 20

/** The features of a release: each id once, dependencies that exist and run in no circle. */
export const features = z
  .array(feature)
  .max(1000, { error: "must be at most 1000 features", abort: true })
  .superRefine((list, context) => {
    const add = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message })
    const places = new Map<string, number>()
    list.forEach(({ id }, index) => {
      const first = places.get(id)
      if (first === undefined) places.set(id, index)
      else add([index, "id"], `feature ${quote(id)} is listed twice; the first is number ${first + 1}`)
    })
    for (const { path, needed } of strangers(list, places).slice(0, SHOWN))
      add(path, stranger(needed, [...places.keys()]))
    for (const circle of places.size === list.length ? circles(list) : []) {
      const index = places.get(circle[0] ?? "") ?? 0
      const at = list[index]?.dependencies.indexOf(circle[1] ?? "") ?? 0
      add([index, "dependencies", at], `features depend on each other in a circle: ${circle.join(" → ")}`)
    }
  })

const strangers = (list: readonly Needs[], places: ReadonlyMap<string, number>) =>
  list.flatMap(({ dependencies }, index) =>
    dependencies.flatMap((needed, at) =>
      places.has(needed) || foreignIn(needed)
        ? []
        : [{ needed, path: [index, "dependencies", at] as (string | number)[] }],
    ),
  )

function stranger(id: string, known: readonly string[]): string {
  const near = nearest(id, known)
  return `depends on ${quote(id)}, which is no feature of this plan${near ? `; did you mean ${quote(near)}?` : ""}`
}

/**
 * Circles of dependencies, each once, from the feature that is listed first: `["A", "B", "A"]`.
 * A depth-first search with a stack of its own: a chain of a thousand features is no deep call.
 */
function circles(list: readonly Needs[]): string[][] {
  const needs = new Map(list.map(({ id, dependencies }) => [id, dependencies]))
  const done = new Set<string>()
  const found: string[][] = []
  for (const { id } of list) {
    const way: { readonly id: string; next: number }[] = done.has(id) ? [] : [{ id, next: 0 }]
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const needed = needs.get(top.id)?.[top.next++]
      if (needed === undefined) {
        done.add(top.id)
        way.pop()
      } else if (needs.has(needed) && !done.has(needed)) {
        const back = way.findIndex((step) => step.id === needed)
        if (back < 0) way.push({ id: needed, next: 0 })
        else if (found.push([...way.slice(back).map((step) => step.id), needed]) === SHOWN) return found
      }
    }
  }
  return found
}
