import { readFileSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { decide } from "../src/decide/decide.ts"
import { emptyState } from "../src/decide/learn.ts"
import { configSchema } from "../src/model/config.ts"
import { hashOf } from "../src/model/hash.ts"
import { type ProtectionRequest, requestKey } from "../src/model/protection.ts"
import type { Release } from "../src/model/release.ts"
import type { Repository } from "../src/model/repository.ts"
import type { Signal } from "../src/model/signal.ts"
import type { State } from "../src/model/state.ts"
import type { BenchRow } from "./row.ts"
import { type RunningApp, startRunningApp } from "./running-app.ts"

const GATES = 1_000
const REPOSITORIES = 10
const EACH = GATES / REPOSITORIES
/** More than this never wait in one repository: the others are turned away. */
const MOST = 200
const CPU_LIMIT = 0.01
const WAKE_LIMIT_MS = 20
/**
 * What setting up leaves behind is no idleness: the app collects its garbage 5 s after its last work
 * (src/engine/collect-at-rest.ts), V8 once more 8 s later, and the pool closes connections after 10 s (node-postgres,
 * `idleTimeoutMillis`).
 */
const REST_MS = 30_000
const WATCHED_MS = 20_000
const ROUNDS = 100

/** Deployments that wait at an environment for a timer: what they cost while nothing happens, and when something does. */
export async function run(): Promise<readonly BenchRow[]> {
  const wakes = [1, EACH, MOST].map(wake)
  return [...wakes, ...(process.platform === "linux" ? [await idle()] : [])]
}

/** One event of a repository in which so many deployments wait: what it takes to decide on it, without network. */
function wake(waiting: number): BenchRow {
  const state = stateWith(waiting)
  const [first = 0, ...times] = Array.from({ length: ROUNDS }, (_, round) => {
    const now = new Date(Date.parse(AT) + round * 1_000)
    const begun = process.cpuUsage()
    decide({ repo: REPO, state, facts: FACTS, signals: [reported(round, now)], handles: {}, now })
    const { user, system } = process.cpuUsage(begun)
    return (user + system) / 1_000
  }).toSorted((a, b) => b - a)
  const median = times[Math.floor(times.length / 2)] ?? first
  return {
    bench: "gates",
    case: `deciding one wake with ${waiting} open ${waiting === 1 ? "gate" : "gates"} in the repository, CPU time`,
    figure: `${median.toFixed(1)} ms (slowest of ${ROUNDS}: ${first.toFixed(1)} ms)`,
    limit: `< ${WAKE_LIMIT_MS} ms`,
    ok: median < WAKE_LIMIT_MS,
  }
}

const AT = "2026-11-02T09:00:00.000Z"
const SHA = "3".repeat(40)
const REPO: Repository = {
  id: "7",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation: "1",
}
const FACTS = { learned: {}, unknown: [], announcements: { is: "off" as const, because: "nobody asked" } }

const reported = (round: number, now: Date): Signal => {
  const at = now.toISOString()
  const report = { kind: "check", name: "e2e", id: String(500 + round), state: "pending", word: "queued", at } as const
  return { kind: "evidence", sha: SHA, report }
}

/** 1.0.1 is out, and so many runs wait to deploy it to production until it has soaked. */
function stateWith(waiting: number): State {
  const config = configSchema.parse({
    environments: { production: { soak: "20d", checks: ["e2e"], approvals: { required: 2 } } },
  })
  const base = { tag: "v1.0.1", version: "1.0.1", sha: SHA }
  const requests = Array.from({ length: waiting }, (_, index): readonly [string, ProtectionRequest] => {
    const run = String(5_000 + index)
    const asked = { run, environment: "production", deployment: String(9_000 + index), sha: SHA, ref: "main" }
    const request = { ...asked, by: "ben", at: AT, approvals: [], answers: [], told: { times: 0, of: "" } }
    return [requestKey(request), request]
  })
  return {
    ...emptyState,
    lines: {
      main: {
        branch: "main",
        config: { is: "valid", path: ".github/slipway.yml", blob: "b0", value: config },
        plan: { is: "absent" },
        inForce: { config: { value: config, hash: hashOf(config) } },
        ledger: { branch: "main", base, head: SHA, commits: [], pulls: [], heads: [] },
        trusted: [],
      },
    },
    releases: [OUT],
    lastRelease: 1,
    requests: Object.fromEntries(requests),
  }
}

const OUT: Release = {
  id: "1",
  branch: "main",
  component: "",
  tag: "v1.0.1",
  previous: null,
  next: { current: "1.0.0", next: "1.0.1", bump: "patch", because: [] },
  hand: { above: "", below: "" },
  redraws: 0,
  approvals: [],
  answers: [],
  rolledBack: [],
  after: {},
  phase: {
    is: "published",
    candidate: { sha: SHA, version: "1.0.1", at: AT, by: "cleo" },
    at: AT,
    by: "cleo",
    gates: [],
    authors: [{ logins: ["ann"], ids: ["1"], unknown: [] }],
    notes: {
      version: "1.0.1",
      previous: null,
      tag: "v1.0.1",
      repository: "acme/shop",
      breaking: [],
      sections: [],
      contributors: [],
      line: "{title}",
      changes: 0,
    },
  },
}

/** The whole app with a thousand jobs that wait for a timer, while nothing happens. */
async function idle(): Promise<BenchRow> {
  const running = await startRunningApp()
  try {
    await wait(running)
    await delay(REST_MS)
    const before = cpuSeconds(running.app.pid)
    await delay(WATCHED_MS)
    const share = (cpuSeconds(running.app.pid) - before) / (WATCHED_MS / 1_000)
    return {
      bench: "gates",
      case: `CPU of the app, idle, while ${GATES} deployments in ${REPOSITORIES} repositories wait for a timer`,
      figure: `${(share * 100).toFixed(2)} %`,
      limit: `< ${CPU_LIMIT * 100} %`,
      ok: share < CPU_LIMIT,
    }
  } finally {
    await running.close()
  }
}

const CONFIG = `impact: false
approvals: { required: 0 }
publish: { mode: auto }
environments: { production: { soak: 20d } }
`

async function wait({ github, app, quiet }: RunningApp): Promise<void> {
  const repositories = Array.from({ length: REPOSITORIES }, (_, index) => `acme/gates-${index}`)
  github.createUser("ana")
  github.createOrganization("acme", { owners: ["ana"] })
  for (const repo of repositories) {
    const files = { "README.md": "# Gates\n", ".github/slipway.yml": CONFIG }
    await github.createRepository({ owner: "acme", name: repo.slice("acme/".length), by: "ana", files })
    await github.createTag({ repo, by: "ana", name: "v1.0.0", sha: github.world()[repo]?.branches.main ?? "" })
    github.protect(repo, "production")
  }
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  github.installApp("acme")
  for (const repo of repositories) while (github.checkRuns(repo).length === 0) await delay(50)
  for (const repo of repositories)
    await github.pushCommit({ repo, by: "ana", message: "fix: wait", files: { "wait.txt": "Wait.\n" } })
  for (const repo of repositories) while (!github.world()[repo]?.tags["v1.0.1"]) await delay(50)
  await quiet()
  for (const repo of repositories) {
    for (let at = 0; at < EACH; at++)
      github.startDeploying({ repo, by: "ana", ref: "v1.0.1", environment: "production" })
    await quiet()
  }
  const waiting = repositories.flatMap((repo) => github.runsOf(repo).filter(({ status }) => status === "waiting"))
  if (waiting.length !== GATES) throw new Error(`${waiting.length} of ${GATES} deployments wait`)
}

/** Fields 14 and 15 of `/proc/PID/stat`, in ticks of which Linux has 100 a second: man 5 proc_pid_stat. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(")") + 1).split(" ")
  return (Number(user) + Number(system)) / 100
}

if (import.meta.filename === process.argv[1]) console.table(await run())
