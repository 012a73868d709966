import { parseXml, XmlElement, XmlError, type XmlNode, XmlText } from "@rgrove/parse-xml"
import { missing } from "./located.ts"
import type { Missing, Source, Span } from "./manifest.ts"

/**
 * An element with its place. Names are without their prefix: a manifest has one vocabulary, and nobody wants to declare
 * its namespace in YAML.
 */
export interface Element {
  readonly is: "element"
  readonly name: string
  readonly children: readonly Element[]
  readonly attributes: ReadonlyMap<string, Attribute>
  /** What stands in it, trimmed, where that is one piece of text. */
  readonly text: XmlSpan | undefined
  readonly at: number
}

export interface Attribute extends XmlSpan {
  readonly is: "attribute"
}

interface XmlSpan {
  readonly value: string
  readonly span: Span
}

/**
 * Reads XML 1.0 with its places. Entities that a document declares itself are not known here, and refused where they are
 * used: none is ever written out.
 */
export function readXml(source: Source): Element | Missing {
  try {
    const { root } = parseXml(source.text, { includeOffsets: true, preserveCdata: true, preserveComments: true })
    return root ? elementOf(source.text, root) : missing(source, "there is no element in it")
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const [reason = ""] = error.message.split("\n")
    return missing(source, `this is not valid XML: ${reason.replace(/ \(line \d+, column \d+\)/, "")}`, error.pos)
  }
}

/** The element of this name directly under another; the first where there are several. */
export const child = (element: Element, name: string): Element | undefined =>
  element.children.find((it) => it.name === name)

export const children = (element: Element, name: string): readonly Element[] =>
  element.children.filter((it) => it.name === name)

function elementOf(text: string, element: XmlElement): Element {
  return {
    is: "element",
    name: local(element.name),
    children: element.children.filter(isElement).map((it) => elementOf(text, it)),
    attributes: attributesOf(text, element),
    text: textOf(text, element),
    at: element.start,
  }
}

const isElement = (node: XmlNode): node is XmlElement => node instanceof XmlElement

const local = (name: string): string => name.slice(name.indexOf(":") + 1)

/** Comments may stand beside the text, but not in the midst of it: then it is no one stretch of characters. */
function textOf(text: string, { children: all }: XmlElement): XmlSpan | undefined {
  const pieces = all.filter((node) => node.type !== "comment" && !(node instanceof XmlText && node.text.trim() === ""))
  const [only, ...others] = pieces
  if (!(only instanceof XmlText) || others.length > 0) return undefined
  const raw = text.slice(only.start, only.end)
  const start = only.start + raw.length - raw.trimStart().length
  return { value: only.text.trim(), span: { start, end: start + raw.trim().length } }
}

/** The parser gives attributes without places. It has seen that the tag is well-formed, so that this walk finds them. */
function attributesOf(text: string, element: XmlElement): ReadonlyMap<string, Attribute> {
  const found = new Map<string, Attribute>()
  const one = /\s+([^\s=/>]+)\s*=\s*(["'])/y
  one.lastIndex = element.start + 1 + element.name.length
  for (let match = one.exec(text); match; match = one.exec(text)) {
    const [, name = "", quote = '"'] = match
    const start = one.lastIndex
    const end = text.indexOf(quote, start)
    found.set(local(name), { is: "attribute", value: text.slice(start, end), span: { start, end } })
    one.lastIndex = end + 1
  }
  return found
}
