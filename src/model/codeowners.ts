import type { Problem } from "./problem.ts"
import { firstOf } from "./storable.ts"

/** The word in `from` of an approval that stands for whoever `CODEOWNERS` names. No login and no team has this form. */
export const CODEOWNERS = "codeowners"

/**
 * "GitHub looks for them in that order and uses the first one it finds."
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export const CODEOWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const

/** A line that names owners; none: it takes what it matches out of everybody's hands. */
export interface OwnersLine {
  readonly line: number
  readonly pattern: string
  /** `@login`, `@org/team`. */
  readonly owners: readonly string[]
  /** E-mail addresses, which are nobody here: GitHub tells an App of no address whose account it is. */
  readonly addresses: readonly string[]
}

export interface Codeowners {
  /** Where it stands. */
  readonly path: string
  readonly lines: readonly OwnersLine[]
  /** Lines that GitHub skips, too. */
  readonly problems: readonly Problem[]
  /** Nothing in it is understood: it has too many lines. */
  readonly tooLong?: true
}

const OWNER = /^@[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9])){0,100}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,100})?$/
const ADDRESS = /^[^\s@]{1,100}@[^\s@]{1,200}$/
/** Of a file of 3 MB every path is held against every line: more of them are a generated file, or malice. */
const LINES_MOST = 20_000

/**
 * The lines of a CODEOWNERS file, by GitHub's rules: those of `.gitignore`, without `!`, without `[ ]`, without `\#`.
 *
 * @param path where it stands, for what is said of a line
 */
export function parseCodeowners(text: string, path: string): Codeowners {
  const all = text.split(/\r?\n/)
  const problem = (line: number, message: string): Problem => ({
    file: path,
    line,
    column: 1,
    endLine: line,
    path: "",
    message,
  })
  if (all.length > LINES_MOST)
    return {
      path,
      lines: [],
      tooLong: true,
      problems: [problem(LINES_MOST, `it has more than ${LINES_MOST} lines; join some with wildcards`)],
    }
  const lines: OwnersLine[] = []
  const problems: Problem[] = []
  for (const [at, written] of all.entries()) {
    const [pattern, ...names] = words(written)
    if (pattern === undefined) continue
    const wrong = whyNot(pattern, names)
    if (wrong !== undefined) problems.push(problem(at + 1, wrong))
    else
      lines.push({
        line: at + 1,
        pattern,
        owners: names.filter((name) => name.startsWith("@")),
        addresses: names.filter((name) => !name.startsWith("@")),
      })
  }
  return { path, lines, problems }
}

/** The words of a line up to a comment; a space after a backslash belongs to its word. */
function words(written: string): readonly string[] {
  const found: string[] = []
  let word = ""
  const end = () => {
    if (word !== "") found.push(word)
    word = ""
  }
  for (let at = 0; at < written.length; at += 1) {
    const char = written[at] ?? ""
    if (char === "\\" && /\s/.test(written[at + 1] ?? "")) {
      word += written[at + 1]
      at += 1
    } else if (/\s/.test(char)) end()
    else if (char === "#" && word === "") break
    else word += char
  }
  end()
  return found
}

function whyNot(pattern: string, names: readonly string[]): string | undefined {
  if (pattern.startsWith("!")) return "a pattern cannot begin with `!` in CODEOWNERS"
  if (/[[\]]/.test(pattern)) return "a pattern cannot have `[` or `]` in CODEOWNERS"
  if (pattern.includes("\\")) return "a pattern cannot have `\\` in CODEOWNERS, but before a space"
  const strange = names.find((name) => !OWNER.test(name) && !ADDRESS.test(name))
  return strange === undefined
    ? undefined
    : `\`${firstOf(strange, 100)}\` is no owner: an owner is \`@login\`, \`@org/team\` or an e-mail address`
}

/** The line that speaks of a path: the last one that matches. Undefined: nobody owns it. */
export const ownersOf = ({ lines }: Pick<Codeowners, "lines">, path: string): OwnersLine | undefined =>
  lines.findLast(({ pattern }) => isOwned(path, pattern))

/**
 * Whether a pattern matches a path, whose letters count as they are. A pattern with a slash before its end begins at the
 * root. What matches a folder matches all in it, but for a `*` at the end: "`docs/*` will match files like
 * `docs/getting-started.md` but not further nested files".
 */
function isOwned(path: string, pattern: string): boolean {
  const isFolder = pattern.endsWith("/")
  const bare = pattern.slice(pattern.startsWith("/") ? 1 : 0, isFolder ? -1 : undefined)
  const parts = bare.split("/")
  const isAnchored = pattern.startsWith("/") || parts.length > 1
  const last = parts.at(-1)
  const inside = last === "**" ? ["*", "**"] : isFolder ? ["*", "**"] : last === "*" && isAnchored ? [] : ["**"]
  return matches([...(isAnchored ? [] : ["**"]), ...parts, ...inside], path.split("/"), "**", (part, name) =>
    matches([...part], [...name], "*", (one, letter) => one === "?" || one === letter),
  )
}

/**
 * Whether items follow a pattern, in which `many` stands for any number of them. Goes back to the last `many` alone, so
 * that no pattern takes more than its length times that of the items.
 */
function matches(
  pattern: readonly string[],
  items: readonly string[],
  many: string,
  fits: (part: string, item: string) => boolean,
): boolean {
  let [at, item, star, from] = [0, 0, -1, 0]
  while (item < items.length) {
    if (pattern[at] === many) {
      star = at
      from = item
      at += 1
    } else if (at < pattern.length && fits(pattern[at] ?? "", items[item] ?? "")) {
      at += 1
      item += 1
    } else if (star >= 0) {
      from += 1
      item = from
      at = star + 1
    } else return false
  }
  while (pattern[at] === many) at += 1
  return at === pattern.length
}
