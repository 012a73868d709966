import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser"
import { missing } from "./located.ts"
import type { Missing, Source, Span } from "./manifest.ts"

export type JsonTree = { readonly is: "tree"; readonly root: Node } | Missing

/** Reads JSON with its places; comments and trailing commas are allowed, as `tsconfig.json` and its like have them. */
export function readJson(source: Source): JsonTree {
  const errors: ParseError[] = []
  const root = parseTree(source.text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first || !root) {
    const reason = first ? words(printParseErrorCode(first.error)) : "the file is empty"
    return missing(source, `this is not valid JSON: ${reason}`, first?.offset ?? 0)
  }
  return { is: "tree", root }
}
/** `CommaExpected` → `comma expected`. */
const words = (code: string): string => code.replaceAll(/(?<=.)([A-Z])/g, " $1").toLowerCase()

export type JsonText =
  | { readonly is: "text"; readonly span: Span; readonly value: string }
  | { readonly is: "other"; readonly at: number }
  | { readonly is: "nothing" }

/** The text that stands at a path, without its quotes. */
export function textAt(root: Node, path: JSONPath): JsonText {
  const node = findNodeAtLocation(root, path)
  if (!node) return { is: "nothing" }
  return textOf(node)
}

/** A node as a text, without its quotes. */
export const textOf = ({ type, offset, length, value }: Node): JsonText =>
  type === "string"
    ? { is: "text", span: { start: offset + 1, end: offset + length - 1 }, value: String(value) }
    : { is: "other", at: offset }
