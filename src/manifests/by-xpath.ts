import { quote } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Locate } from "./manifest.ts"
import { type Element, readXml } from "./xml-tree.ts"
import { type Predicate, parseXPath, type Step, type XPath } from "./xpath.ts"

/**
 * Versions by an XPath: the text of every element, or the value of every attribute, that it finds. Each step looks at an
 * element once, however often it was reached, so that the time is at most steps times elements.
 */
export const byXPath =
  (expression: string): Locate =>
  (source) => {
    const path = parseXPath(expression)
    if ("notUnderstood" in path) return missing(source, problemOf(expression, path))
    const root = readXml(source)
    if (root.is === "missing") return root
    const [first, ...rest] = select(root, path)
    if (!first) return missing(source, `the \`xpath\` ${quote(expression)} finds nothing`)
    const all = [first, ...rest].map((element) =>
      path.attribute === undefined ? element.text : element.attributes.get(path.attribute),
    )
    const strange = [first, ...rest].find((_, index) => all[index] === undefined)
    if (strange)
      return missing(source, `the \`xpath\` ${quote(expression)} finds what holds no text of its own`, strange.at)
    const [span, ...more] = all.flatMap((it) => (it ? [it.span] : []))
    return span ? found(span, ...more) : missing(source, `the \`xpath\` ${quote(expression)} finds nothing`)
  }

/** Why an expression can find nothing in any file; `undefined` where it can. */
export function xPathProblem(expression: string): string | undefined {
  const path = parseXPath(expression)
  return "notUnderstood" in path ? problemOf(expression, path) : undefined
}

const problemOf = (expression: string, { notUnderstood }: { readonly notUnderstood: string }): string =>
  `the \`xpath\` ${quote(expression)} is not understood from ${quote(notUnderstood)} on; it is a way such as \`/project/version\` or \`//item[@id='app']/@version\``

function select(root: Element, { steps, attribute }: XPath): readonly Element[] {
  const document: Element = { ...root, name: "", children: [root], attributes: new Map(), text: undefined }
  let at: ReadonlySet<Element> = new Set([document])
  for (const step of steps) at = follow(at, step)
  return [...at].filter((element) => attribute === undefined || element.attributes.has(attribute))
}

function follow(from: ReadonlySet<Element>, { deep, name, where }: Step): ReadonlySet<Element> {
  const parents = deep ? withDescendants(from) : from
  const reached = new Set<Element>()
  for (const parent of parents) {
    let candidates = parent.children.filter((element) => name === "*" || element.name === name)
    for (const predicate of where)
      candidates = candidates.filter((element, index, all) => holds(predicate, element, index, all.length))
    for (const element of candidates) reached.add(element)
  }
  return reached
}

function withDescendants(from: ReadonlySet<Element>): ReadonlySet<Element> {
  // A set visits what is added to it while it is walked through.
  const all = new Set(from)
  for (const element of all) for (const child of element.children) all.add(child)
  return all
}

function holds(predicate: Predicate, element: Element, index: number, count: number): boolean {
  if (predicate.is === "position") return index + 1 === (predicate.position === "last" ? count : predicate.position)
  const { what, name, value } = predicate
  if (what === "name") return element.name === value.slice(value.indexOf(":") + 1)
  if (what === "attribute") return element.attributes.get(name)?.value === value
  return element.children.some((child) => (name === "*" || child.name === name) && child.text?.value === value)
}
