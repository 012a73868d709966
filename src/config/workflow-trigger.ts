import { parseYaml } from "./parse-yaml.ts"

/**
 * Whether a push to the branch starts a workflow, by its `on:`. Filters on paths are not looked at: such a workflow may
 * start. A file that cannot be read counts as one that starts: evidence that may come is waited for.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushbranchestagsbranches-ignoretags-ignore
 */
export function startsOnPush(text: string, branch: string): boolean {
  const parsed = parseYaml(text)
  if (!parsed.ok) return true
  const on = isMapping(parsed.document.value) ? parsed.document.value.on : undefined
  if (on === undefined) return true
  if (typeof on === "string") return on === "push"
  if (Array.isArray(on)) return on.includes("push")
  if (!isMapping(on)) return true
  return Object.hasOwn(on, "push") && takesBranch(on.push, branch)
}

/** A push that filters on tags alone starts for no branch. */
function takesBranch(push: unknown, branch: string): boolean {
  if (!isMapping(push)) return true
  const branches = listOf(push.branches)
  if (branches) return matches(branches, branch)
  const ignored = listOf(push["branches-ignore"])
  if (ignored) return !matches(ignored, branch)
  return !("tags" in push || "tags-ignore" in push)
}

/** The last pattern that fits decides; `!` takes out again. */
function matches(patterns: readonly string[], branch: string): boolean {
  let taken = false
  for (const pattern of patterns) {
    const without = pattern.startsWith("!")
    if (fits(without ? pattern.slice(1) : pattern, branch)) taken = !without
  }
  return taken
}

/**
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet:
 * `*` stops at `/`, `**` does not, `?` and `+` speak of the character before, `[]` is a class.
 */
function fits(pattern: string, branch: string): boolean {
  const source = pattern.replace(/\\(.)|\*{2,}|[*.^$(){}|]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`
    if (found === "*") return "[^/]*"
    return found.startsWith("**") ? ".*" : `\\${found}`
  })
  try {
    return new RegExp(`^(?:${source})$`, "s").test(branch)
  } catch {
    return true
  }
}

const listOf = (value: unknown): readonly string[] | undefined =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : undefined

const isMapping = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
