import { type AST, ParseError, parseTOML } from "toml-eslint-parser"
import { missing } from "./located.ts"
import type { Missing, Source } from "./manifest.ts"
import type { Tree } from "./tree.ts"

/** Reads TOML 1.0 with its places. */
export function readToml(source: Source): Tree | Missing {
  try {
    const [top] = parseTOML(source.text, { tomlVersion: "1.0" }).body
    const root = emptyMap(0)
    for (const part of top.body) {
      if (part.type === "TOMLKeyValue") put(root, namesOf(part.key), treeOf(part.value))
      else {
        const table = under(root, part.resolvedKey, part.range[0])
        for (const { key, value } of part.body) put(table, namesOf(key), treeOf(value))
      }
    }
    return root
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return missing(source, `this is not valid TOML: ${error.message}`, error.index)
  }
}

type Table = { readonly is: "map"; readonly entries: Map<string, Tree>; readonly at: number }
type List = { readonly is: "list"; readonly items: Tree[]; readonly at: number }

const emptyMap = (at: number): Table => ({ is: "map", entries: new Map(), at })
const namesOf = ({ keys }: AST.TOMLKey): string[] => keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value))

function treeOf(node: AST.TOMLContentNode): Tree {
  const [at, end] = node.range
  if (node.type === "TOMLArray") return { is: "list", items: node.elements.map(treeOf), at }
  if (node.type === "TOMLInlineTable") {
    const table = emptyMap(at)
    for (const { key, value } of node.body) put(table, namesOf(key), treeOf(value))
    return table
  }
  if (node.kind === "string") {
    const quotes = node.multiline ? 3 : 1
    return { is: "text", value: node.value, span: { start: at + quotes, end: end - quotes } }
  }
  return { is: "other", value: typeof node.value === "object" ? null : node.value, at }
}

/** `a.b.c = 1`; the parser has refused what would be said twice. */
function put(table: Table, names: readonly string[], value: Tree): void {
  const last = names.at(-1)
  const at = value.is === "text" ? value.span.start : value.at
  if (last !== undefined) under(table, names.slice(0, -1), at).entries.set(last, value)
}

/** The table at a path, made where there is none yet; a number is the place in an array of tables. */
function under(root: Table, path: readonly (string | number)[], at: number): Table {
  let parent: Table | List = root
  for (const [index, step] of path.entries()) {
    const make = (): Table | List =>
      typeof path[index + 1] === "number" ? { is: "list", items: [], at } : emptyMap(at)
    const known: Tree | undefined = parent.is === "map" ? parent.entries.get(String(step)) : parent.items[Number(step)]
    const next = (known ?? make()) as Table | List
    if (known === undefined && parent.is === "map") parent.entries.set(String(step), next)
    if (known === undefined && parent.is === "list") parent.items[Number(step)] = next
    parent = next
  }
  return parent as Table
}
