import { readFileSync } from "node:fs"
import { join } from "node:path"
import { load } from "js-yaml"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

interface Manifest {
  readonly name: string
  readonly description: string
  readonly public: boolean
  readonly default_permissions: Readonly<Record<string, string>>
  readonly default_events: readonly string[]
}
const manifest = load(read("app.yml")) as Manifest

/** https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters */
function registrationQuery({ name, description, default_permissions, default_events }: Manifest): string {
  const query = new URLSearchParams({
    name,
    description,
    public: "false",
    webhook_active: "true",
    ...default_permissions,
  })
  for (const event of default_events) query.append("events[]", event)
  return query.toString().replaceAll("%5B%5D", "[]")
}

test("the registration links of docs/installing.md ask for what app.yml says", () => {
  const links = read("docs/installing.md").match(/^https:\/\/github\.com\/\S+\?\S+$/gm) ?? []
  expect(links.map((link) => link.slice(link.indexOf("?") + 1))).toEqual(Array(2).fill(registrationQuery(manifest)))
})

test("docs/installing.md says of each permission what it is for", () => {
  const described = [...read("docs/installing.md").matchAll(/^\| (`[a-z_]+: (?:read|write)`[^|]*) \|/gm)].flatMap(
    ([, cell = ""]) => [...cell.matchAll(/`([a-z_]+: [a-z]+)`/g)].map(([, permission]) => permission),
  )
  const asked = Object.entries(manifest.default_permissions).map(([name, level]) => `${name}: ${level}`)
  expect(described.sort()).toEqual(asked.sort())
})

// GitHub sends these two to every App, and refuses a manifest that names them.
const UNASKED = ["installation", "installation_repositories"]

test("the App hears exactly the events that src/app.ts listens to", () => {
  const names = [...read("src/app.ts").matchAll(/["']([a-z_]+)(?:\.[a-z_]+)?["']/g)].map(([, name]) => name ?? "")
  const examples: readonly { name: string }[] = JSON.parse(
    read("node_modules/@octokit/webhooks-examples/api.github.com/index.json"),
  )
  // GitHub publishes no example of it.
  const known = [...examples, { name: "deployment_protection_rule" }]
  const listened = new Set(names.filter((name) => known.some((event) => event.name === name)))
  expect([...listened].sort()).toEqual([...manifest.default_events, ...UNASKED].sort())
})

test("the App is private and asks for nothing twice", () => {
  expect(manifest.public).toBe(false)
  expect(new Set(manifest.default_events).size).toBe(manifest.default_events.length)
})
