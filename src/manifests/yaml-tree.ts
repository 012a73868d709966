import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from "js-yaml"
import { missing } from "./located.ts"
import type { Missing, Source } from "./manifest.ts"
import type { Tree } from "./tree.ts"

const MAX_DEPTH = 100

/**
 * Reads one YAML document with its places. Plain scalars are texts whatever they look like, so that `1.10` keeps its
 * zero. An alias is a leaf: what it stands for is not written out, so that a small file stays small.
 */
export function readYaml(source: Source): Tree | Missing {
  try {
    const events = parseEvents(source.text, { maxDepth: MAX_DEPTH })
    const documents = events.filter(({ type }) => type === EVENT_ID.DOCUMENT)
    if (documents.length > 1)
      return missing(source, "it holds several documents; say with a `regex` where the version is")
    return readNode({ text: source.text, events, next: 1 }, 0)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const reason = error.reason.replaceAll(/\p{Cc}+/gu, " ").slice(0, 200)
    return missing(source, `this is not valid YAML: ${reason}`, error.mark?.position ?? 0)
  }
}

interface Reader {
  readonly text: string
  readonly events: readonly Event[]
  next: number
}

/** @param near the place of an empty value */
function readNode(reader: Reader, near: number): Tree {
  const event = reader.events[reader.next++]
  if (event?.type === EVENT_ID.SCALAR) return scalarOf(reader.text, event, near)
  if (event?.type === EVENT_ID.SEQUENCE) {
    const items: Tree[] = []
    while (!ended(reader)) items.push(readNode(reader, event.start))
    return { is: "list", items, at: event.start }
  }
  if (event?.type === EVENT_ID.MAPPING) {
    const entries = new Map<string, Tree>()
    while (!ended(reader)) {
      const key = readNode(reader, event.start)
      const value = readNode(reader, event.start)
      if (key.is === "text" && !entries.has(key.value)) entries.set(key.value, value)
    }
    return { is: "map", entries, at: event.start }
  }
  return { is: "other", value: null, at: near }
}

/** Whether the collection ends here; its end is passed over. */
function ended(reader: Reader): boolean {
  const event = reader.events[reader.next]
  if (event && event.type !== EVENT_ID.POP) return false
  reader.next++
  return true
}

function scalarOf(text: string, event: ScalarEvent, near: number): Tree {
  const { valueStart, valueEnd, style } = event
  const inLine =
    style === SCALAR_STYLE.PLAIN || style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  if (valueStart < 0 || !inLine) return { is: "other", value: null, at: valueStart < 0 ? near : valueStart }
  return { is: "text", value: getScalarValue(text, event), span: { start: valueStart, end: valueEnd } }
}
