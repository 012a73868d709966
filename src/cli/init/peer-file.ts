import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser"
import { parseYaml } from "../../config/parse-yaml.ts"
import { ProblemFound } from "../command.ts"
import type { Clone } from "./clone.ts"

export type Step = string | number
export type Mapping = { readonly [key: string]: unknown }

/** A configuration file of a peer: what it says, and in which line. */
export interface PeerFile {
  readonly path: string
  /** Where in the file the settings begin: `["release"]` in package.json. */
  readonly value: unknown
  line(path: readonly Step[]): number
}

/** Reads JSON (with comments) or YAML: JSON where the text begins as JSON does. `undefined` where there is no file.
 * @throws ProblemFound where it cannot be read: what is not understood must not be taken for absent */
export function readPeerFile(clone: Clone, path: string, under: readonly string[] = []): PeerFile | undefined {
  const text = clone.read(path)?.replace(/^\uFEFF/, "")
  if (text === undefined) return undefined
  return /^\s*[{[]/.test(text) || path.endsWith(".json") ? readJson(text, path, under) : readYaml(text, path)
}

function readJson(text: string, path: string, under: readonly string[]): PeerFile {
  const errors: ParseError[] = []
  const root = treeOf(text, path, errors)
  const [error] = errors
  if (!root || error)
    throw new ProblemFound(`${path}:${lineAt(text, error?.offset ?? 0)}: this is not valid JSON; mend it first`)
  const at = findNodeAtLocation(root, [...under])
  const line = (steps: readonly Step[]): number => {
    let node = at
    // A step that leads nowhere is said to be at its parent.
    for (const step of steps) node = (node && findNodeAtLocation(node, [step])) ?? node
    return lineAt(text, node?.parent?.type === "property" ? node.parent.offset : (node?.offset ?? 0))
  }
  return { path, value: at && getNodeValue(at), line }
}

function treeOf(text: string, path: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true })
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemFound(`${path}: the file is nested too deeply to be read`)
    throw error
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length

function readYaml(text: string, path: string): PeerFile {
  const parsed = parseYaml(text)
  if (!parsed.ok) throw new ProblemFound(`${path}:${parsed.problem.line}: ${parsed.problem.message}; mend it first`)
  const { document } = parsed
  return {
    path,
    value: document.value,
    line: (steps) => document.place(steps, steps.length > 0 ? "key" : "value").line,
  }
}

export const mappingOf = (value: unknown): Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : {}
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined
/** `bug` or `[bug, fix]` → texts. */
export const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((it): it is string => typeof it === "string" && it !== "")
