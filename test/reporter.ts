import { writeSync } from "node:fs"
import type { UserConsoleLog } from "vitest"
import type { Reporter, TestModule } from "vitest/node"
import { leaksIn } from "./secrets/planted.ts"

/** What a run came to: tests by result; whatever failed outside a test is a failure too. */
interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * The run in one line, for people and scripts that read only the last one: `12 passed, 0 failed`, and
 * `, 1 skipped` where any was.
 */
function summary({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
}

/**
 * Counts a finished run. A file that did not load and an error outside every test have no test to fail, and a run that
 * found nothing to run has none at all: each counts as one failure, so that the line never reads better than the exit
 * code. A test that never got a result (its worker died) has failed as well.
 */
function tally(modules: readonly TestModule[], unhandled: number): Tally {
  let [passed, failed, skipped] = [0, unhandled, 0]
  for (const module of modules) {
    let brokenTests = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === "passed") passed++
      else if (state === "skipped") skipped++
      else brokenTests++
    }
    failed += brokenTests === 0 && module.state() === "failed" ? 1 : brokenTests
  }
  if (passed + failed + skipped === 0) failed = 1
  return { passed, failed, skipped }
}

/** Vitest's reporter interface: https://vitest.dev/api/advanced/reporters */
export default class LastLine implements Reporter {
  readonly #leaks = new Set<string>()

  onUserConsoleLog({ content, taskId }: UserConsoleLog): void {
    for (const leak of leaksIn(content)) this.#leaks.add(`${taskId ?? "a file"} prints a secret: ${leak}`)
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const result = tally(modules, unhandled.length + this.#leaks.size)
    for (const leak of this.#leaks) process.stderr.write(`${leak}\n`)
    if (this.#leaks.size > 0) process.exitCode = 1
    // Written at exit, and synchronously: other reporters and vitest's own shutdown print after this hook. What goes wrong
    // in that shutdown, such as a database that keeps a secret, is a failure too.
    process.once("exit", (code) => {
      const failed = code !== 0 && result.failed === 0 ? 1 : result.failed
      writeSync(1, `${summary({ ...result, failed })}\n`)
    })
  }
}
