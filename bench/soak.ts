import { readdirSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { sql } from "kysely"
import { type House, openHouse } from "./load/house.ts"
import { memoryOf, postmasterOf } from "./memory.ts"
import type { BenchRow } from "./row.ts"

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30)
const REPOSITORIES = 100
const PER_SECOND = 50
/** After each stretch of work it rests, so that all samples are of the same moment. */
const ROUNDS = Math.max(4, Math.round(MINUTES))
const WORK_SECONDS = Math.round((MINUTES * 60 * 0.6) / ROUNDS)
/** V8 gives back what the app collects at rest (src/engine/collect-at-rest.ts), and idle connections are closed, 10 s after the last work. */
const REST_MS = Math.round((MINUTES * 60_000 * 0.4) / ROUNDS)
/** What is warmed up in the first rounds (compiled code, pools) is no growth. */
const WARM = Math.ceil(ROUNDS / 3)
const GROWTH_MB = 15
const MORE_HANDLES = 5
/** A wake that is done goes within two minutes: pg-boss keeps it for one, and tidies up once a minute. */
const JOBS_LIMIT = PER_SECOND * 180

/** What is held at rest, after a stretch of work. */
interface Sample {
  readonly memory: number
  readonly handles: number
  readonly jobs: number
  readonly undone: number
}

/**
 * Work and rest by turns for half an hour (`SOAK_MINUTES`): what is held at rest must not grow from the first rounds to the
 * last. Deliveries and effects are kept for as long as is configured, and so are no leak; wakes, which nobody asks about, go at once.
 */
async function run(): Promise<readonly BenchRow[]> {
  const house = await openHouse({ repositories: REPOSITORIES, installations: 5, on: "embedded" })
  try {
    const postmaster = await postmasterOf(house.dataDir)
    const samples: Sample[] = []
    let sent = 0
    for (let round = 0; round < ROUNDS; round++) {
      sent += (await house.send(WORK_SECONDS * PER_SECOND, PER_SECOND)).accepted.length
      await house.drained()
      await delay(REST_MS)
      const sample = await sampleOf(house, postmaster)
      samples.push(sample)
      process.stderr.write(`round ${round + 1} of ${ROUNDS}: ${JSON.stringify(sample)}\n`)
    }
    const [early, late] = [samples.slice(WARM, WARM + 3), samples.slice(-3)]
    const least = (some: readonly Sample[], of: keyof Sample) => Math.min(...some.map((sample) => sample[of]))
    const grown = (of: keyof Sample) => least(late, of) - least(early, of)
    const said = (of: keyof Sample) => `${least(early, of).toFixed(0)}, then ${least(late, of).toFixed(0)}`
    const jobs = Math.max(...samples.map((sample) => sample.jobs))
    const undone = Math.max(...samples.map((sample) => sample.undone))
    const what = `${MINUTES} min, ${sent.toLocaleString("en")} webhooks kept`
    return [
      row(
        `memory of app and database at rest, in MB: ${what}`,
        said("memory"),
        `< ${GROWTH_MB} more`,
        grown("memory") < GROWTH_MB,
      ),
      row(
        "open files and sockets of the app at rest",
        said("handles"),
        `< ${MORE_HANDLES} more`,
        grown("handles") < MORE_HANDLES,
      ),
      row("wakes in the queue at rest, done ones among them", `at most ${jobs}`, `< ${JOBS_LIMIT}`, jobs < JOBS_LIMIT),
      row("deliveries and effects that are not done at rest", `${undone}`, "none", undone === 0),
    ]
  } finally {
    await house.close()
  }
}

const row = (what: string, figure: string, limit: string, ok: boolean): BenchRow => ({
  bench: "soak",
  case: what,
  figure,
  limit,
  ok,
})

async function sampleOf({ apps, db }: House, postmaster: number): Promise<Sample> {
  const pid = apps[0]?.pid ?? 0
  const { app, database } = memoryOf(pid, postmaster)
  const { rows } = await sql<{ jobs: number; undone: number }>`
    select (select count(*)::int from slipway_wakes.job) as jobs,
           (select count(*)::int from slipway.inbox where decided_at is null)
             + (select count(*)::int from slipway.outbox where status = 'pending') as undone`.execute(db.db)
  const { jobs, undone } = rows[0] ?? { jobs: Number.NaN, undone: Number.NaN }
  return { memory: app + database, handles: readdirSync(`/proc/${pid}/fd`).length, jobs, undone }
}

const rows = await run()
console.table(rows)
if (rows.some(({ ok }) => ok === false)) process.exitCode = 1
