import { rmdir } from "node:fs/promises"
import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { findBinaries } from "./binaries.ts"
import { ensureCluster, ensureRunning, SUPERUSER, stopCluster } from "./cluster.ts"
import { placeCluster } from "./placement.ts"
import { StoreError } from "./store-error.ts"

/** A running Postgres that belongs to this process alone. */
export interface Embedded {
  readonly connection: pg.PoolConfig
  stop(): Promise<void>
}

/** Any fixed number: names the advisory lock "a Slipway process works on this cluster". */
const APP_LOCK = "7310845"
const PATIENCE_MS = 3_000
/** A postmaster that died is started again so many times in a row, each time after a longer pause: half a minute in all. */
const RESTARTS = 8
const RESTART_PAUSE_MS = 1_000

/**
 * Starts the real Postgres that npm has brought, on a unix socket, in (or, as root, for) `dataDir`.
 * A postmaster that survived a `kill -9` of the app is taken over.
 *
 * A postmaster that dies under the living app (out of memory, a person) is started again. Until then every query
 * fails, webhooks are answered 503 and `/readyz` says so; nothing that was answered before is lost. If it does not come
 * back, the log says that too, and `/readyz` goes on failing: whoever supervises the process restarts it.
 *
 * @throws StoreError if another living process uses the data directory, or where no embedded Postgres runs
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  log?: (message: string) => void
  /** How long a process that was killed may take to vanish from Postgres' view before we call it alive. */
  patienceMs?: number
}): Promise<Embedded> {
  const binaries = await findBinaries(process.getuid?.() === 0)
  const place = await placeCluster(options.dataDir)
  if (place.outside) options.log?.(`the database lies in ${place.cluster}`)
  await ensureCluster(place, binaries)
  const { sockets, port } = await ensureRunning(place, binaries)
  const connection = { host: sockets, port, user: SUPERUSER, database: "postgres" }
  const session = await keepSession({
    hold: () => holdAppLock(connection, options.dataDir, options.patienceMs ?? PATIENCE_MS),
    revive: async () => void (await ensureRunning(place, binaries)),
    log: options.log ?? (() => undefined),
  })
  return {
    connection,
    async stop() {
      const lock = await session.leave()
      await stopCluster(place, binaries)
      await lock.end().catch(() => undefined)
      await rmdir(place.sockets).catch(() => undefined) // empty now; not ours alone if it is not
    },
  }
}

/**
 * The Postgres of a data directory for somebody who only looks in: that of the Slipway which runs there, beside it, or
 * one that runs for as long as they look. A Slipway that starts meanwhile waits some seconds for them to leave.
 *
 * @throws StoreError where no embedded Postgres runs
 */
export async function visitEmbeddedPostgres(dataDir: string): Promise<Embedded> {
  try {
    return await startEmbeddedPostgres({ dataDir, patienceMs: 0 })
  } catch (error) {
    if (!(error instanceof StoreError && error.problem === "in-use")) throw error
  }
  const place = await placeCluster(dataDir)
  const { sockets, port } = await ensureRunning(place, await findBinaries(process.getuid?.() === 0))
  return { connection: { host: sockets, port, user: SUPERUSER, database: "postgres" }, stop: async () => undefined }
}

interface Session {
  /** Watches no more. @returns the connection that holds the lock, or the broken one that held it */
  leave(): Promise<pg.Client>
}

/** Holds the lock by a session; when that breaks, sees to it that Postgres runs, and takes the lock anew. */
async function keepSession(options: {
  hold: () => Promise<pg.Client>
  revive: () => Promise<void>
  log: (message: string) => void
}): Promise<Session> {
  const { hold, revive, log } = options
  const leaving = new AbortController()
  let reviving: Promise<void> | undefined
  const watched = (held: pg.Client): pg.Client => {
    // It may say more than once that it broke, and while it is left the server says farewell.
    held.on("error", (error) => {
      if (leaving.signal.aborted || held !== lock || reviving) return
      log(`the embedded Postgres has gone: ${error.message}; starting it again`)
      reviving = again().finally(() => {
        reviving = undefined
      })
    })
    return held
  }
  let lock = watched(await hold())

  async function again(): Promise<void> {
    for (let failed = 0; failed < RESTARTS && !leaving.signal.aborted; failed++) {
      await delay(failed * RESTART_PAUSE_MS, undefined, { signal: leaving.signal }).catch(() => undefined)
      try {
        await revive()
        lock = watched(await hold())
        return log("the embedded Postgres runs again")
      } catch (error) {
        log(`the embedded Postgres could not be started again: ${error instanceof Error ? error.message : error}`)
      }
    }
    if (!leaving.signal.aborted) log("the embedded Postgres stays away: restart Slipway")
  }

  return {
    async leave() {
      leaving.abort()
      await reviving
      return lock
    },
  }
}

/**
 * A lock of the database session: it goes when this process goes, however it goes, and needs no file that could be
 * stale. Postgres itself refuses a second postmaster on one directory, but would serve a second app.
 */
async function holdAppLock(connection: pg.ClientConfig, dataDir: string, patienceMs: number): Promise<pg.Client> {
  const lock = new pg.Client({ ...connection, application_name: `slipway (process ${process.pid})` })
  await lock.connect()
  const deadline = performance.now() + patienceMs
  for (;;) {
    const { rows } = await lock.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [APP_LOCK])
    if (rows[0]?.mine) return lock
    if (performance.now() > deadline) break
    await lock.query("select pg_sleep(0.05)")
  }
  const { rows } = await lock.query<{ holder: string }>(
    `select a.application_name as holder from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.objid::bigint = $1`,
    [APP_LOCK],
  )
  await lock.end()
  throw new StoreError(
    "in-use",
    `The data directory ${dataDir} is in use by another process: ${rows[0]?.holder ?? "unknown"}. Stop it, set SLIPWAY_DATA_DIR to another folder, or let both share a server by DATABASE_URL.`,
  )
}
