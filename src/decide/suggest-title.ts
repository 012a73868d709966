import { nearest } from "../model/nearest.ts"

/** What people call the preset's types when they do not know them. */
const ALIASES: Readonly<Record<string, string>> = {
  feature: "feat",
  features: "feat",
  feats: "feat",
  enhancement: "feat",
  enhance: "feat",
  new: "feat",
  bug: "fix",
  bugs: "fix",
  bugfix: "fix",
  bugfixes: "fix",
  hotfix: "fix",
  fixes: "fix",
  fixed: "fix",
  fixing: "fix",
  patch: "fix",
  doc: "docs",
  documentation: "docs",
  readme: "docs",
  testing: "test",
  tests: "test",
  refactoring: "refactor",
  cleanup: "refactor",
  performance: "perf",
  optimization: "perf",
  dependencies: "build",
  dependency: "build",
  deps: "build",
  maintenance: "chore",
  task: "chore",
}

/** The first word of a title that is a plain sentence, in any of its forms, and the type that it stands for. */
const VERBS: readonly (readonly [type: string, forms: RegExp])[] = [
  ["fix", /^(?:fix|resolve|correct|prevent|avoid|repair)(?:e?s|e?d|ing)?$/],
  ["feat", /^(?:add|introduce|implement|support|allow|enable)(?:s|e?d|ing)?$/],
  ["docs", /^(?:document)(?:s|ed|ing)?$/],
  ["refactor", /^(?:refactor|simplify|extract|rename|clean)(?:s|e?d|ing)?$/],
  ["perf", /^(?:speed|optimi[sz]e)(?:s|d)?$/],
  ["test", /^(?:test)(?:s|ed|ing)?$/],
  ["build", /^(?:bump|upgrade)(?:s|e?d|ing)?$/],
]

/** Of a word that begins a title, with its scope, its `!` and what follows. Bounded: titles may be hostile. */
const PREFIXED = /^[[(]?([A-Za-z]{2,20})[\])]?(?:\(([^()\n]{1,60})\))?(!?)\s{0,3}[:：–—-]\s{0,3}(\S.*)$/
/** Gitmoji's form, and GitHub's: `:sparkles: feat: x`, `✨ feat: x`. */
const EMOJI =
  /^(?:(?::[a-z0-9_+-]{1,40}:|\p{Extended_Pictographic}(?:\u{fe0f}|\u{200d}|\p{Emoji_Modifier}){0,3})\s{0,3}){1,4}/u
const BRACKETED = /^[[(]([A-Za-z]{2,20})[\])]\s{0,3}(\S.*)$/
const WORDED = /^([A-Za-z]{2,20}) (\S.*)$/

/**
 * A title like the given one that Conventional Commits understands: `Fixes: crash` → `fix: crash`, `Add dark mode` →
 * `feat: add dark mode`.
 *
 * @param given one line
 * @param types those that mean something in the repository, in lower case
 * @returns null where nothing says which kind of change it is
 */
export function suggestTitle(given: string, types: readonly string[]): string | null {
  const title = given.replace(EMOJI, "")
  const [, word = "", scope, bang = "", rest = ""] = PREFIXED.exec(title) ?? []
  const type = typeOf(word, types)
  if (type !== undefined) return `${type}${scope === undefined ? "" : `(${scope.trim()})`}${bang}: ${rest}`
  const [, tag = "", behind = ""] = BRACKETED.exec(title) ?? []
  const tagged = typeOf(tag, types)
  if (tagged !== undefined) return `${tagged}: ${behind}`
  const [, verb = "", object = ""] = WORDED.exec(title) ?? []
  const meant = VERBS.find(([type, forms]) => types.includes(type) && forms.test(verb.toLowerCase()))?.[0]
  if (meant === undefined) return null
  return `${meant}: ${meant === "fix" && /^fix/i.test(verb) ? object : `${verb.toLowerCase()} ${object}`}`
}

function typeOf(word: string, types: readonly string[]): string | undefined {
  const lower = word.toLowerCase()
  if (lower === "") return undefined
  if (types.includes(lower)) return lower
  const aliases = Object.entries(ALIASES).filter(([, type]) => types.includes(type))
  const meant = nearest(lower, [...types, ...aliases.map(([alias]) => alias)])
  return meant === undefined || types.includes(meant) ? meant : aliases.find(([alias]) => alias === meant)?.[1]
}
