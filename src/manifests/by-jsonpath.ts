import { JSONPathEnvironment, JSONPathError } from "json-p3"
import { quote } from "../model/quote.ts"
import { readJson } from "./json-tree.ts"
import { found, missing } from "./located.ts"
import type { Locate, Missing, Source } from "./manifest.ts"
import { readToml } from "./toml-tree.ts"
import { dataOf, placeOf, type Text, type Tree, walk } from "./tree.ts"
import { readYaml } from "./yaml-tree.ts"

/**
 * Versions by a JSONPath of RFC 9535, in JSON, YAML and TOML: every text that it finds is one. What could cost more than
 * the file's size times its depth is refused: a second `..`, several selectors in one bracket, a filter that begins at
 * `$`, and the functions with regular expressions.
 */
export const byJsonPath =
  (query: string): Locate =>
  (source) => {
    const problem = jsonPathProblem(query)
    if (problem !== undefined) return missing(source, problem)
    const tree = read(source)
    if (tree.is === "missing") return tree
    const places = search(query, tree)
    if (typeof places === "string") return missing(source, places)
    const nodes = places.map((path) => walk(tree, path)).filter((it) => it !== undefined)
    const strange = nodes.find((it) => it.is !== "text")
    if (strange) return missing(source, `the \`jsonpath\` ${quote(query)} finds what is no text`, placeOf(strange))
    const [first, ...rest] = nodes as Text[]
    if (!first) return missing(source, `the \`jsonpath\` ${quote(query)} finds nothing`)
    return found(first.span, ...rest.map(({ span }) => span))
  }

function read(source: Source): Tree | Missing {
  if (/\.(?:json[c5]?|webmanifest|lock)$/i.test(source.path)) return readJson(source)
  if (/\.ya?ml$/i.test(source.path)) return readYaml(source)
  if (/\.toml$/i.test(source.path)) return readToml(source)
  return missing(source, "a `jsonpath` looks into .json, .yaml and .toml files; use a `regex` here")
}

/** Why a query can find nothing in any file; `undefined` where it can. */
export function jsonPathProblem(query: string): string | undefined {
  const refused = costly(query)
  if (refused !== undefined) return `the \`jsonpath\` ${quote(query)} has ${refused}`
  const found = search(query, EMPTY)
  return typeof found === "string" ? found : undefined
}

const EMPTY: Tree = { is: "map", entries: new Map(), at: 0 }

function costly(query: string): string | undefined {
  const bare = query.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "''")
  if (bare.split("..").length > 2) return "more than one `..`; write out the way to one of them"
  if (bare.includes(",")) return "a list of selectors; name the file once for each"
  if (bare.indexOf("$", 1) > 0) return "a `$` inside of a filter; compare with a text"
  if (/\b(?:match|search)\s*\(/.test(bare))
    return "a regular expression, which is not allowed here; compare with a text"
  return undefined
}

const environment = new JSONPathEnvironment()

/** The places that the query finds, or why it is no query. */
function search(query: string, tree: Tree): (string | number)[][] | string {
  try {
    return environment.query(query, dataOf(tree)).nodes.map(({ location }) => location)
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error
    return `the \`jsonpath\` ${quote(query)} is not valid: ${quote(error.message).slice(1, -1)}`
  }
}
