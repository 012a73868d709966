import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Ajv2020 } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import { jsonSchemas } from "../../src/config/json-schemas.ts"
import { parseYaml } from "../../src/config/parse-yaml.ts"
import { EXAMPLE } from "./example-plan.ts"

const root = join(import.meta.dirname, "../..")
const folder = join(root, "schemas")

test("the schemas in the repository are current: else run `node scripts/write-schemas.ts`", () => {
  const written = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  )
  expect(written).toEqual(jsonSchemas())
})

const accepts = (name: string, text: string): boolean => {
  const parsed = parseYaml(text)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return new Ajv2020({ strict: true, allowUnionTypes: true }).validate(
    JSON.parse(jsonSchemas()[name] ?? ""),
    parsed.document.value,
  )
}

test.each([
  ["the example plan", "release-plan.schema.json", EXAMPLE, true],
  ["Slipway's plan", "release-plan.schema.json", readFileSync(join(root, ".github/release-plan.yml"), "utf8"), true],
  ["Slipway's configuration", "slipway.schema.json", readFileSync(join(root, ".github/slipway.yml"), "utf8"), true],
  ["short forms", "slipway.schema.json", "branches: [main, { name: x }]\nenvironments: { staging: }", true],
  ["an unknown key", "slipway.schema.json", "aprovals: {}", false],
  ["a word that is not allowed", "release-plan.schema.json", "release: { type: tiny }", false],
])("an editor's view of %s", (_, name, text, valid) => expect(accepts(name, text)).toBe(valid))
