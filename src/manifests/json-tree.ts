import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser"
import { missing } from "./located.ts"
import type { Missing, Source } from "./manifest.ts"
import type { Tree } from "./tree.ts"

/** Reads JSON with its places; comments and trailing commas are allowed, as `deno.jsonc` and its like have them. */
export function readJson(source: Source): Tree | Missing {
  const errors: ParseError[] = []
  const root = parseTree(source.text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (root && !first) return treeOf(root)
  const reason = first ? words(printParseErrorCode(first.error)) : "the file is empty"
  return missing(source, `this is not valid JSON: ${reason}`, first?.offset ?? 0)
}

/** `CommaExpected` → `comma expected`. */
const words = (code: string): string => code.replaceAll(/(?<=.)([A-Z])/g, " $1").toLowerCase()

function treeOf({ type, offset, length, value, children = [] }: Node): Tree {
  if (type === "string")
    return { is: "text", value: String(value), span: { start: offset + 1, end: offset + length - 1 } }
  if (type === "array") return { is: "list", items: children.map(treeOf), at: offset }
  if (type !== "object") return { is: "other", value: value ?? null, at: offset }
  const entries = new Map<string, Tree>()
  for (const { children: [key, item] = [] } of children) if (key && item) entries.set(String(key.value), treeOf(item))
  return { is: "map", entries, at: offset }
}
