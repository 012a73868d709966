import { readFileSync } from "node:fs"

/** An operation of GitHub's REST API, cut from GitHub's own description by `scripts/extract-openapi.ts`. */
type Operation = {
  method: string
  path: string
  query: Record<string, unknown>
  body?: unknown
  bodyRequired?: boolean
  responses: Record<string, unknown>
}

/** The fixture: operations by GitHub's operation id and the schema definitions that they share. */
export type OperationsFixture = { operations: Record<string, Operation>; definitions: Record<string, unknown> }

/** An operation found for a request, with the parameters of its path decoded. */
export type Matched = { id: string; operation: Operation; params: Record<string, string> }

const FIXTURE = new URL("../../../test/support/github-openapi/operations.json", import.meta.url)
/** Parameters that may hold slashes. */
const WIDE = new Set(["ref", "path", "branch", "base", "head", "basehead", "tag"])

type Pattern = { id: string; operation: Operation; names: string[]; regex: RegExp; literal: number }

let loaded: { fixture: OperationsFixture; patterns: Pattern[] } | undefined

/** The operations known to the front, read once a process. */
export function operationsFixture(): OperationsFixture {
  return load().fixture
}

/** The operation that a request means, or undefined when the fixture has none: then add it to the script's list. */
export function matchOperation(method: string, path: string): Matched | undefined {
  for (const { id, operation, names, regex } of load().patterns) {
    if (operation.method !== method) continue
    const match = regex.exec(path)
    if (!match) continue
    return { id, operation, params: Object.fromEntries(names.map((name, i) => [name, decoded(match[i + 1] ?? "")])) }
  }
  return undefined
}

function load(): { fixture: OperationsFixture; patterns: Pattern[] } {
  if (!loaded) {
    const fixture = JSON.parse(readFileSync(FIXTURE, "utf8")) as OperationsFixture
    const patterns = Object.entries(fixture.operations).map(([id, operation]) => pattern(id, operation))
    // The most literal pattern first: `commits/{ref}/check-runs` before `commits/{ref}`.
    loaded = { fixture, patterns: patterns.sort((a, b) => b.literal - a.literal) }
  }
  return loaded
}

function pattern(id: string, operation: Operation): Pattern {
  const names: string[] = []
  const source = operation.path.replace(/[.]/g, "\\.").replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name)
    return WIDE.has(name) ? "(.+?)" : "([^/]+?)"
  })
  const optionalPath = id === "repos/get-content" ? source.replace("/(.+?)", "/?(.*?)") : source
  return {
    id,
    operation,
    names,
    regex: new RegExp(`^${optionalPath}$`),
    literal: operation.path.replace(/\{\w+\}/g, "").length,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
