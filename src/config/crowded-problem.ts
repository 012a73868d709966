import { MOST_ENVIRONMENTS } from "../model/config-environments.ts"
import type { Problem } from "../model/problem.ts"
import type { Document } from "./parse-yaml.ts"

/** The schema judges each environment before it counts them, and thousands take it long: they are counted before. */
export function crowdedProblem(value: unknown, document: Document, file: string): Problem | undefined {
  const isCrowded =
    isMapping(value) && isMapping(value.environments) && Object.keys(value.environments).length > MOST_ENVIRONMENTS
  if (!isCrowded) return undefined
  const message = `\`environments\` must hold at most ${MOST_ENVIRONMENTS} entries, found a mapping`
  return { file, ...document.place(["environments"]), path: "environments", message }
}

const isMapping = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
