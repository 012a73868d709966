import { globSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"

/** What text from outside could become a command of. */
const sources = globSync("{src,bin,gate}/**/*.{ts,js}").map((file) => ({ file, text: readFileSync(file, "utf8") }))
const lines = sources.flatMap(({ file, text }) =>
  text.split("\n").map((line, at) => ({ where: `${file}:${at + 1}`, line })),
)
const found = (pattern: RegExp) =>
  lines.filter(({ line }) => pattern.test(line)).map(({ where, line }) => `${where} ${line.trim()}`)

test("nothing is given to a shell", () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(found(/\bshell:\s*(?!false)/)).toEqual([])
  expect(found(/import\b.*\b(?:exec|execSync)\b.*node:child_process|\bexecSync\(/)).toEqual([])
  // That this would see one.
  expect(found(/\b(?:spawn|execFile)(?:Sync)?\(/).length).toBeGreaterThan(0)
})

/** Constants of our own, as they stand there. */
const KNOWN: readonly RegExp[] = [
  /^src\/store\/migrations\//,
  /^src\/store\/backup\.ts:\d+ .*\$\{sql\.raw\(String\(PAGE\)\)\} from backup`/,
  /^src\/engine\/collect-at-rest\.ts:\d+ import \{ runInNewContext \} from "node:vm"$/,
]
const unknown = (all: readonly string[]) => all.filter((one) => !KNOWN.some((known) => known.test(one)))

test("nothing that was read is run as code", () => {
  expect(unknown(found(/\beval\(|\bnew Function\(|node:vm\b|\bimport\((?!["'`]\.|["']|[a-z])/))).toEqual([])
})

test("no statement of SQL is put together from texts", () => {
  // What stands in a template of `sql` is a parameter; `raw`, `lit` and a query by text are not. Migrations hold constants.
  const put = found(/\bsql\.(?:raw|lit)\b|\.query\(\s*`[^`]*\$\{/)
  expect(unknown(put)).toEqual([])
  expect(found(/\bsql`/).length + found(/\bsql<.*>`/).length).toBeGreaterThan(20)
})
