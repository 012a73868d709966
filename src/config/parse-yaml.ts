import { EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml"
import type { Problem } from "../model/problem.ts"
import { type Node, Refused, readTree, type Span } from "./yaml-tree.ts"

/** Reading takes some 40 ms then, whatever stands in it; a file that people write has a tenth of that. */
const MAX_BYTES = 256 * 1024
const MAX_DEPTH = 30

/** A key of a mapping or an index of a list. */
export type Step = string | number

/** A YAML document, and where in the text everything in it stands. */
export interface Document {
  /** Plain data: `null`, booleans, numbers, texts, arrays and objects. */
  readonly value: unknown
  /** Whether there is nothing but comments and blank lines. */
  readonly empty: boolean
  /**
   * Where a path leads. A path that leaves the document gives the place where it leaves it: for a key that is missing
   * its mapping's own key. `"key"` asks for the last step's key instead of its value.
   */
  place(path: readonly Step[], part?: "key" | "value"): Place
  /** What stands at a path; `undefined` where nothing does. */
  found(path: readonly Step[]): unknown
}

type Place = Pick<Problem, "line" | "column" | "endLine">

type Parsed =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly problem: Place & { readonly message: string } }

/**
 * Reads one YAML 1.2 document of at most 256 KB, nested at most 30 deep. Never throws, whatever the text; takes time in
 * proportion to its length.
 */
export function parseYaml(text: string): Parsed {
  const refuse = (message: string, { start, end }: Span): Parsed => ({
    ok: false,
    problem: { ...placeOf(text, start, end), message },
  })
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    return refuse("the file is larger than 256 KB; nothing in it was read", { start: 0, end: 0 })
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH })
    const [first, second] = events.filter((event) => event.type === EVENT_ID.DOCUMENT)
    if (second) return refuse("a second document begins here; the file must hold one", secondDocument(text, events))
    return { ok: true, document: documentOf(text, first ? readTree(text, events.slice(1)) : NOTHING) }
  } catch (error) {
    if (error instanceof Refused) return refuse(error.message, error.at)
    if (!(error instanceof YAMLException)) return refuse("the file cannot be read as YAML", { start: 0, end: 0 })
    const start = error.mark?.position ?? 0
    return refuse(inOurWords(error.reason), { start, end: start })
  }
}

const NOTHING: Node = { is: "scalar", value: null, at: { start: 0, end: 0 } }

function inOurWords(reason: string): string {
  if (reason.includes("tab characters")) return "a tab stands in the indentation; YAML allows only spaces there"
  if (reason === "deficient indentation")
    return "a bracket or quote is not closed before this line, or the line is indented too little"
  if (reason.includes("maxDepth")) return `the file is nested more than ${MAX_DEPTH} deep`
  // The reason may quote the text, control characters included.
  return `the file is not valid YAML: ${reason
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 200)
    .toWellFormed()
    .trimEnd()}`
}

/** A line that begins with `---` or `...` is a marker wherever it stands, in quoted and block texts too. */
function secondDocument(text: string, events: readonly Event[]): Span {
  const markers = [...text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm)]
  const [first, second] = events.filter((event) => event.type === EVENT_ID.DOCUMENT)
  const starts = markers.filter(([marker]) => marker === "---")
  const marker = second?.explicitStart ? starts[first?.explicitStart ? 1 : 0] : markers.find(([it]) => it === "...")
  const start = marker?.index ?? 0
  return { start, end: start + 3 }
}

function documentOf(text: string, root: Node): Document {
  const place = (path: readonly Step[], part: "key" | "value" = "value"): Place => {
    const { at } = walk(root, path, part)
    return placeOf(text, at.start, at.end)
  }
  const found = (path: readonly Step[]): unknown => {
    const { node } = walk(root, path, "value")
    return node && dataOf(node)
  }
  const empty = root.is === "scalar" && root.value === null && root.at.start === root.at.end
  return { value: dataOf(root), empty, place, found }
}

function walk(root: Node, path: readonly Step[], part: "key" | "value"): { node: Node | undefined; at: Span } {
  let node = root
  let key = { start: root.at.start, end: root.at.start }
  for (const [index, step] of path.entries()) {
    const entry = node.is === "mapping" ? node.entries.get(String(step)) : undefined
    const next = entry?.value ?? (node.is === "list" ? node.items[Number(step)] : undefined)
    if (!next) return { node: undefined, at: key }
    key = entry?.key ?? { start: next.at.start, end: next.at.start }
    if (part === "key" && index === path.length - 1) return { node: next, at: key }
    node = next
  }
  const nothing = node.is === "scalar" && node.value === null && node.at.start === node.at.end
  return { node, at: nothing ? key : node.at }
}

/** Shared nodes become shared values: an alias costs nothing here. */
function dataOf(node: Node): unknown {
  if (node.is === "scalar") return node.value
  if (node.is === "list") return node.items.map(dataOf)
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, dataOf(value)]))
}

/** Line breaks are YAML's: LF, CR, or both together (YAML 1.2.2 section 5.4). */
function placeOf(text: string, start: number, end: number): Place {
  const upTo = (offset: number) => text.slice(0, offset).split(/\r\n|\r|\n/)
  const before = upTo(start)
  const endLine =
    before.length -
    1 +
    text
      .slice(start, Math.max(start, end))
      .trimEnd()
      .split(/\r\n|\r|\n/).length
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, endLine }
}
