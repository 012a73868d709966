import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { findBinaries } from "../../src/store/binaries.ts"
import { ensureCluster, ensureRunning, SUPERUSER, stopCluster } from "../../src/store/cluster.ts"
import { placeCluster } from "../../src/store/placement.ts"
import { freePort } from "../engine/databases.ts"

/** A Postgres server that may be killed, and whose app is an ordinary user. */
export interface Database {
  readonly port: number
  /** Its address at that port, or at one that leads there. */
  readonly urlAt: (port: number) => string
  /** As its superuser, by the socket: whatever happens to the port. */
  asAdmin<Row extends pg.QueryResultRow>(query: string): Promise<Row[]>
  /** kill -9 of the postmaster, which its sessions do not survive. */
  kill(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

const APP = "app"

export async function startDatabase(): Promise<Database> {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-faults-"))
  // As the default `./data` of a clone usually is: as root, Postgres runs as somebody else, and must get in.
  chmodSync(dataDir, 0o755)
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(dataDir)
  const port = await freePort()
  await ensureCluster(place, binaries)
  const start = async (): Promise<void> => {
    // What the killed one shared with its sessions is free when the last of them has noticed.
    for (let tries = 0; ; tries++) {
      try {
        return void (await ensureRunning(place, binaries, port))
      } catch (error) {
        if (tries >= 20) throw error
        await delay(200)
      }
    }
  }
  await start()
  const asAdmin = async <Row extends pg.QueryResultRow>(query: string, database = APP): Promise<Row[]> => {
    const client = new pg.Client({ host: place.sockets, port, user: SUPERUSER, database })
    await client.connect()
    try {
      return (await client.query<Row>(query)).rows
    } finally {
      await client.end()
    }
  }
  await asAdmin(`create role ${APP} login`, "postgres")
  await asAdmin(`create database ${APP} owner ${APP}`, "postgres")
  return {
    port,
    urlAt: (at) => `postgres://${APP}@127.0.0.1:${at}/${APP}`,
    asAdmin: (query) => asAdmin(query),
    async kill() {
      const [pid = ""] = readFileSync(join(place.cluster, "postmaster.pid"), "utf8").split("\n")
      process.kill(Number(pid), "SIGKILL")
      while (isThere(Number(pid))) await delay(20)
    },
    stop: async () => await stopCluster(place, binaries),
    start,
    async close() {
      await stopCluster(place, binaries)
      for (const folder of [dataDir, place.cluster, place.sockets]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
