/**
 * The part of XPath 1.0 that names an element or an attribute (https://www.w3.org/TR/1999/REC-xpath-19991116/, abbreviated
 * syntax): `/project/version`, `//PropertyGroup[1]/Version`, `/plugin/@version`,
 * `/root/item[@id='app']/version/text()`, `//*[local-name()='version']`.
 */
export interface XPath {
  readonly steps: readonly Step[]
  /** The attribute that is meant instead of the element. */
  readonly attribute: string | undefined
}

export interface Step {
  /** `//`: anywhere below. */
  readonly deep: boolean
  /** `*` for any. */
  readonly name: string
  readonly where: readonly Predicate[]
}

export type Predicate =
  | { readonly is: "position"; readonly position: number | "last" }
  | {
      readonly is: "equals"
      readonly what: "child" | "attribute" | "name"
      readonly name: string
      readonly value: string
    }

const NAME = String.raw`(?:[\w.-]+:)?([\w.-]+|\*)`
const STEP = new RegExp(String.raw`(\/\/?)(?:(text\(\))|${NAME}|@${NAME})`, "uy")
const PREDICATE = new RegExp(
  String.raw`\[\s*(?:(\d{1,6})|(last\(\))|(?:(local-name\(\)|name\(\))|(@)?${NAME})\s*=\s*(?:"([^"]*)"|'([^']*)'))\s*\]`,
  "uy",
)

/** @returns the way, or from which character on it is not understood */
export function parseXPath(text: string): XPath | { readonly notUnderstood: string } {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    STEP.lastIndex = at
    const match = STEP.exec(text)
    if (!match) return { notUnderstood: text.slice(at) }
    const [, slashes, textNode, name, attribute] = match
    const last = STEP.lastIndex === text.length && steps.length > 0 && slashes === "/"
    if (attribute !== undefined) return last ? { steps, attribute } : { notUnderstood: text.slice(at) }
    if (textNode !== undefined) return last ? { steps, attribute: undefined } : { notUnderstood: text.slice(at) }
    const { where, end } = predicates(text, STEP.lastIndex)
    steps.push({ deep: slashes === "//", name: name ?? "*", where })
    at = end
  }
  return steps.length > 0 ? { steps, attribute: undefined } : { notUnderstood: text }
}

function predicates(text: string, start: number): { where: Predicate[]; end: number } {
  const where: Predicate[] = []
  let end = start
  PREDICATE.lastIndex = start
  for (let match = PREDICATE.exec(text); match; match = PREDICATE.exec(text)) {
    const [, position, last, own, at, name = "*", double, single] = match
    const value = double ?? single ?? ""
    if (position !== undefined) where.push({ is: "position", position: Number(position) })
    else if (last !== undefined) where.push({ is: "position", position: "last" })
    else where.push({ is: "equals", what: own ? "name" : at ? "attribute" : "child", name, value })
    end = PREDICATE.lastIndex
  }
  return { where, end }
}
