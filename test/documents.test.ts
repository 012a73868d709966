import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path/posix"
import { expect, test } from "vitest"
import { z } from "zod"
import type { Command } from "../src/cli/command.ts"
import { readConfig } from "../src/config/read-config.ts"
import { readOrganisation } from "../src/config/read-organisation.ts"
import { readPlan } from "../src/config/read-plan.ts"
import { configSchema } from "../src/model/config.ts"
import { tableOf } from "./tables.ts"

const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")
const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" }).trim().split("\n")

/** The tests that a cell names, as [`test/x.test.ts`](…): “title”, “title”. */
const testsIn = (cell: string): readonly (readonly [file: string, title: string])[] =>
  [...cell.matchAll(/\[`(test\/[^`]+)`\]\(\.\.\/([^)]+)\):((?:,? “[^”]+”)+)/g)].flatMap(
    ([, file = "", link = "", titles = ""]) => [
      [link, file] as const,
      ...[...titles.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => [file, title] as const),
    ],
  )

/** Whether a file has a test of this title, or a table with a case of this name. */
const holds = (file: string, title: string): boolean => {
  const quoted = JSON.stringify(title).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return existsSync(join(root, file)) && new RegExp(`(?:\\btest\\(|\\)\\(|\\[)\\s*${quoted}`).test(read(file))
}

test("every row of the comparison has tests, and each of them exists", () => {
  const page = read("docs/comparison.md")
  const rows = tableOf(page, "", "Slipway", "RD")
  const shown = tableOf(page, "row", "test", "know")
  expect(rows.length).toBeGreaterThanOrEqual(18)
  expect(rows.filter((cells) => cells.length !== 10)).toEqual([])
  expect(shown.map(([name]) => name)).toEqual(rows.map(([name]) => name))

  const named = [...shown, ...tableOf(page, "asked for", "test")].map(([name, cell = ""]) => ({
    name,
    tests: testsIn(cell),
  }))
  expect(named.filter(({ tests }) => tests.length === 0)).toEqual([])
  const missing = named
    .flatMap(({ tests }) => tests)
    .filter(([file, title]) => (title.startsWith("test/") ? file !== title : !holds(file, title)))
  expect(missing).toEqual([])
})

test("every promise has tests, and each of them exists", () => {
  const sections = read("docs/guarantees.md")
    .split(/^(?=## )/m)
    .filter((section) => section.includes("| promise | test |"))
  const promises = sections.flatMap((section) => tableOf(section, "promise", "test"))
  expect(promises.length).toBeGreaterThanOrEqual(20)
  const named = promises.map(([promise, cell = ""]) => ({ promise, tests: testsIn(cell) }))
  expect(named.filter(({ tests }) => tests.length < 2)).toEqual([])
  const missing = named
    .flatMap(({ tests }) => tests)
    .filter(([file, title]) => (title.startsWith("test/") ? file !== title : !holds(file, title)))
  expect(missing).toEqual([])
})

test("every effect says how it is known afterwards, with tests that exist", () => {
  const rows = tableOf(read("docs/effects.md"), "effect", "known afterwards by")
  const kinds = [...read("src/act/act.ts").matchAll(/case "([a-z-]+)":\n +return (?:on[A-Z]|call)/g)].map(
    ([, kind]) => kind,
  )
  expect(kinds.length).toBeGreaterThan(20)
  expect(rows.map(([kind]) => kind?.replaceAll("`", "")).toSorted()).toEqual(kinds.toSorted())
  const named = rows.flatMap((cells) => testsIn(cells.at(-1) ?? ""))
  expect(rows.filter((cells) => testsIn(cells.at(-1) ?? "").length < 2)).toEqual([])
  expect(named.filter(([file, title]) => (title.startsWith("test/") ? file !== title : !holds(file, title)))).toEqual(
    [],
  )
})

test("every threat has a test that exists, and no boundary is without one", () => {
  const page = read("docs/threat-model.md")
  const threats = tableOf(page, "boundary", "threat")
  expect(threats.length).toBeGreaterThanOrEqual(25)
  expect(threats.filter((cells) => cells.length !== 4)).toEqual([])
  const boundaries = tableOf(page, "boundary", "on this side").map(([name]) => name)
  expect(new Set(threats.map(([boundary]) => boundary))).toEqual(new Set(boundaries))
  const named = threats.map(([, threat, , cell = ""]) => ({ threat, tests: testsIn(cell) }))
  expect(named.filter(({ tests }) => tests.length < 2)).toEqual([])
  const missing = named
    .flatMap(({ tests }) => tests)
    .filter(([file, title]) => (title.startsWith("test/") ? file !== title : !holds(file, title)))
  expect(missing).toEqual([])
})

test("the README's comparison says what the page says", () => {
  const long = tableOf(read("docs/comparison.md"), "", "Slipway", "RD").map((cells) =>
    cells.map((cell) => cell.split(" ")[0]),
  )
  const short = tableOf(read("README.md"), "", "Slipway", "RD").map((cells) => cells.map((cell) => cell.split(" ")[0]))
  expect(short).toEqual(long)
})

/** Every key that a file can have, as a path without the names that people choose; keys of a list's entries included. */
function keysOf(schema: JsonSchema, path: readonly string[] = []): readonly string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, of]) => [
    [...path, key].join("."),
    ...keysOf(of, [...path, key]),
  ])
  const inner = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])].filter(
    (of) => typeof of === "object",
  )
  return [...own, ...inner.flatMap((of) => keysOf(of, path))]
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
}

test("each key of slipway.yml is described, inner ones in the section of the outermost", () => {
  const page = `${read("docs/configuration.md")}\n${read("docs/components.md")}\n${read("docs/after-publishing.md")}`
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema
  const keys = keysOf(schema)
  expect(keys).toContain("changes.when.path")
  expect(keys).toContain("components.tag")
  const sections = page.split(/^(?=###? )/m)
  const undescribed = keys.filter((key) => {
    // Those of a hotfix are the same as those of an environment.
    const [outer = "", ...inner] = key.replace(/^hotfix\.(?=environments\.)/, "").split(".")
    const here = sections.filter((section) => new RegExp(`\\b${outer}\\b`).test(section)).join("\n")
    const last = inner.at(-1) ?? outer
    return !new RegExp(`\`[^\`\\n]*\\b${last}\\b[^\`\\n]*\``).test(here)
  })
  expect(undescribed).toEqual([])
})

test("the page of the command has every option that its help has, in the command's own section", async () => {
  const sections = read("docs/slipway-command.md").split(/^(?=## )/m)
  const files = [
    "next",
    "notes",
    "replay",
    "init",
    "plan",
    "dry-run",
    "start",
    "demo",
    "doctor",
    "audit",
    "rollback",
    "outbox",
    "backup",
    "restore",
  ]
  const undescribed = files.map(async (name) => {
    const { help } = Object.values((await import(`../src/cli/${name}.ts`)) as object).find(isCommand) ?? { help: "" }
    const here = sections.filter((section) => section.split("\n", 1)[0]?.includes(`slipway ${name}`)).join("\n")
    const options = new Set(help.match(/--[a-z][a-z-]*/g))
    // The options of notes are those of next, which is said there.
    const there = name === "notes" ? sections.join("\n") : here
    return [
      ...(here === "" || help === "" ? [name] : []),
      ...[...options].filter((option) => !there.includes(option)).map((option) => `${name} ${option}`),
    ]
  })
  expect((await Promise.all(undescribed)).flat()).toEqual([])
})

const isCommand = (value: unknown): value is Command => value instanceof Object && "help" in value && "run" in value

test("the page on operating names every metric, and no other", () => {
  const files = ["metrics", "depth-gauges", "github-budget"].map((name) => read(`src/telemetry/${name}.ts`))
  const metrics = new Set(files.flatMap((file) => [...file.matchAll(/"(slipway_[a-z_]+)"/g)].map(([, name]) => name)))
  const table = tableOf(read("docs/operating.md"), "metric", "look when").map(([cell = ""]) => cell.match(/\w+/)?.[0])
  expect(table.sort()).toEqual([...metrics].sort())
})

test("every YAML example of a configuration or a plan is valid", () => {
  const examples = pages.flatMap((page) =>
    [...read(page).matchAll(/^ *```yaml\n([\s\S]*?)```/gm)].map(([, yaml = ""]) => ({ page, yaml })),
  )
  const judged = examples
    // Workflows are GitHub's to judge, and the file of accounts is no repository's.
    .filter(({ yaml }) => !/^(?:on|jobs):|^ +slack: \{ token:/m.test(yaml))
    .map(({ page, yaml }) => ({
      page,
      yaml,
      result: readExample(yaml),
    }))
  expect(judged.length).toBeGreaterThan(10)
  expect(judged.filter(({ result }) => !result.ok)).toEqual([])
})

function readExample(yaml: string): { readonly ok: boolean } {
  if (/^release:/m.test(yaml)) return readPlan(yaml, "release-plan.yml")
  return yaml.startsWith("# slipway.yml of ")
    ? readOrganisation(yaml, "slipway.yml")
    : readConfig(yaml, ".github/slipway.yml")
}

/** GitHub's name of a heading: https://docs.github.com/en/get-started/writing-on-github (Section links). */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-")

test("no link leads nowhere", () => {
  const anchors = (file: string) => [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading))
  const dead = pages.flatMap((page) => {
    const text = read(page).replaceAll(/```[\s\S]*?```/g, "")
    return [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, to = "", part]) => {
        const file = to === "" ? page : normalize(join(dirname(page), to))
        if (!existsSync(join(root, file))) return [`${page}: ${link}`]
        return part !== undefined && !anchors(file).includes(part) ? [`${page}: ${link}`] : []
      },
    )
  })
  expect(dead).toEqual([])
})
