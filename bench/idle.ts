import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { readHistory } from "../demo/story/history.ts"
import { play } from "../demo/story/play.ts"
import { setStage } from "../demo/story/stage.ts"
import { createTeller } from "../demo/story/teller.ts"
import { placeCluster } from "../src/store/placement.ts"
import type { BenchRow } from "./row.ts"

const LIMIT_MB = 200
/**
 * Long enough that idle connections of the pool are closed, after 10 s (node-postgres, `idleTimeoutMillis`), and that V8 has
 * given back what the app collects at rest (src/engine/collect-at-rest.ts): it waits 8 s for more (v8/src/heap/memory-reducer.h).
 */
const REST_MS = 30_000
const SAMPLES = 5
const CLONE = fileURLToPath(new URL("..", import.meta.url))

/**
 * Memory of the app and its embedded Postgres while they wait, after the whole flow of the demo (releases, a rollback)
 * has gone through them.
 */
export async function run(): Promise<readonly BenchRow[]> {
  if (process.platform !== "linux")
    return [{ bench: "idle", case: "app and database", figure: "can be measured on Linux only" }]
  const history = await readHistory(CLONE)
  // The first start of a clone, or of new code, leaves compiled code behind (bin/compile-cache.js).
  await (await setStage(history)).close(false)
  const stage = await setStage(history)
  try {
    await play(stage, history, createTeller({ write: () => true }, false))
    await delay(REST_MS)
    const { cluster } = await placeCluster(stage.dataDir)
    const postmaster = Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0])
    const samples: Sample[] = []
    for (let at = 0; at < SAMPLES; at++) {
      await delay(500)
      samples.push(measure(stage.app.pid, postmaster))
    }
    const { app, database, processes } = samples.sort((a, b) => a.app - b.app)[Math.floor(SAMPLES / 2)] as Sample
    const total = app + database
    return [
      {
        bench: "idle",
        case: `memory after the demo's flow, at rest: app and its Postgres (${processes} processes)`,
        figure: `${total.toFixed(0)} MB (app ${app.toFixed(0)}, database ${database.toFixed(0)})`,
        limit: `< ${LIMIT_MB} MB`,
        ok: total < LIMIT_MB,
      },
    ]
  } finally {
    await stage.close(false)
  }
}

/** In megabytes. */
interface Sample {
  readonly app: number
  readonly database: number
  readonly processes: number
}

function measure(app: number, postmaster: number): Sample {
  const postgres = treeOf(postmaster)
  const database = postgres.map((pid) => megabytesIfAlive("Pss", pid)).reduce((all, one) => all + one, 0)
  return { app: megabytes("Rss", app), database, processes: postgres.length }
}

/** A process and its children; Postgres' have none of their own. The app starts Postgres, but is not its parent. */
function treeOf(parent: number): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
  return [parent, ...pids.filter((pid) => parentOf(pid) === parent).map(Number)]
}

/** Field 4 of `/proc/PID/stat`, behind a name in brackets that may hold anything: man 5 proc_pid_stat. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])
  } catch {
    return undefined // it ended in the meantime
  }
}

/** An autovacuum worker may end while it is looked at. */
function megabytesIfAlive(what: "Pss", pid: number): number {
  try {
    return megabytes(what, pid)
  } catch (cause) {
    if (["ENOENT", "ESRCH"].includes((cause as NodeJS.ErrnoException).code ?? "")) return 0
    throw cause
  }
}

/**
 * A sum of `/proc/PID/smaps_rollup` (man 5 proc_pid_smaps). `Rss`: all that is resident, as if nobody shared it: the
 * benchmark itself is a Node too, so a share would look too small. `Pss`: each page divided among those who map it, so
 * that what Postgres' processes share is in their sum once.
 */
function megabytes(what: "Rss" | "Pss", pid: number): number {
  const kilobytes = new RegExp(`^${what}:\\s+(\\d+) kB$`, "m").exec(
    readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"),
  )?.[1]
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/smaps_rollup names no ${what}`)
  return Number(kilobytes) / 1_024
}

if (import.meta.filename === process.argv[1]) console.table(await run())
