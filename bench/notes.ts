import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { fileURLToPath } from "node:url"
import type { Round } from "./notes-rounds.ts"
import type { BenchRow } from "./row.ts"
import { makeHistory, type Shape } from "./synthetic-history.ts"

/** Of real repositories of this size, 8 of 100 commits bear a tag (test/replay). */
const WHOLE: Shape = { commits: 15_442, tags: 1_220 }
const RANGE: Shape = { commits: 26_798, tags: 0 }
const GROWTH: readonly Shape[] = [
  { commits: 10_000, tags: 1_200 },
  { commits: 50_000, tags: 6_000 },
  { commits: 100_000, tags: 12_000 },
]
const ROUNDS = 3
const TIMES_FASTER = 10
const TIMES_GIT_LOG = 2
const COMMITS_PER_SECOND = 40_000
/** How much more one commit may cost in a history ten times as long. */
const GROWTH_LIMIT = 1.5
const MEMORY_LIMIT_MB = 300
const MEMORY: Shape = { commits: 50_000, tags: 0 }
/** Who takes longer over one history is stopped: it is more than ten times slower by then. */
const PATIENCE_MS = 30_000

/**
 * Version and notes of git repositories, Slipway beside others on the same one in one run: the whole process with all
 * that it takes to start, and in process from git to Markdown. Plain `git log` of the same range is the limit of what
 * can be reached: all of them read what it prints.
 */
export async function run(): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"))
  try {
    return [...whole(folder), ...oneRange(folder), ...(await growth(folder)), memory(folder)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const row = (name: string, figure: string): BenchRow => ({ bench: "notes", case: name, figure })
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString("en")} commits/s`

function whole(folder: string): readonly BenchRow[] {
  const clone = made(folder, WHOLE)
  const title = `whole history, ${WHOLE.commits} commits and ${WHOLE.tags} tags`
  const git = best(() => timed(["git", "log"], clone))
  const slipway = best(() => timed([...SLIPWAY, "notes", "--all"], clone))
  const peers = [
    {
      name: "conventional-changelog",
      took: timed([process.execPath, join(import.meta.dirname, "notes-peer.ts")], clone),
    },
    { name: "git-cliff", took: timedCliff(clone) },
  ]
  return [
    row(`${title}: git log`, seconds(git)),
    row(`${title}: slipway notes --all`, seconds(slipway)),
    ...peers.map(({ name, took }): BenchRow => {
      if (took === null) return row(`${title}: ${name}`, "not installed")
      const times = took / slipway
      return {
        ...row(
          `${title}: ${name}`,
          took < PATIENCE_MS
            ? `${seconds(took)}: Slipway is ${times.toFixed(1)} times faster`
            : `stopped after ${seconds(took)}: Slipway is more than ${times.toFixed(0)} times faster`,
        ),
        limit: `≥ ${TIMES_FASTER} times`,
        ok: times >= TIMES_FASTER,
      }
    }),
  ]
}

function oneRange(folder: string): readonly BenchRow[] {
  const clone = made(folder, RANGE)
  const title = `one range of ${RANGE.commits} commits`
  const whole = Array.from({ length: ROUNDS }, () => timed([...SLIPWAY, "notes"], clone))
  const rounds = inProcess(clone)
  const git = least(rounds.map((it) => it.git))
  const slipway = least(whole)
  const [read, both] = [least(rounds.map((it) => it.read)), least(rounds.map((it) => it.both))]
  const rules = least(rounds.map((it) => it.both - it.read))
  const cpu = least(rounds.map((it) => it.cpu))
  const perSecond = RANGE.commits / (both / 1_000)
  return [
    row(`${title}: git log`, seconds(git)),
    row(`${title}: slipway notes`, `${seconds(slipway)}: ${(slipway / git).toFixed(1)} times git log`),
    {
      ...row(`${title}: in process, git to Markdown`, `${seconds(both)}: ${(both / git).toFixed(1)} times git log`),
      limit: `≤ ${TIMES_GIT_LOG} times`,
      ok: both <= TIMES_GIT_LOG * git,
    },
    {
      ...row(`${title}: in process, git to Markdown`, rate(perSecond)),
      limit: `≥ ${COMMITS_PER_SECOND.toLocaleString("en")} commits/s`,
      ok: perSecond >= COMMITS_PER_SECOND,
    },
    row(`${title}: in process, processor time beside git's own`, seconds(cpu)),
    row(`${title}: in process, git to changes and version`, rate(RANGE.commits / (read / 1_000))),
    row(`${title}: in process, changes to Markdown`, rate(RANGE.commits / (rules / 1_000))),
  ]
}

async function growth(folder: string): Promise<readonly BenchRow[]> {
  const rows: { readonly shape: Shape; readonly notes: number; readonly replayed: number }[] = []
  for (const shape of GROWTH) {
    const clone = made(folder, shape)
    const notes = timed([...SLIPWAY, "notes", "--all"], clone)
    const replayed = timed([...SLIPWAY, "replay"], clone)
    rows.push({ shape, notes, replayed })
    rmSync(clone, { recursive: true, force: true })
  }
  const [first, ...rest] = rows
  const perCommit = ({ shape, notes }: { shape: Shape; notes: number }) => (1_000 * notes) / shape.commits
  return rows.map((it): BenchRow => {
    const { commits, tags } = it.shape
    const figure = `notes --all ${seconds(it.notes)} (${perCommit(it).toFixed(0)} µs a commit), replay ${seconds(it.replayed)}`
    const plain = row(`${commits.toLocaleString("en")} commits, ${tags.toLocaleString("en")} tags`, figure)
    if (!first || !rest.includes(it)) return plain
    const ok = perCommit(it) <= GROWTH_LIMIT * perCommit(first)
    return { ...plain, limit: `≤ ${GROWTH_LIMIT} times a commit's cost`, ok }
  })
}

function memory(folder: string): BenchRow {
  const clone = made(folder, MEMORY)
  const hook = join(import.meta.dirname, "peak-memory.ts")
  const args = ["--import", hook, ...SLIPWAY.slice(1), "notes"]
  const { stderr } = spawnSync(process.execPath, args, { cwd: clone, encoding: "utf8", maxBuffer: 2 ** 30 })
  const peak = Number(/peak (\d+) kB/.exec(stderr)?.[1]) / 1_024
  return {
    ...row(`peak memory of slipway notes on ${MEMORY.commits.toLocaleString("en")} changes`, `${peak.toFixed(0)} MB`),
    limit: `< ${MEMORY_LIMIT_MB} MB`,
    ok: peak < MEMORY_LIMIT_MB,
  }
}

const SLIPWAY = [process.execPath, join(import.meta.dirname, "../bin/slipway.js")]

function made(folder: string, shape: Shape): string {
  const clone = join(folder, `${shape.commits}-${shape.tags}`)
  makeHistory(clone, shape)
  return clone
}

/** A whole process, from its start to its end, in milliseconds; what it prints goes nowhere. */
function timed([command = "", ...args]: readonly string[], cwd: string): number {
  const started = performance.now()
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "ignore", "ignore"],
    timeout: PATIENCE_MS,
  })
  if (error && !("code" in error && error.code === "ETIMEDOUT")) throw error
  if (status !== 0 && !error) throw new Error(`${command} ${args.join(" ")} ended with ${status}`)
  return performance.now() - started
}

/** git-cliff's package is a starter of the program that its platform's package brings; null where there is none. */
function timedCliff(clone: string): number | null {
  const starter = fileURLToPath(import.meta.resolve("git-cliff/cli"))
  const { status } = spawnSync(process.execPath, [starter, "--version"], { stdio: "ignore" })
  return status === 0 ? timed([process.execPath, starter], clone) : null
}

const least = (all: readonly number[]): number => Math.min(...all)
const best = (measure: () => number): number => least(Array.from({ length: ROUNDS }, measure))

/**
 * In a process of its own: this one made the history, and is so large that starting git takes it its time. What is read
 * stays, so a small young generation, as the App is started with, has less to copy, and git waits less for its reader.
 */
function inProcess(clone: string): readonly Round[] {
  const args = ["--max-semi-space-size=4", join(import.meta.dirname, "notes-rounds.ts"), clone, String(RANGE.commits)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 20 }))
}

if (import.meta.filename === process.argv[1]) console.table(await run())
