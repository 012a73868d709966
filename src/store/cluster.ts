import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { chown, mkdir, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Binaries } from "./binaries.ts"
import type { Placement } from "./placement.ts"
import { runCommand } from "./run-command.ts"
import { StoreError } from "./store-error.ts"

/** Where a running postmaster listens. */
export interface Listening {
  readonly sockets: string
  readonly port: number
}

const READY_WITHIN_MS = 60_000

/** The superuser of our own cluster; only whoever may enter the socket folder can become it. */
export const SUPERUSER = "slipway"

/**
 * Modest in memory (app and database together idle under 200 MB), unchanged in durability: fsync, full_page_writes
 * and synchronous_commit keep Postgres' own defaults, which are on.
 */
const SETTINGS: readonly string[] = [
  "max_connections=50",
  "shared_buffers=12MB",
  "max_wal_size=256MB",
  "max_parallel_workers_per_gather=0",
  "max_worker_processes=2",
  "max_logical_replication_workers=0",
  "jit=off",
  "huge_pages=off",
  "io_method=sync",
  "log_checkpoints=off",
  "log_timezone=UTC",
  "timezone=UTC",
  "max_prepared_transactions=0",
  "wal_level=minimal",
  "max_wal_senders=0",
]

/**
 * Makes the cluster if there is none. It is made beside its place and renamed into it, so a crash leaves none half
 * made, and of two processes that start together one wins and the other uses what it made.
 */
export async function ensureCluster(place: Placement, binaries: Binaries): Promise<void> {
  if (existsSync(join(place.cluster, "PG_VERSION"))) return await refuseOtherVersion(place, binaries)
  const draft = `${place.cluster}.${randomBytes(6).toString("hex")}`
  await mkdir(draft, { mode: 0o700 })
  try {
    if (place.runAs) await chown(draft, place.runAs.uid, place.runAs.gid)
    const { code, output } = await runCommand(
      binaries.initdb,
      ["-D", draft, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-locale"],
      place.runAs,
    )
    if (code !== 0) throw new StoreError("broken", `initdb could not make a database in ${place.cluster}:\n${output}`)
    await rename(draft, place.cluster).catch((cause: unknown) => {
      if (!existsSync(join(place.cluster, "PG_VERSION"))) throw cause
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function refuseOtherVersion(place: Placement, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(place.cluster, "PG_VERSION"), "utf8")).trim()
  const ours = binaries.version.split(".")[0]
  if (found === ours) return
  throw new StoreError(
    "foreign-data",
    `The database in ${place.cluster} was made by Postgres ${found}; this Slipway brings Postgres ${ours}. Dump it with the Slipway that made it and load it into a server named by DATABASE_URL, or set SLIPWAY_DATA_DIR to a new folder.`,
  )
}

/**
 * Starts the postmaster, or finds the one that survived a `kill -9` of the app (it is a daemon of its own).
 *
 * @param tcpPort listens on 127.0.0.1 as well; tests use it for "a Postgres server"
 */
export async function ensureRunning(place: Placement, binaries: Binaries, tcpPort?: number): Promise<Listening> {
  if (await isAlive(place, binaries)) {
    const found = await whenReady(place)
    if (found) return found
  }
  const log = join(place.cluster, "server.log")
  const tcp = tcpPort === undefined ? "-c listen_addresses=" : `-c listen_addresses=127.0.0.1 -c port=${tcpPort}`
  const options = [tcp, `-c unix_socket_directories=${place.sockets}`, ...SETTINGS.map((setting) => `-c ${setting}`)]
  const { code, output } = await runCommand(
    binaries.pgCtl,
    ["start", "-D", place.cluster, "-w", "-t", "60", "-s", "-l", log, "-o", options.join(" ")],
    place.runAs,
  )
  // Not zero also when another process was quicker: then its postmaster is as good.
  if (code === 0 || (await isAlive(place, binaries))) {
    const running = await whenReady(place)
    if (running) return running
  }
  const tail = await readFile(log, "utf8").then(
    (text) => text.slice(-2000),
    () => "",
  )
  throw new StoreError("broken", `The embedded Postgres in ${place.cluster} does not start:\n${output}\n${tail}`.trim())
}

/** A fast stop: open transactions are rolled back, everything committed is on disk. */
export async function stopCluster(place: Placement, binaries: Binaries): Promise<void> {
  const { code, output } = await runCommand(
    binaries.pgCtl,
    ["stop", "-D", place.cluster, "-m", "fast", "-w", "-t", "30"],
    place.runAs,
  )
  if (code !== 0 && (await isAlive(place, binaries))) {
    throw new StoreError("broken", `The embedded Postgres in ${place.cluster} does not stop:\n${output}`)
  }
}

/** `pg_ctl status` looks whether the process named in postmaster.pid is alive, so a stale file does not deceive. */
async function isAlive(place: Placement, binaries: Binaries): Promise<boolean> {
  return (await runCommand(binaries.pgCtl, ["status", "-D", place.cluster], place.runAs)).code === 0
}

/**
 * Waits until a living postmaster takes connections (recovery after a power cut may take a while).
 * Line 4 of its file is the port, line 5 the socket folder, line 8 its state:
 * https://www.postgresql.org/docs/current/storage-file-layout.html, src/include/utils/pidfile.h
 */
async function whenReady(place: Placement): Promise<Listening | undefined> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 50) {
    const text = await readFile(join(place.cluster, "postmaster.pid"), "utf8").catch(() => "")
    const [, , , port, sockets, , , state] = text.split("\n")
    if (port && sockets && state?.trim() === "ready") return { port: Number(port), sockets }
    if (text === "") return undefined
    await delay(50)
  }
  return undefined
}
