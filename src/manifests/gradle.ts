import { found, missing } from "./located.ts"
import type { Located, Source, Span } from "./manifest.ts"

/** Blocks whose `version` is that of the project itself or of all of its subprojects. */
const PROJECTS = ["allprojects", "subprojects"]

/**
 * `build.gradle` and `build.gradle.kts`: `version = "1.2.3"`, `version '1.2.3'`, at the top of the script, else in
 * `allprojects` or `subprojects` (https://docs.gradle.org/current/dsl/org.gradle.api.Project.html, property `version`).
 * Comments, texts and other blocks (`plugins`, `dependencies`, a publication) are passed over.
 */
export function locateInGradle(source: Source): Located {
  const all = assignments(source.text)
  const top = all.filter(({ block }) => block === "")
  const [first, ...rest] = top.length > 0 ? top : all
  if (!first)
    return missing(
      source,
      'it sets no `version` at its top; where gradle.properties does, name that file, else write `version = "1.2.3"` once',
    )
  const taken = [first, ...rest].find(({ span }) => !span)
  if (taken)
    return missing(
      source,
      "`version` is taken from elsewhere; name the file that says it, such as gradle.properties",
      taken.at,
    )
  return found(first.span as Span, ...rest.flatMap(({ span }) => span ?? []))
}

interface Assignment {
  readonly at: number
  /** The block around it; empty at the top. */
  readonly block: string
  /** Without quotes; `undefined` where what is assigned is no plain text. */
  readonly span: Span | undefined
}

const COMMENT = String.raw`\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)`
const TEXT = String.raw`"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\r\n]|\\[\s\S])*"?|'(?:[^'\\\r\n]|\\[\s\S])*'?`
/** Every character is in one token; none is looked at twice. */
const TOKEN = new RegExp(String.raw`(${COMMENT}|[^\S\r\n]+)|${TEXT}|[\w.]+|[\s\S]`, "y")
const BLANK = String.raw`[^\S\r\n]*`
/** What follows `version`: ` = "1.2.3"`, ` '1.2.3'`, `("1.2.3")`, up to the end of the statement. */
const ASSIGNED = new RegExp(
  String.raw`${BLANK}(?:[=(]${BLANK})?(?:"([^"$\\\r\n]*)"|'([^'$\\\r\n]*)')(?=${BLANK}(?:\)${BLANK})?(?:[\r\n;}]|\/[/*]|$))`,
  "y",
)

function assignments(text: string): readonly Assignment[] {
  const found: Assignment[] = []
  const blocks: string[] = []
  let word = ""
  let starts = true
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token, skipped] = match
    const next = TOKEN.lastIndex
    if (skipped !== undefined) continue
    if (starts && /^(?:project\.)?version$/.test(token) && isOfProject(blocks) && /[\s=(]/.test(text[next] ?? ""))
      found.push({ at: match.index, block: blocks.join("."), span: assigned(text, next) })
    if (token === "{") blocks.push(word)
    if (token === "}") blocks.pop()
    if (/^[\w.]/.test(token)) word = token
    starts = /^[{};\r\n]/.test(token)
  }
  return found
}

const isOfProject = (blocks: readonly string[]): boolean =>
  blocks.length === 0 || (blocks.length === 1 && PROJECTS.includes(blocks[0] ?? ""))

function assigned(text: string, after: number): Span | undefined {
  ASSIGNED.lastIndex = after
  const match = ASSIGNED.exec(text)
  const value = match?.[1] ?? match?.[2]
  if (!match || value === undefined) return undefined
  const end = after + match[0].length - 1
  return { start: end - value.length, end }
}

/**
 * `gradle.properties`: `version=1.2.3`, in the form of Java's properties
 * (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)).
 */
export function locateInProperties(source: Source): Located {
  const spans: Span[] = []
  let start = 0
  for (const line of source.text.split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const [head] = /^[ \t\f]*version(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+)/.exec(line) ?? []
    const value = head === undefined ? "" : line.slice(head.length).trimEnd()
    if (head !== undefined && value !== "")
      spans.push({ start: start + head.length, end: start + head.length + value.length })
    start += line.length
  }
  const [first, ...rest] = spans
  return first
    ? found(first, ...rest)
    : missing(source, "it has no `version`; write the present one into it once, as `version=1.2.3`")
}
