import { RE2JS } from "re2js"
import { parseYaml } from "./parse-yaml.ts"

/**
 * Whether a push to the branch starts a workflow, by its `on:`. Filters on paths are not looked at: such a workflow may
 * start. A file that cannot be read counts as one that starts: evidence that may come is waited for.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushbranchestagsbranches-ignoretags-ignore
 */
export const startsOnPush = (text: string, branch: string): boolean => startsOn("push", text, branch)

/**
 * Whether a pull request that goes to the branch starts a workflow. The same rules; its activity types are not looked at.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
 */
export const startsOnPullRequest = (text: string, base: string): boolean => startsOn("pull_request", text, base)

function startsOn(event: "push" | "pull_request", text: string, branch: string): boolean {
  const parsed = parseYaml(text)
  if (!parsed.ok) return true
  const on = isMapping(parsed.document.value) ? parsed.document.value.on : undefined
  if (on === undefined) return true
  if (typeof on === "string") return on === event
  if (Array.isArray(on)) return on.includes(event)
  if (!isMapping(on)) return true
  return Object.hasOwn(on, event) && takesBranch(on[event], branch)
}

/** A push that filters on tags alone starts for no branch. */
function takesBranch(event: unknown, branch: string): boolean {
  if (!isMapping(event)) return true
  const branches = listOf(event.branches)
  if (branches) return matches(branches, branch)
  const ignored = listOf(event["branches-ignore"])
  if (ignored) return !matches(ignored, branch)
  return !("tags" in event || "tags-ignore" in event)
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
 * `*` stops at `/`, `**` does not, `?` and `+` speak of the character before, `[]` is a class. By RE2, since many stars
 * in one pattern would keep a backtracking matcher busy for years.
 */
function fits(pattern: string, branch: string): boolean {
  const source = pattern.replace(/\\(.)|\*{2,}|[*.^$(){}|]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`
    if (found === "*") return "[^/]*"
    return found.startsWith("**") ? ".*" : `\\${found}`
  })
  try {
    return RE2JS.compile(`(?:${source})`, RE2JS.DOTALL).matches(branch)
  } catch {
    return true
  }
}

const listOf = (value: unknown): readonly string[] | undefined =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : undefined

const isMapping = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
