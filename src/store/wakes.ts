import type { Kysely } from "kysely"
import type pg from "pg"
import { fromKysely, PgBoss } from "pg-boss"
import type { Tables } from "./schema.ts"

/**
 * "Look at this key": the one kind of job. A wake carries nothing and guarantees nothing; what is to be done stands
 * in inbox, outbox and `revisit_at`, and who may do it is decided by lease and version.
 */
export interface Wakes {
  /**
   * Part of the caller's transaction. A key's wake that is queued already is enough; of one for which somebody waits it
   * goes before all others.
   */
  send(session: Kysely<Tables>, key: string, urgency?: "somebody waits"): Promise<void>
  /** Many at once, each as `send` does. */
  sendAll(keys: readonly string[]): Promise<void>
  /** Takes away wakes whose worker has died: until their heartbeat is missed they would block their key. */
  dropActive(keys: readonly string[] | "all"): Promise<void>
  /** Lets this process' workers look at once, if a wake is queued: see `startWorker`. */
  nudge(): Promise<void>
  /** Calls `tick` for woken keys, `concurrency` of them at once. */
  work(concurrency: number, tick: (key: string) => Promise<void>): Promise<void>
  /** Takes no more wakes; resolves when the ticks that run have ended. */
  pause(): Promise<void>
  /** Whether any wake is queued or being worked on, by whatever process. */
  pending(): Promise<boolean>
  close(): Promise<void>
}

const QUEUE = "wake"
const wakeOf = (key: string) => ({ singletonKey: key, group: { id: key } })
const SCHEMA = "slipway_wakes"

/**
 * Opens pg-boss in a schema of its own, beside ours: a wake commits or rolls back with the transaction it is part of.
 *
 * The queue is `short` with a `singletonKey`: one wake of a key waits at most, and one that comes while its key runs
 * is kept. A key's jobs form a group of concurrency 1, so a busy key blocks no other. No retries: with them pg-boss
 * was seen to run a group twice at once, and a tick that fails has left its own `revisit_at`.
 */
export async function openWakes(connection: pg.PoolConfig, log: (message: string) => void): Promise<Wakes> {
  const boss = new PgBoss({
    ...(connection as object),
    application_name: "slipway wakes",
    schema: SCHEMA,
    // Each costs Postgres 6 MB at rest, since all are used by turns; two hold what the workers ask for.
    max: 2,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    monitorVacuum: false,
  })
  boss.on("error", (error) => log(`wakes: ${error.message}`))
  await boss.start()
  await boss.createQueue(QUEUE, {
    policy: "short",
    notify: true,
    retryLimit: 0,
    heartbeatSeconds: 10,
    expireInSeconds: 3600,
    deleteAfterSeconds: 60,
  })
  const workers: string[] = []
  const notifyAll = () => {
    for (const id of workers) boss.notifyWorker(id)
  }
  const exists = async (condition: string): Promise<boolean> => {
    const query = `select exists (select from ${SCHEMA}.job where name = $1 and ${condition}) as found`
    const { rows } = await boss.getDb().executeSql(query, [QUEUE])
    return rows[0]?.found === true
  }
  return {
    async send(session, key, urgency) {
      const db = fromKysely(session)
      const priority = urgency === undefined ? 0 : 1
      const sent = await boss.send(QUEUE, { key }, { ...wakeOf(key), priority, db })
      if (sent === null && urgency !== undefined)
        await db.executeSql(
          `update ${SCHEMA}.job set priority = 1 where name = $1 and singleton_key = $2 and state = 'created'`,
          [QUEUE, key],
        )
    },
    async sendAll(keys) {
      // In one order: two processes that find the same keys due would wait for each other.
      const jobs = keys.toSorted().map((key) => ({ data: { key }, ...wakeOf(key) }))
      if (jobs.length > 0) await boss.insert(QUEUE, jobs)
    },
    async dropActive(keys) {
      const jobs =
        keys === "all"
          ? await boss.findJobs(QUEUE)
          : (await Promise.all(keys.map((key) => boss.findJobs(QUEUE, { key })))).flat()
      const ids = jobs.filter((job) => job.state === "active").map((job) => job.id)
      if (ids.length > 0) await boss.deleteJob(QUEUE, ids)
      // A wake that is queued behind the dropped one sends no notice.
      notifyAll()
    },
    async nudge() {
      if (await exists("state = 'created'")) notifyAll()
    },
    async work(concurrency, tick) {
      for (let i = 0; i < concurrency; i++) workers.push(await startWorker(boss, tick))
    },
    pause: async () => await boss.offWork(QUEUE, { wait: true }),
    pending: async () => await exists("state < 'completed'"),
    close: async () => await boss.stop({ graceful: false }),
  }
}

/**
 * One pg-boss worker for each concurrent tick. NOTIFY wakes all of them at a new job; after each job a worker asks
 * at once for the next, so a backlog is worked off without waiting for the poll that is its backstop: each second while
 * nobody listens (at a start, or when the listener's connection broke), else seldom, since `nudge`
 * looks for all of them in one small statement. A worker can find nothing while
 * another one has the row of the only wake in its hand, and then leaves it for its key's sake: `nudge` lets it look again
 * without a poll of each.
 */
async function startWorker(boss: PgBoss, tick: (key: string) => Promise<void>): Promise<string> {
  let id: string | undefined
  id = await boss.work<{ key: string }>(
    QUEUE,
    { groupConcurrency: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 10 },
    async ([job]) => {
      try {
        if (job) await tick(job.data.key)
      } finally {
        if (id !== undefined) boss.notifyWorker(id)
      }
    },
  )
  return id
}
