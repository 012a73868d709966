import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { importsOf } from "./architecture/imports.ts"
import { badName, MAY_IMPORT, violations } from "./architecture/rules.ts"

const root = join(import.meta.dirname, "..")
const manifest: { dependencies: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const dependencies = Object.keys(manifest.dependencies)
const codeFiles = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root }).map((file) => file.replaceAll("\\", "/"))

test("src keeps the import table, purity and the homes of clients", () => {
  const files = codeFiles("src/**/*.ts")
  expect(files).not.toEqual([])
  expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), "utf8"), dependencies))).toEqual([])
})

test("files are named after what they hold", () => {
  const files = codeFiles("{src,test,demo,bench,scripts,bin}/**/*.{ts,js,cjs,mjs,tsx}")
  expect(files.map(badName).filter((problem) => problem !== undefined)).toEqual([])
})

test("ARCHITECTURE.md shows the same import table", () => {
  const map = readFileSync(join(root, "ARCHITECTURE.md"), "utf8")
  const rows = map.matchAll(/^\| `src\/([a-z.]+)\/?` \|.*\| ([^|]*) \|$/gm)
  const documented = Object.fromEntries(
    [...rows].map(([, room, may = ""]) => [
      room,
      may === "nothing" ? [] : may === "everything" ? may : may.split(", "),
    ]),
  )
  expect(documented).toEqual(MAY_IMPORT)
})

test.each([
  ["a static import", `import { a } from "../store/open.ts"`, "../store/open.ts"],
  ["a type import", `import type { A } from '../../store/open.ts'`, "../../store/open.ts"],
  ["a mixed import over several lines", `import {\n  a,\n  type B,\n} from "./b.ts"`, "./b.ts"],
  ["an import with a comment inside", `import {\n  // why b\n  b,\n  /* and c */ c,\n} from "./b.ts"`, "./b.ts"],
  ["a namespace import", `import * as b from "b"`, "b"],
  ["a side effect", `import "./start.ts"`, "./start.ts"],
  ["a re-export", `export { a } from "./a.ts"`, "./a.ts"],
  ["a re-export of everything", `export * from "./a.ts"`, "./a.ts"],
  ["a dynamic import", `const a = await import("./a.ts")`, "./a.ts"],
  ["a dynamic import with attributes", `await import("./a.json", { with: { type: "json" } })`, "./a.json"],
  ["a type in place", `let a: import("../store/open.ts").Store`, "../store/open.ts"],
  ["a computed import", `await import(\`./\${name}.ts\`)`, undefined],
  ["a computed import of a variable", "await import(name)", undefined],
  ["a CommonJS loader", `createRequire(import.meta.url)`, undefined],
])("finds %s", (_, source, specifier) => {
  expect(importsOf(`const before = 1\n${source}\n`).map((found) => found.specifier)).toEqual([specifier])
})

test.each([
  ["a comment", `// import { a } from "./a.ts"`],
  ["a documentation comment", `/**\n * import { a } from "./a.ts"\n */`],
  ["a documented export", `export interface A {\n  /** taken from "b" */\n  readonly b: string\n}`],
  ["the search for a package's path", "const a = createRequire(import.meta.url).resolve(name)"],
  ["an export of its own", `export const a = "b"`],
  ["a word in a message", `const because = "approved from \\"main\\""`],
])("does not take %s for an import", (_, source) => {
  expect(importsOf(source)).toEqual([])
})

test.each([
  ["a rule that reads the store", "src/decide/soak.ts", `import { a } from "../store/open.ts"`],
  ["its types alone", "src/decide/soak.ts", `import type { A } from "../store/open.ts"`],
  ["a deeper file", "src/decide/gates/soak.ts", `import { a } from "../../peers/slack.ts"`],
  ["a way out of src", "src/engine/run.ts", `import { a } from "../../test/support/a.ts"`],
  ["a demo outside the command", "src/web/page.ts", `import { a } from "../../demo/main.ts"`],
  ["a path without its ending", "src/web/page.ts", `import { a } from "./a"`],
  ["an engine that knows a rule", "src/engine/run.ts", `import { a } from "../decide/soak.ts"`],
  ["a client in a rule", "src/decide/soak.ts", `import { Octokit } from "@octokit/rest"`],
  ["a client outside its room", "src/engine/run.ts", `import { Octokit } from "@octokit/rest"`],
  ["Node in a rule", "src/decide/soak.ts", `import { readFileSync } from "node:fs"`],
  ["hashing outside its file", "src/model/plan.ts", `import { createHash } from "node:crypto"`],
  ["a development dependency", "src/web/page.ts", `import { test } from "vitest"`],
  ["a computed import", "src/engine/run.ts", `await import(name)`],
  ["the present time", "src/decide/soak.ts", "const now = new Date()"],
  ["the present time as a number", "src/decide/soak.ts", "const now = Date.now()"],
  ["the machine's time zone", "src/render/slack.ts", "const hour = date.getHours()"],
  ["randomness", "src/decide/soak.ts", "const a = Math.random()"],
  ["the environment", "src/model/config.ts", "const a = process.env.A"],
  ["a file in no room", "src/orphan.ts", ""],
  ["a folder that is no room", "src/lib/a.ts", ""],
])("refuses %s", (_, file, source) => {
  expect(violations(file, source, dependencies)).toHaveLength(1)
})

test.each([
  ["a rule on the model", "src/decide/soak.ts", `import type { Gate } from "../model/gate.ts"\nnew Date(at.getTime())`],
  ["a neighbour", "src/decide/gates/soak.ts", `import { a } from "../notes.ts"`],
  ["hashing in its file", "src/model/hash.ts", `import { createHash } from "node:crypto"`],
  ["the process", "src/main.ts", `import { a } from "./engine/run.ts"\nprocess.exit(1)`],
  ["the command's demo", "src/cli/demo.ts", `import { a } from "../../demo/main.ts"`],
  ["a comment about the clock", "src/decide/soak.ts", "// never new Date(): now is an argument"],
])("allows %s", (_, file, source) => {
  expect(violations(file, source, dependencies)).toEqual([])
})

test.each([
  ["src/decide/soak.ts", true],
  ["test/decide/soak.test.ts", true],
  ["src/store/migrations/0001-start.ts", true],
  ["scripts/check-node.cjs", true],
  ["src/decide/utils.ts", false],
  ["src/decide/date-helpers.ts", false],
  ["src/engine/lease-manager.ts", false],
  ["src/model/index.ts", false],
  ["src/common/a.ts", false],
  ["src/decide/Soak.ts", false],
  ["src/decide/last_good.ts", false],
])("knows whether %s is a good name: %s", (file, good) => {
  expect(badName(file) === undefined).toBe(good)
})
