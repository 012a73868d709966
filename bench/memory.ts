import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { placeCluster } from "../src/store/placement.ts"

/** In megabytes. */
export interface Sample {
  readonly app: number
  readonly database: number
  readonly processes: number
}

/** What the app and its embedded Postgres hold now. Linux only. */
export function memoryOf(app: number, postmaster: number): Sample {
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

/** The process of the embedded Postgres of a data directory. */
export async function postmasterOf(dataDir: string): Promise<number> {
  const { cluster } = await placeCluster(dataDir)
  return Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0])
}
