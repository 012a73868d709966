import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { Ajv } from "ajv"
import formats from "ajv-formats"

// biome-ignore lint/suspicious/noExplicitAny: tests take apart and forge what GitHub may send
type Payload = Record<string, any>

const require = createRequire(import.meta.url)
const EXAMPLES: { name: string; examples: Payload[] }[] = require("@octokit/webhooks-examples")

const INSTALLATION = { id: 77, node_id: "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNzc=" }

export const REPO = {
  id: "186853002",
  owner: "Codertocat",
  name: "Hello-World",
  defaultBranch: "master",
  private: false,
  installation: "77",
}

/** Every example of an event that GitHub publishes, as the App would get it: with its installation. */
export function examplesOf(event: string): Payload[] {
  const found = EXAMPLES.find(({ name }) => name === event)?.examples ?? []
  return found.map((example) => ({ installation: INSTALLATION, ...structuredClone(example) }) as Payload)
}

/** The first published example of an action, in our repository, with `changes` merged in at any depth. */
export function example(event: string, action: string | undefined, changes: object = {}): Payload {
  const found = examplesOf(event).find((payload) => action === undefined || payload.action === action)
  if (!found) throw new Error(`no example of ${event}.${action}`)
  if (event.startsWith("installation")) return merge(found, changes)
  const { id, owner, name, defaultBranch } = REPO
  const repository = { id: Number(id), name, owner: { login: owner }, default_branch: defaultBranch, private: false }
  return merge(merge(found, { installation: INSTALLATION, repository }), changes)
}

/** A copy without the field that `path` names. */
export function without(payload: Payload, path: string): Payload {
  const copy = structuredClone(payload)
  const keys = path.split(".")
  const last = keys.pop() ?? ""
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy)
  if (!Object.hasOwn(parent, last)) throw new Error(`the payload has no ${path} to take away`)
  delete parent[last]
  return copy
}

function merge(base: unknown, changes: unknown): Payload {
  if (!isObject(base) || !isObject(changes)) return changes as Payload
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(changes)) merged[key] = merge(base[key], value)
  return merged as Payload
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What GitHub's own description of the event finds wrong with a payload. */
export function schemaProblems(event: string, payload: Payload): string[] {
  const action = payload.action
  const name = [event, action].filter(Boolean).join("-").replaceAll("_", "-")
  const described = JSON.parse(
    readFileSync(new URL("../support/github-openapi/webhooks.json", import.meta.url), "utf8"),
  )
  const schema = described.webhooks[name]
  if (!schema) return [`GitHub describes no webhook ${name}`]
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema({ $id: "github", definitions: described.definitions })
  const validate = ajv.compile(schema)
  return validate(payload) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`)
}
