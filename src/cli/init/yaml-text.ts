/**
 * A value as YAML, in the style of our documentation: mappings and lists on lines of their own to a depth, below that on
 * one line, with room inside of braces. js-yaml's own printer pads both kinds of bracket or none.
 * @param blocks how many levels stand on lines of their own
 */
export function yamlText(key: string, value: unknown, blocks: number): string[] {
  const name = scalar(key)
  if (blocks === 0 || typeof value !== "object" || value === null || isEmpty(value)) return [`${name}: ${flow(value)}`]
  if (Array.isArray(value)) return [`${name}:`, ...value.map((item) => `  - ${flow(item)}`)]
  const lines = Object.entries(value).flatMap(([inner, it]) => yamlText(inner, it, blocks - 1))
  return [`${name}:`, ...lines.map((line) => `  ${line}`)]
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`
  if (typeof value !== "object" || value === null) return scalar(value)
  const entries = Object.entries(value).map(([key, it]) => `${scalar(key)}: ${flow(it)}`)
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}"
}

/** Words that are texts in every reading of YAML; all else is in quotes, in which JSON's escapes hold. */
const BARE = /^[A-Za-z][\w./-]*$/
const NOT_TEXT = /^(?:true|false|yes|no|on|off|y|n|null)$/i

const scalar = (value: unknown): string =>
  typeof value === "string" && BARE.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value)
