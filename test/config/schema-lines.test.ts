import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "../..")
const schemaOf = (text: string): string | undefined => /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1]

test.each([
  [".github/slipway.yml", "slipway.schema.json"],
  [".github/release-plan.yml", "release-plan.schema.json"],
])("%s names its schema in its first line, and the schema is there", (file, schema) => {
  const text = readFileSync(join(root, file), "utf8")
  const named = schemaOf(text.split("\n")[0] ?? "")
  expect(named).toMatch(new RegExp(`/${schema}$`))
  expect(existsSync(join(root, dirname(file), named ?? ""))).toBe(true)
})

test("the repository of the demo names it as well", () => {
  expect(schemaOf(readFileSync(join(root, "demo/story/stage.ts"), "utf8").replaceAll("`", "\n"))).toMatch(
    /slipway\.schema\.json$/,
  )
})

test("whole examples of the documentation name theirs", () => {
  const text = readFileSync(join(root, "docs/configuration.md"), "utf8")
  const [, plan = ""] = text.split("## `release-plan.yml`")
  expect(schemaOf(plan)).toMatch(/release-plan\.schema\.json$/)
  expect(schemaOf(text)).toMatch(/slipway\.schema\.json$/)
})
