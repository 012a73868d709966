/**
 * Takes each guard of the attack stories out of a copy of this tree, and runs its stories there: each has to turn red.
 * One that stays green proves nothing, or something else keeps it closed; the exit code is then 1.
 *
 *   npm run test:attacks:mutants [-- TAG…]
 */
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Guard } from "../test/attacks/guard.ts"
import { GUARDS } from "../test/attacks/guards.ts"
import { takeOut } from "../test/attacks/take-out.ts"

const root = join(import.meta.dirname, "..")
const TIME_LIMIT_MS = 300_000

interface Result {
  readonly red: readonly string[]
  /** Why there is no result. */
  readonly broken?: string
}

/** The tree as it stands here, so that what is not committed is tried as well. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "slipway-mutants-"))
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root })
  for (const file of listed.toString().split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file), { force: true, verbatimSymlinks: true })
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
  return copy
}

/** Runs the stories of one guard in the copy. */
function runStories(copy: string, [file, ...titles]: Guard["stories"]): Result {
  const report = join(copy, "mutant.json")
  rmSync(report, { force: true })
  const pattern = titles.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
  const { error } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", file, "-t", pattern, "--reporter=json", `--outputFile=${report}`],
    { cwd: copy, stdio: "ignore", timeout: TIME_LIMIT_MS },
  )
  if (error) return { red: [], broken: error.message }
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: { message: string; assertionResults: { title: string; status: string }[] }[]
  }
  const ran = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== "skipped")
  const all = ran.filter(({ status }) => ["passed", "failed"].includes(status))
  if (all.length === 0) return { red: [], broken: testResults[0]?.message ?? "no story ran" }
  return {
    red: all.filter(({ status }) => status === "failed").map(({ title }) => title),
  }
}

/** What became of one guard; undefined: its stories are green with it, and all red without. */
function whatIsWrong(copy: string, guard: Guard): string | undefined {
  const read = (file: string) => readFileSync(join(copy, file), "utf8")
  const without = takeOut(guard, read)
  if ("because" in without) return without.because
  const originals = [...without.texts.keys()].map((file) => [file, read(file)] as const)
  for (const [file, text] of without.texts) writeFileSync(join(copy, file), text)
  const mutated = runStories(copy, guard.stories)
  for (const [file, text] of originals) writeFileSync(join(copy, file), text)
  if (mutated.broken !== undefined) return `the stories do not run without it: ${mutated.broken}`
  const [, ...titles] = guard.stories
  const green = titles.filter((title) => !mutated.red.some((red) => red.includes(title)))
  return green.length > 0 ? `stays green without it: ${green.join("; ")}` : undefined
}

/** Stories that are red as the tree stands would be red without any guard as well. */
function redAsItStands(copy: string, guards: readonly Guard[]): readonly string[] {
  const files = Map.groupBy(guards, ({ stories: [file] }) => file)
  return [...files].flatMap(([file, of]) => {
    const { red, broken } = runStories(copy, [file, ...of.flatMap(({ stories: [, ...titles] }) => titles)])
    return broken === undefined ? red.map((title) => `${file}: ${title}`) : [`${file}: ${broken}`]
  })
}

const wanted = process.argv.slice(2)
const guards = GUARDS.filter(({ tag }) => wanted.length === 0 || wanted.includes(tag))
const copy = copyTree()
try {
  const red = redAsItStands(copy, guards)
  for (const story of red) console.log(`red as it stands: ${story}`)
  let bad = red.length + (guards.length === 0 ? 1 : 0)
  const width = Math.max(...guards.map(({ tag }) => tag.length), 5)
  console.log(`${"guard".padEnd(width)}  without it  file`)
  for (const guard of guards) {
    const wrong = whatIsWrong(copy, guard)
    if (wrong !== undefined) bad++
    console.log(
      `${guard.tag.padEnd(width)}  ${wrong === undefined ? "red" : "GREEN"}${" ".repeat(wrong === undefined ? 9 : 7)}${guard.file}${wrong === undefined ? "" : `\n  ${wrong}`}`,
    )
  }
  console.log(
    bad === 0 ? `${guards.length} guards, each with a story that turns red` : `${bad} are not as they should be`,
  )
  process.exitCode = bad === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
