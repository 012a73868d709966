/**
 * A line of the log, in JSON, without what a terminal would act on: text from outside moves no cursor there, and does not look like a
 * line of its own. Line breaks stay in stack traces, which are indented.
 */
export function terminalLine(line: string): string {
  const { msg, ...fields } = JSON.parse(line) as { readonly [field: string]: unknown }
  const harmless = shown(fields) as object
  return `${JSON.stringify({ ...harmless, ...(msg !== undefined && { msg: oneLine(String(msg)) }) })}\n`
}

const oneLine = (text: string): string => visible(text).replaceAll(/[\r\n\u2028\u2029]+/g, " ⏎ ")

const visible = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\t\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, "0")}`
  })

function shown(value: unknown): unknown {
  if (typeof value === "string") return visible(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), shown(inner)]))
}

/** What draws the line prints none that has a field such as `valueOf`. */
const name = (key: string): string => (key in {} ? `_${key}` : oneLine(key))
