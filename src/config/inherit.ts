type Mapping = { readonly [key: string]: unknown }

const ENVIRONMENTS = [["environments"], ["hotfix", "environments"]]

/** Mappings that are put together key by key; of any other value the repository's own counts whole. */
const SECTIONS: readonly (readonly string[])[] = [
  [],
  ...["version", "components", "notes", "publish", "plan", "approvals", "risk", "hotfix", "slack", "audiences"].map(
    (key) => [key],
  ),
  ["slack", "mention"],
  ...ENVIRONMENTS.flatMap((path) => [path, [...path, "*"], [...path, "*", "approvals"]]),
]

/** Lists in which every entry is one more gate: the repository's own are added to the organisation's. */
const ADDED: readonly (readonly string[])[] = [
  ["publish", "assets"],
  ["risk", "high"],
  ...ENVIRONMENTS.flatMap((path) => [
    [...path, "*", "checks"],
    [...path, "*", "performance"],
    [...path, "*", "criteria"],
  ]),
]

/** An environment that is named without gates of its own: `staging:` with nothing behind it. */
const NAMED = ENVIRONMENTS.map((path) => [...path, "*"])

/**
 * What a repository writes over what its organisation does, both as YAML reads them: its own value counts, and what it
 * leaves out comes from the organisation. Whether that loosens a gate is for `loosened` to say.
 */
export const inherit = (floor: unknown, own: unknown): unknown => inheritAt([], floor, own)

function inheritAt(path: readonly string[], floor: unknown, own: unknown): unknown {
  if (own === undefined || (own === null && floor !== undefined && isAmong(NAMED, path))) return floor
  if (isMapping(floor) && isMapping(own) && isAmong(SECTIONS, path)) {
    const keys = new Set([...Object.keys(floor), ...Object.keys(own)])
    const at = (of: Mapping, key: string) => (Object.hasOwn(of, key) ? of[key] : undefined)
    return Object.fromEntries([...keys].map((key) => [key, inheritAt([...path, key], at(floor, key), at(own, key))]))
  }
  if (Array.isArray(floor) && Array.isArray(own) && isAmong(ADDED, path)) return united(floor, own)
  return own
}

function united(floor: readonly unknown[], own: readonly unknown[]): readonly unknown[] {
  const seen = new Set(floor.map((entry) => JSON.stringify(entry)))
  return [...floor, ...own.filter((entry) => !seen.has(JSON.stringify(entry)))]
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isAmong = (patterns: readonly (readonly string[])[], path: readonly string[]): boolean =>
  patterns.some(
    (pattern) => pattern.length === path.length && pattern.every((step, at) => step === "*" || step === path[at]),
  )
