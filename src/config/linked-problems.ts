import type { Config } from "../model/config.ts"
import { nearest } from "../model/nearest.ts"
import type { Problem } from "../model/problem.ts"
import { quote, quoteAll } from "../model/quote.ts"
import type { Document, Step } from "./parse-yaml.ts"

/** As many annotations as GitHub takes in one request. */
const MOST = 50

/**
 * What is wrong with `linked`, on the place of each name. Where the packages of a workspace are components too, only the
 * workspace knows their names, and the check page speaks of those that are none.
 */
export function linkedProblems(config: Config, document: Document, file: string): Problem[] {
  const isOneGroup = !Array.isArray(document.found(["linked", 0]))
  const seen = new Set<string>()
  const problems: Problem[] = []
  config.linked.forEach((group, at) => {
    const base: readonly Step[] = isOneGroup ? ["linked"] : ["linked", at]
    const add = (steps: readonly Step[], message: string) => {
      const [, ...indices] = [...base, ...steps]
      const path = `linked${indices.map((index) => `[${index}]`).join("")}`
      problems.push({ file, ...document.place([...base, ...steps]), path, message })
    }
    if (group.length < 2) add([], "`linked` must name at least two components, such as `[api, web]`")
    group.forEach((name, index) => {
      // Looking for the nearest name takes its time, and more are not told.
      if (problems.length >= MOST) return
      const message = seen.has(name) ? twice(name) : config.workspaces ? undefined : strange(name, config)
      if (message !== undefined) add([index], message)
      seen.add(name)
    })
  })
  return problems.slice(0, MOST)
}

const twice = (name: string): string => `component ${quote(name)} is named twice; a component is in one group, once`

function strange(name: string, { components }: Config): string | undefined {
  const known = Object.keys(components)
  if (known.includes(name)) return undefined
  const near = nearest(name, known)
  const hint = near ? `did you mean ${quote(near)}?` : `known are ${quoteAll(known) || "none"}`
  return `no component is named ${quote(name)}; ${hint}`
}
