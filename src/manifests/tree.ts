import type { Span } from "./manifest.ts"

/** JSON, YAML and TOML as one kind of tree, with the place of every text in it. */
export type Tree =
  | Text
  | { readonly is: "other"; readonly value: number | boolean | null; readonly at: number }
  | { readonly is: "list"; readonly items: readonly Tree[]; readonly at: number }
  | { readonly is: "map"; readonly entries: ReadonlyMap<string, Tree>; readonly at: number }

/** `span`: the characters without quotes. */
export interface Text {
  readonly is: "text"
  readonly value: string
  readonly span: Span
}

/** What stands at a path of keys and indices; `undefined` where nothing does. */
export function walk(tree: Tree, path: readonly (string | number)[]): Tree | undefined {
  let at: Tree | undefined = tree
  for (const step of path) {
    if (at?.is === "map") at = at.entries.get(String(step))
    else at = at?.is === "list" ? at.items[Number(step)] : undefined
  }
  return at
}

/** The same as plain data, for a query. */
export function dataOf(tree: Tree): Data {
  if (tree.is === "map") return Object.fromEntries([...tree.entries].map(([key, value]) => [key, dataOf(value)]))
  return tree.is === "list" ? tree.items.map(dataOf) : tree.value
}
export type Data = string | number | boolean | null | Data[] | { [key: string]: Data }

/** Where something stands, for a message. */
export const placeOf = (tree: Tree): number => (tree.is === "text" ? tree.span.start : tree.at)
