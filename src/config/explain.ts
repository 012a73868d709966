import type { z } from "zod"
import { nearest } from "../model/nearest.ts"
import type { Problem } from "../model/problem.ts"
import { quote, quoteAll } from "../model/quote.ts"
import { firstOf } from "../model/storable.ts"
import type { Document, Step } from "./parse-yaml.ts"

/** As many annotations as GitHub takes in one request. */
const MOST = 50
const LONGEST = 600
/** How a message begins whose place is the key; schemas that look at their keys themselves begin theirs so too. */
const UNKNOWN = "unknown key"

type Issue = z.core.$ZodIssue
type RawIssue = z.core.$ZodRawIssue

/**
 * zod's error map for our files: the end of a sentence for each kind of issue that the schema itself has no words for
 * ("must be …"), and one line for each unknown key.
 */
export function phrase(issue: RawIssue): string {
  if (issue.code === "unrecognized_keys") {
    const known = shapeOf(issue.inst)
    return issue.keys
      .slice(0, MOST)
      .map((key: string) => unknownKey(key, known))
      .join("\n")
  }
  if (issue.code === "invalid_value") return oneOf(issue.values, issue.input)
  if (issue.code === "invalid_type") return `must be ${KINDS[String(issue.expected)] ?? `a ${issue.expected}`}`
  if (issue.code === "too_small" || issue.code === "too_big") return limit(issue)
  return "must have a form that is allowed here"
}

const KINDS: { readonly [expected: string]: string } = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of names to values",
}

function shapeOf(schema: unknown): string[] {
  const { def } = (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod ?? {}
  return Object.keys(def?.shape ?? {})
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return `${UNKNOWN} ${quote(key)}; ${near ? `did you mean ${quote(near)}?` : `known here are ${quoteAll(known)}`}`
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const near = typeof input === "string" ? nearest(input, values.map(String)) : undefined
  return `must be ${values.length > 1 ? "one of " : ""}${quoteAll(values.map(String))}${near ? `; did you mean ${quote(near)}?` : ""}`
}

function limit(issue: Extract<RawIssue, { code: "too_small" | "too_big" }>): string {
  const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  if (issue.origin === "array") return `must hold ${bound} ${bound.endsWith(" 1") ? "entry" : "entries"}`
  return issue.origin === "string" ? `must have ${bound} characters` : `must be ${bound}`
}

/** What a schema found, as sentences about places in the file: in the order of the text, the first for each
 * path, but an unknown key before what is said of its value. */
export function explain(issues: readonly Issue[], document: Document, file: string): Problem[] {
  const byPath = new Map<string, Finding>()
  for (const finding of issues.flatMap((issue) => unfold(issue, []))) {
    const id = JSON.stringify(finding.path)
    const known = byPath.has(id) && !finding.message.startsWith(UNKNOWN)
    if (!known && byPath.size < 4 * MOST) byPath.set(id, finding)
  }
  // What a mapping lacks is nothing new where one of its keys has a typing mistake.
  const misspelt = new Set(
    [...byPath.values()].flatMap(({ path, part }) => (part === "key" ? [JSON.stringify(path.slice(0, -1))] : [])),
  )
  const told = [...byPath.values()].filter(({ path, part }) => part === "key" || !misspelt.has(JSON.stringify(path)))
  const problems = told.map(({ path, part, message }) => ({
    file,
    ...document.place(path, part),
    path: pathText(path),
    message: cut(message.startsWith("must ") ? sentence(path, message, document) : message),
  }))
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  return problems.slice(0, MOST)
}

type Finding = { readonly path: readonly Step[]; readonly part: "key" | "value"; readonly message: string }

/** An issue about several keys, or about one of several forms, is as many findings as there are things to mend. */
function unfold(issue: Issue, base: readonly Step[]): Finding[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))]
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n")
    return issue.keys
      .slice(0, MOST)
      .map((key, index) => ({ path: [...path, key], part: "key", message: messages[index] ?? UNKNOWN }))
  }
  if (issue.code === "invalid_key")
    return issue.issues
      .slice(0, 1)
      .map(({ message }) => ({ path, part: "key", message: message.replace(/^must /, "this key must ") }))
  if (issue.code === "invalid_union") {
    const meant = issue.errors.filter((issues) => !issues.some(isOtherKind))
    const inside = meant.filter((issues) =>
      issues.every((inner) => inner.code !== "invalid_value" || inner.path.length > 0),
    )
    const [only, ...others] = inside.length > 0 ? inside : meant
    if (only && others.length === 0) return only.flatMap((inner) => unfold(inner, path))
  }
  return [{ path, part: issue.message.startsWith(UNKNOWN) ? "key" : "value", message: issue.message }]
}

/** The value is no text, or no mapping, at all: this form of several cannot have been meant. (A word that is none of
 * those allowed says so as well when it is no word: then a form that fits further in is preferred.) */
const isOtherKind = ({ code, path }: Issue): boolean => path.length === 0 && code === "invalid_type"

/** `environments.production.checks[0]`, with quotes round keys that hold more than a word. */
export function pathText(path: readonly Step[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`
    return /^[\w-]+$/.test(step) ? `.${step}` : `["${quote(step).slice(1, -1)}"]`
  })
  return steps.join("").replace(/^\./, "")
}

function sentence(path: readonly Step[], must: string, document: Document): string {
  const subject = path.length === 0 ? "the file" : `\`${pathText(path)}\``
  const found = document.found(path)
  const [demand, ...hint] = must.split("; did you mean")
  if (found === undefined) return `${subject} is missing; it ${demand}`
  const mend = demand === "must be one line of text" && isBare(found) ? "; put it in quotes" : ""
  return `${subject} ${demand}, found ${shown(found)}${mend}${hint.length > 0 ? `; did you mean${hint.join("")}` : ""}`
}

const isBare = (found: unknown): boolean => typeof found === "number" || typeof found === "boolean"

function shown(found: unknown): string {
  if (found === null) return "nothing"
  if (Array.isArray(found)) return found.length === 0 ? "an empty list" : "a list"
  if (typeof found === "object") return Object.keys(found).length === 0 ? "an empty mapping" : "a mapping"
  if (typeof found === "number") return `the number \`${found}\``
  if (typeof found !== "string") return `\`${found}\``
  return found.trim() === "" ? "an empty text" : quote(found)
}

const cut = (message: string): string => (message.length > LONGEST ? `${firstOf(message, LONGEST - 1)}…` : message)
