import { readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import formats from "ajv-formats"
import type { Answer, PeerRequest } from "../http-front.ts"
import { type Matched, operationsFixture } from "./operations.ts"

type Schema = Record<string, unknown>
type WebhooksFixture = { webhooks: Record<string, Schema>; definitions: Record<string, unknown> }

const WEBHOOKS = new URL("../../../test/support/github-openapi/webhooks.json", import.meta.url)

/**
 * Formats that GitHub's own answers do not keep to: an absent address is often an empty string, bots' e-mail addresses
 * have brackets (`41898282+github-actions[bot]@users.noreply.github.com`), and `repo.nwo` (`owner/name`) is GitHub's own.
 */
const AS_GITHUB_WRITES = {
  uri: (text: string) => text === "" || /^[a-z][a-z\d+.-]*:\S+$/i.test(text),
  email: /^[^\s@]*@[^\s@]+$/,
  "repo.nwo": /^[^\s/]+\/[^\s/]+$/,
}

/** Compiles schemas of one description on first use: a process needs few of them. */
class Compiler {
  readonly #ajv: Ajv
  readonly #compiled = new Map<unknown, ValidateFunction>()

  constructor(definitions: Record<string, unknown>) {
    this.#ajv = new Ajv({ strict: false, inlineRefs: false })
    formats.default(this.#ajv)
    for (const [name, format] of Object.entries(AS_GITHUB_WRITES)) this.#ajv.addFormat(name, format)
    this.#ajv.addSchema({ $id: "github", definitions })
  }

  /** What is wrong with `value`, or undefined. */
  check(schema: unknown, value: unknown): string | undefined {
    let validate = this.#compiled.get(schema)
    if (!validate) {
      validate = this.#ajv.compile(schema as Schema)
      this.#compiled.set(schema, validate)
    }
    if (validate(value)) return undefined
    return (validate.errors ?? [])
      .slice(0, 4)
      .map(
        (error) =>
          `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)} (${error.schemaPath})`,
      )
      .join("; ")
  }
}

let rest: Compiler | undefined
let hooks: { compiler: Compiler; fixture: WebhooksFixture } | undefined

function restCompiler(): Compiler {
  rest ??= new Compiler(operationsFixture().definitions)
  return rest
}

/** What is wrong with a request by GitHub's description, and by the rules that the description cannot state. */
export function requestProblems(request: PeerRequest, matched: Matched): string[] {
  const { operation, id } = matched
  const problems: string[] = []
  for (const [name, value] of request.query) {
    const schema = operation.query[name]
    if (schema === undefined) problems.push(`${id}: unknown query parameter ${name}`)
    else if (!queryFits(schema, value)) problems.push(`${id}: query parameter ${name} may not be ${value}`)
  }
  const hasBody = request.text !== ""
  const takesFile = id === "repos/upload-release-asset"
  if (hasBody && !operation.body && !takesFile && !["{}", '""'].includes(request.text))
    problems.push(`${id}: takes no body`)
  if (operation.body && (hasBody || operation.bodyRequired)) {
    const wrong = restCompiler().check(operation.body, request.body)
    if (wrong) problems.push(`${id}: body ${wrong}`)
    for (const field of unknownFields(operation.body, request.body, "")) problems.push(`${id}: unknown field ${field}`)
    if (id.startsWith("checks/") && request.body.status === "completed" && request.body.conclusion === undefined) {
      problems.push(`${id}: status completed without a conclusion`)
    }
  }
  return problems
}

/** What is wrong with an answer by GitHub's description. */
export function answerProblems(answer: Answer, matched: Matched): string[] {
  const { operation, id } = matched
  const where = `${id} answered ${answer.status}`
  if (!(answer.status in operation.responses)) {
    // GitHub's description leaves out many errors that any operation may answer with.
    return [401, 403, 404, 409, 410, 422, 429, 500, 502, 503].includes(answer.status)
      ? []
      : [`${where}: GitHub's description knows no such answer`]
  }
  const schema = operation.responses[String(answer.status)]
  if (!schema) return answer.body === undefined || answer.status >= 400 ? [] : [`${where}: has a body, GitHub's none`]
  const wrong = restCompiler().check(schema, answer.body)
  return wrong ? [`${where}: ${wrong}`] : []
}

/** What is wrong with a webhook payload by GitHub's description. */
export function payloadProblems(event: string, payload: Record<string, unknown>): string[] {
  if (!hooks) {
    const fixture = JSON.parse(readFileSync(WEBHOOKS, "utf8")) as WebhooksFixture
    hooks = { fixture, compiler: new Compiler(fixture.definitions) }
  }
  const family = event.replaceAll("_", "-")
  const action = typeof payload.action === "string" ? payload.action.replaceAll("_", "-") : undefined
  const schema = (action && hooks.fixture.webhooks[`${family}-${action}`]) || hooks.fixture.webhooks[family]
  const name = action ? `${event}.${action}` : event
  if (!schema) return [`webhook ${name} is not in the extract of GitHub's description`]
  const wrong = hooks.compiler.check(schema, payload)
  return wrong ? [`webhook ${name}: ${wrong}`] : []
}

function queryFits(schema: unknown, value: string): boolean {
  const { type } = schema as { type?: unknown }
  const candidates: unknown[] = [value]
  if (type === "integer" || type === "number") candidates.push(Number(value))
  if (type === "boolean") candidates.push(value === "true" ? true : value === "false" ? false : value)
  if (type === undefined) candidates.push(Number(value))
  return candidates.some((candidate) => restCompiler().check(schema, candidate) === undefined)
}

/** Fields that no branch of the schema names: GitHub would ignore them silently, so a caller must not send them. */
function unknownFields(schema: unknown, value: unknown, at: string): string[] {
  if (Array.isArray(value)) {
    const items = branches(schema).flatMap((branch) => (branch.items ? [branch.items] : []))
    return items.length === 0 ? [] : value.flatMap((item, i) => unknownFields({ anyOf: items }, item, `${at}[${i}]`))
  }
  if (typeof value !== "object" || value === null) return []
  const all = branches(schema)
  const named: Record<string, unknown[]> = {}
  for (const branch of all) {
    for (const [name, property] of Object.entries((branch.properties as Schema | undefined) ?? {})) {
      named[name] = [...(named[name] ?? []), property]
    }
  }
  // An object of free form (a deployment's payload) names nothing.
  if (Object.keys(named).length === 0) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const known = named[name]
    return known ? unknownFields({ anyOf: known }, field, `${at}.${name}`) : [`${at}.${name}`.slice(1)]
  })
}

function branches(schema: unknown): Schema[] {
  if (typeof schema !== "object" || schema === null) return []
  const node = schema as Schema
  if (typeof node.$ref === "string") {
    return branches(operationsFixture().definitions[node.$ref.split("/").at(-1) ?? ""])
  }
  const nested = ["oneOf", "anyOf", "allOf"].flatMap((key) =>
    Array.isArray(node[key]) ? (node[key] as unknown[]) : [],
  )
  return [node, ...nested.flatMap(branches)]
}
