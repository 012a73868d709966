import {
  boolCoreTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from "js-yaml"
import { quote } from "../model/quote.ts"
import { isStorableText } from "../model/storable.ts"

/** A stretch of the text, in offsets: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A document with the place of everything in it. An alias is its target, at the alias's place. */
export type Node =
  | { readonly is: "scalar"; readonly value: string | number | boolean | null; readonly at: Span }
  | { readonly is: "list"; readonly items: readonly Node[]; readonly at: Span }
  | { readonly is: "mapping"; readonly entries: ReadonlyMap<string, Entry>; readonly at: Span }

interface Entry {
  readonly key: Span
  readonly value: Node
}

/** Why a document is refused, and where. */
export class Refused extends Error {
  readonly at: Span
  constructor(message: string, at: Span) {
    super(message)
    this.at = at
  }
}

/** Keys, values and what aliases stand for. A plan of a thousand features has fewer. */
const MAX_NODES = 20_000
/** By these names JavaScript would take a key for an object's own machinery. */
const UNSAFE_KEYS = ["__proto__", "constructor", "prototype"]

interface Reader {
  readonly text: string
  readonly events: readonly Event[]
  next: number
  nodes: number
  /** `null` while the node that bears the anchor is still being read. */
  readonly anchors: Map<string, { readonly node: Node; readonly nodes: number } | null>
}

/**
 * Builds the tree of one document.
 * @param events those of `parseEvents` after the document event; nested at most as deep as its `maxDepth`
 * @throws Refused for a repeated or unsafe key, a key that is no text, a tag, an alias that is unknown, stands for
 * itself, or makes the document grow beyond measure
 */
export const readTree = (text: string, events: readonly Event[]): Node =>
  readNode({ text, events, next: 0, nodes: 0, anchors: new Map() }, 0)

/** @param near where an empty value is said to be: behind its key */
function readNode(reader: Reader, near: number): Node {
  const event = reader.events[reader.next++]
  if (!event || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
    throw new Refused("the document ends too early", { start: near, end: near })
  const before = reader.nodes
  const named = event.anchorStart < 0 ? undefined : reader.text.slice(event.anchorStart, event.anchorEnd)
  if (event.type === EVENT_ID.ALIAS) return readAlias(reader, named ?? "", event.anchorStart - 1, event.anchorEnd)
  grow(reader, 1, { start: near, end: near })
  if (named !== undefined) reader.anchors.set(named, null)
  const node = readContent(reader, event, near)
  if (named !== undefined) reader.anchors.set(named, { node, nodes: reader.nodes - before })
  return node
}

function readContent(reader: Reader, event: Exclude<Event, { type: 1 | 5 | 6 }>, near: number): Node {
  const tag = event.tagStart < 0 ? "" : reader.text.slice(event.tagStart, event.tagEnd)
  if (tag !== "" && !(event.type === EVENT_ID.SCALAR && ["!", "!!str"].includes(tag)))
    throw new Refused(`tags such as ${quote(tag)} are not allowed; leave it out`, spanOfTag(event))
  if (event.type === EVENT_ID.SCALAR) return readScalar(reader.text, event, near, tag)
  return event.type === EVENT_ID.SEQUENCE ? readList(reader, event.start) : readMapping(reader, event.start)
}

const spanOfTag = (event: { readonly tagStart: number; readonly tagEnd: number }): Span => ({
  start: event.tagStart,
  end: event.tagEnd,
})

function readScalar(text: string, event: ScalarEvent, near: number, tag: string): Node {
  const source = getScalarValue(text, event)
  const at = spanOf(text, event, near)
  if (!isStorableText(source))
    throw new Refused("a text holds NUL or half of a character (a lone surrogate); take it out", at)
  const value = event.style === SCALAR_STYLE.PLAIN && tag === "" ? plain(source) : source
  return { is: "scalar", value, at }
}

/** A quoted text with its quotes; a block without the line breaks behind it. */
function spanOf(text: string, { valueStart, valueEnd, style }: ScalarEvent, near: number): Span {
  if (valueStart < 0) return { start: near, end: near }
  const quotes = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  const end = quotes ? valueEnd + 1 : valueStart + text.slice(valueStart, valueEnd).trimEnd().length
  return { start: valueStart - quotes, end: Math.max(end, valueStart) }
}

/** YAML 1.2's core schema: `no` and `2026-11-30` are texts, `2.5` is a number, `~` is nothing. */
function plain(source: string): string | number | boolean | null {
  for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    const value = tag.resolve(source, false, tag.tagName)
    if (value !== NOT_RESOLVED) return value
  }
  return source
}

function readList(reader: Reader, start: number): Node {
  const items: Node[] = []
  let end = start
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const item = readNode(reader, end)
    items.push(item)
    end = Math.max(end, item.at.end)
  }
  reader.next++
  return { is: "list", items, at: { start, end } }
}

function readMapping(reader: Reader, start: number): Node {
  const entries = new Map<string, Entry>()
  let end = start
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const key = readNode(reader, end)
    const name = nameOf(key, entries)
    const value = readNode(reader, key.at.end)
    entries.set(name, { key: key.at, value })
    end = Math.max(end, key.at.end, value.at.end)
  }
  reader.next++
  return { is: "mapping", entries, at: { start, end } }
}

function nameOf(key: Node, entries: ReadonlyMap<string, Entry>): string {
  if (key.is !== "scalar" || key.value === null) throw new Refused("a key must be a text", key.at)
  const name = String(key.value)
  if (name === "<<") throw new Refused("merge keys (`<<`) are not supported; write the keys out", key.at)
  if (UNSAFE_KEYS.includes(name)) throw new Refused(`the key ${quote(name)} is not allowed`, key.at)
  if (entries.has(name)) throw new Refused(`the key ${quote(name)} stands here twice; remove one of them`, key.at)
  return name
}

function readAlias(reader: Reader, name: string, start: number, end: number): Node {
  const at = { start, end }
  const shown = quote(`*${name}`)
  const target = reader.anchors.get(name)
  if (target === undefined) throw new Refused(`the alias ${shown} has no anchor before it`, at)
  if (target === null) throw new Refused(`the alias ${shown} stands inside of what it stands for`, at)
  grow(reader, target.nodes, at)
  return { ...target.node, at }
}

function grow(reader: Reader, nodes: number, at: Span): void {
  reader.nodes += nodes
  if (reader.nodes > MAX_NODES)
    throw new Refused(`the document holds more than ${MAX_NODES} keys and values, aliases written out`, at)
}
