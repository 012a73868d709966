import { spawnSync } from "node:child_process"
import { performance } from "node:perf_hooks"
import { readUnreleased, type Unreleased } from "../src/cli/unreleased.ts"
import { buildNotes } from "../src/decide/notes.ts"
import { renderNotes } from "../src/render/notes.ts"

/** One time from git to Markdown, in milliseconds. */
export interface Round {
  /** Plain `git log`, side by side with it, since others may share the machine. */
  readonly git: number
  /** To changes and the version that they ask for. */
  readonly read: number
  /** To Markdown. */
  readonly both: number
  /** Processor time of all threads of the process, git's own left out. */
  readonly cpu: number
}

/** The first rounds pay for compilation; others may share the machine for some of them. */
const ROUNDS = 20

async function round(clone: string, commits: number): Promise<Round> {
  const before = performance.now()
  spawnSync("git", ["log"], { cwd: clone, stdio: "ignore" })
  const [started, used] = [performance.now(), process.cpuUsage()]
  const unreleased = await readUnreleased([], {}, clone)
  const read = performance.now() - started
  const { length } = markdown(unreleased)
  const both = performance.now() - started
  const { user, system } = process.cpuUsage(used)
  if (length < commits) throw new Error(`notes of ${commits} commits cannot be ${length} long`)
  return { git: started - before, read, both, cpu: (user + system) / 1_000 }
}

/** The version is told by what reads the clone. */
function markdown({ changes, next, previous, config, repository }: Unreleased): string {
  const version = next.next ?? "Unreleased"
  return renderNotes(buildNotes({ changes, version, previous, tag: `v${version}`, repository, config }))
}

if (import.meta.filename === process.argv[1]) {
  const [clone = "", commits = "0"] = process.argv.slice(2)
  const rounds: Round[] = []
  while (rounds.length < ROUNDS) rounds.push(await round(clone, Number(commits)))
  process.stdout.write(JSON.stringify(rounds))
}
