import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { ConventionalChangelog } from "conventional-changelog"
import createPreset from "conventional-changelog-conventionalcommits"
import { readUnreleased, type Unreleased } from "../src/cli/unreleased.ts"
import { buildNotes } from "../src/decide/notes.ts"
import { nextVersion } from "../src/decide/version.ts"
import { renderNotes } from "../src/render/notes.ts"
import type { BenchRow } from "./row.ts"

const COMMITS = 10_000
const ROUNDS = 5
const CLI_COMMITS = 1_000
const CLI_LIMIT_MS = 1_000

/**
 * Version and notes of 10,000 commits of a real git repository: Slipway's rules alone, Slipway from git to Markdown,
 * and conventional-changelog from git to Markdown, in one run on one machine; and what `slipway next` takes as a
 * command, start-up included.
 */
export async function run(): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), "slipway-bench-"))
  try {
    makeHistory(directory, COMMITS)
    const unreleased = await read(directory)
    const rules = await perSecond(() => Promise.resolve(markdown(unreleased)))
    const slipway = await perSecond(async () => markdown(await read(directory)))
    const peer = await perSecond(() => conventionalChangelog(directory))
    const command = commandTime(directory)
    return [
      row("rules alone, commits read before", `${rate(rules)} commits/s`),
      row("git to Markdown, Slipway", `${rate(slipway)} commits/s`),
      row("git to Markdown, conventional-changelog", `${rate(peer)} commits/s`),
      {
        ...row(
          `\`slipway next\` on ${CLI_COMMITS} of ${COMMITS} commits, start-up included`,
          `${command.toFixed(0)} ms`,
        ),
        limit: `< ${CLI_LIMIT_MS} ms`,
        ok: command < CLI_LIMIT_MS,
      },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const row = (name: string, figure: string): BenchRow => ({ bench: "notes", case: name, figure })

const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString("en")

const read = (directory: string): Promise<Unreleased> => readUnreleased([], {}, directory)

function markdown({ changes, current, previous, config, repository }: Unreleased): string {
  const { next } = nextVersion({ changes, current, config })
  const version = next ?? "Unreleased"
  return renderNotes(buildNotes({ changes, version, previous, tag: `v${version}`, repository, config }))
}

async function conventionalChangelog(directory: string): Promise<string> {
  const changelog = new ConventionalChangelog(directory)
  changelog.config(createPreset()).readRepository().context({ version: "2.0.0" })
  let text = ""
  for await (const chunk of changelog.write()) text += chunk
  return text
}

/** The best of some rounds: the first ones pay for compilation, and others share the machine. */
async function perSecond(work: () => Promise<string>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now()
    const text = await work()
    best = Math.min(best, performance.now() - started)
    if (text.length < COMMITS) throw new Error(`notes of ${COMMITS} commits cannot be ${text.length} characters long`)
  }
  return COMMITS / (best / 1_000)
}

/** The middle of some runs of the real command, in milliseconds. */
function commandTime(directory: string): number {
  const main = join(import.meta.dirname, "../src/cli/main.ts")
  const args = [main, "next", "--json", "--from", `HEAD~${CLI_COMMITS}`]
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" })
    if (status !== 0) throw new Error(`slipway next failed: ${stderr}`)
    return performance.now() - started
  })
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
}

const KINDS = ["feat(api): ", "fix: ", "chore(deps): ", "docs: ", "refactor(core): ", "perf: ", "Merge ", ""]
const BODY =
  "This explains why the change was made, over a line or two, as people do.\n\n- first\n- second\n\nRefs: #1\n"

/** A line of commits by `git fast-import`: messages of each kind, most with a body, some with a breaking footer. */
function makeHistory(directory: string, count: number): void {
  execFileSync("git", ["init", "-q", "-b", "main", directory])
  const commits = Array.from({ length: count + 1 }, (_, index) => {
    const kind = KINDS[index % KINDS.length] ?? ""
    const footer = index % 500 === 7 ? "\nBREAKING CHANGE: something else has to be called\n" : ""
    const message = Buffer.from(
      `${kind}change number ${index} of the thing (#${index})\n\n${index % 3 ? BODY : ""}${footer}`,
    )
    const who = `Lea <12+lea@users.noreply.github.com> ${1_700_000_000 + index} +0000`
    return `commit refs/heads/main\ncommitter ${who}\ndata ${message.length}\n${message}\n`
  })
  const [first, ...rest] = commits
  const release = "reset refs/tags/v1.0.0\nfrom refs/heads/main\n\n"
  const input = `${first}${release}${rest.join("")}`
  execFileSync("git", ["-C", directory, "remote", "add", "origin", "https://github.com/acme/app.git"])
  execFileSync("git", ["-C", directory, "fast-import", "--quiet"], { input })
}

if (import.meta.filename === process.argv[1]) console.table(await run())
