import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { expect, test } from "vitest"

const fixture = join(import.meta.dirname, "fixtures/reporter")
const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs")

/** Runs the fixture's files whose name contains `filter` in a vitest of its own, as `npm test` does. */
function run(filter: string): { lastLine: string | undefined; status: number | null } {
  const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "reporter.ts")}`]
  const args = [vitest, "run", filter, "--root", fixture, ...reporters]
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8" })
  return { lastLine: stdout.trimEnd().split("\n").at(-1), status }
}

test.each([
  ["tests by result, a file that does not load, an error outside tests", "spec", "3 passed, 4 failed, 1 skipped", 1],
  ["a secret that a test prints as a failure", "leak", "1 passed, 1 failed", 1],
  ["a run without any test as a failure", "no-such-file", "0 passed, 1 failed", 1],
])("the last line counts %s", (_, filter, lastLine, status) => {
  expect(run(filter)).toEqual({ lastLine, status })
})
