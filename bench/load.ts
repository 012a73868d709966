import { sql } from "kysely"
import type { Visited } from "../src/store/open.ts"
import type { Pressed } from "./load/github.ts"
import { openHouse } from "./load/house.ts"
import type { Sent } from "./load/sender.ts"
import { memoryOf, postmasterOf, type Sample } from "./memory.ts"
import { quantile } from "./post-webhook.ts"
import type { BenchRow } from "./row.ts"

/** What the figures are of; smaller for whoever has less time, by environment variables. */
const size = (name: string, usual: number): number => Number(process.env[name] ?? usual)
const SECONDS = size("LOAD_SECONDS", 300)
const REPOSITORIES = size("LOAD_REPOSITORIES", 1_000)
const INSTALLATIONS = size("LOAD_INSTALLATIONS", 50)
const BURST = size("LOAD_BURST", 5_000)
/** Of the scale-out, each with a new database. */
const PROCESSES = (process.env.LOAD_PROCESSES ?? "1,2,4").split(",").map(Number)
const SCALED_REPOSITORIES = Math.min(REPOSITORIES, 200)

const PER_SECOND = 200
const BURST_SECONDS = 10
const P99_LIMIT_MS = 100
const CLICK_LIMIT_MS = 2_000
const MEMORY_LIMIT_MB = 350
/** A person in each of so many milliseconds, at rest and in a hurry. */
const PRESS_EVERY_MS = 1_000
const PRESS_EVERY_IN_BURST_MS = 250

/**
 * Many repositories of many customers at once: mixed webhooks at a steady pace, then a burst, while people press buttons. The
 * app is on its embedded database; GitHub and the sender are processes of their own. Then the same burst on one, two and
 * four apps that share a Postgres.
 */
export async function run(): Promise<readonly BenchRow[]> {
  if (process.platform !== "linux") return [row("memory of processes", "can be measured on Linux only")]
  const rows = [...(await held())]
  if (!process.env.PROF) for (const processes of PROCESSES) rows.push(...(await scaledOut(processes)))
  return rows
}

async function held(): Promise<readonly BenchRow[]> {
  const house = await openHouse({ repositories: REPOSITORIES, installations: INSTALLATIONS, on: "embedded" })
  const postmaster = await postmasterOf(house.dataDir)
  const memory = watchMemory(house.apps[0]?.pid ?? 0, postmaster)
  try {
    await house.github.ask({ is: "press", everyMs: PRESS_EVERY_MS })
    const steady = await house.send(SECONDS * PER_SECOND, PER_SECOND)
    const pressed = await house.github.ask<Pressed>({ is: "press no more" })
    await house.drained()
    await house.github.ask({ is: "press", everyMs: PRESS_EVERY_IN_BURST_MS })
    const burst = await house.send(BURST, BURST / BURST_SECONDS)
    const drainedIn = await house.drained()
    const hurried = await house.github.ask<Pressed>({ is: "press no more" })
    await house.drained()
    const kept = await fateOf(house.db, [...steady.accepted, ...burst.accepted])
    const of = `${REPOSITORIES.toLocaleString("en")} repositories of ${INSTALLATIONS} installations`
    return [
      acknowledged(`${PER_SECOND}/s for ${SECONDS} s, ${of}`, steady),
      acknowledged(`${BURST.toLocaleString("en")} in ${BURST_SECONDS} s`, burst),
      nothingLost([steady, burst], kept),
      answered(`while ${PER_SECOND}/s come`, pressed),
      answered(`while a burst comes and is worked off, ${(drainedIn / 1_000).toFixed(1)} s longer`, hurried),
      ...memory.rows(),
    ]
  } finally {
    memory.stop()
    await house.close()
  }
}

/** How much is taken, and how much decided on, a second. */
async function scaledOut(processes: number): Promise<readonly BenchRow[]> {
  const house = await openHouse({ repositories: SCALED_REPOSITORIES, installations: 10, on: processes })
  try {
    const begun = performance.now()
    const sent = await house.send(BURST, BURST)
    const took = performance.now() - begun
    await house.drained()
    const all = performance.now() - begun
    const kept = await fateOf(house.db, sent.accepted)
    const rate = (ms: number) => `${Math.round((sent.accepted.length / ms) * 1_000).toLocaleString("en")}/s`
    const figure = `${rate(took)} taken, ${rate(all)} decided on and acted on${kept.undecided > 0 ? `, ${kept.undecided} LOST` : ""}`
    return [
      row(
        `${BURST.toLocaleString("en")} at once, ${processes} ${processes === 1 ? "process" : "processes"} on one Postgres`,
        figure,
      ),
    ]
  } finally {
    await house.close()
  }
}

const row = (what: string, figure: string): BenchRow => ({ bench: "load", case: what, figure })

const acknowledged = (what: string, { perSecond, p50, p99, slowest, refused }: Sent): BenchRow => ({
  ...row(
    `acknowledged: ${what}`,
    `${Math.round(perSecond)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${slowest.toFixed(0)} ms${namesOf(refused)}`,
  ),
  limit: `p99 < ${P99_LIMIT_MS} ms`,
  ok: p99 < P99_LIMIT_MS && Object.keys(refused).length === 0,
})

const namesOf = (refused: Sent["refused"]): string =>
  Object.entries(refused)
    .map(([answer, count]) => `, ${count} × ${answer}`)
    .join("")

function nothingLost(all: readonly Sent[], { decided, undecided, dead }: Fate): BenchRow {
  const accepted = all.reduce((sum, sent) => sum + sent.accepted.length, 0)
  return {
    ...row(
      "what was acknowledged is decided on",
      `${decided.toLocaleString("en")} of ${accepted.toLocaleString("en")}; ${dead} dead letters`,
    ),
    limit: "all, and none dead",
    ok: decided === accepted && undecided === 0 && dead === 0,
  }
}

const answered = (what: string, { times, open }: Pressed): BenchRow => {
  const p95 = quantile(times, 0.95)
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`
  return {
    ...row(
      `from Approve to its answer on the page, ${what} (${times.length + open} presses)`,
      `p50 ${seconds(quantile(times, 0.5))}, p95 ${seconds(p95)}, slowest ${seconds(times.at(-1) ?? Number.NaN)}${open > 0 ? `, ${open} NOT ANSWERED` : ""}`,
    ),
    limit: `p95 < ${CLICK_LIMIT_MS / 1_000} s`,
    ok: p95 < CLICK_LIMIT_MS && open === 0,
  }
}

interface Memory {
  stop(): void
  rows(): readonly BenchRow[]
}

/** Every two seconds: the most that was ever held, and whether it grew from the first third of the time to the last. */
function watchMemory(app: number, postmaster: number): Memory {
  const samples: Sample[] = []
  const timer = setInterval(() => samples.push(memoryOf(app, postmaster)), 2_000)
  const total = ({ app, database }: Sample) => app + database
  return {
    stop: () => clearInterval(timer),
    rows() {
      const third = Math.ceil(samples.length / 3)
      const middle = (some: readonly Sample[]) =>
        quantile(
          some.map(total).toSorted((a, b) => a - b),
          0.5,
        )
      const most = samples.toSorted((a, b) => total(b) - total(a))[0]
      if (!most) return []
      return [
        {
          ...row(
            "memory of app and embedded database, the most of all samples",
            `${total(most).toFixed(0)} MB (app ${most.app.toFixed(0)}, database ${most.database.toFixed(0)}); half the time under ${middle(samples.slice(0, third)).toFixed(0)} MB in the first third, under ${middle(samples.slice(-third)).toFixed(0)} MB in the last`,
          ),
          limit: `< ${MEMORY_LIMIT_MB} MB`,
          ok: total(most) < MEMORY_LIMIT_MB,
        },
      ]
    },
  }
}

interface Fate {
  readonly decided: number
  readonly undecided: number
  readonly dead: number
}

/** What became of these deliveries. */
async function fateOf({ db }: Visited, ids: readonly string[]): Promise<Fate> {
  const { rows } = await sql<Fate>`
    select count(*) filter (where decided_at is not null)::int as decided,
           count(*) filter (where decided_at is null)::int as undecided,
           (select count(*)::int from slipway.outbox where status = 'dead')
             + (select count(*)::int from slipway.inbox where dead is not null) as dead
    from slipway.inbox where delivery = any(${[...ids]})`.execute(db)
  return rows[0] ?? { decided: 0, undecided: 0, dead: 0 }
}

if (import.meta.filename === process.argv[1]) console.table(await run())
