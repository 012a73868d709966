import { createServer, type Server } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createPrometheus, type Prometheus } from "../../src/peers/prometheus.ts"
import { publish, settle } from "../decide/support/environments.ts"
import { config } from "../decide/support/truth.ts"
import { type World, world } from "../decide/support/world.ts"
import { type PrometheusServer, type Series, startPrometheus } from "../support/prometheus.ts"

/**
 * A service that misbehaves in every way at once, a real Prometheus that has watched it, and a criterion for each way: which
 * of them do something, and at which minute after the release went live.
 */
const MINUTE = 60_000
/** While Prometheus is started again, and while it answers too slowly, in minutes. */
const AWAY = { from: 30, to: 34 }
const SLOW = { from: 44, to: 48 }

const samples = (of: (minute: number) => number | undefined, from = -60) =>
  Array.from({ length: (90 - from) * 4 }, (_, at) => from + at / 4).flatMap((minute) => {
    const value = of(minute)
    return value === undefined ? [] : [[minute, value] as const]
  })
/** A counter that grows by so much a second, and begins anew every three minutes, as its service does. */
const counted = (each: number) => samples((minute) => each * 60 * (((minute % 3) + 3) % 3))

interface Way {
  readonly query: string
  readonly at: number | null
  readonly limit?: object
  readonly series?: readonly Pick<Series, "labels">[]
  readonly says?: readonly (readonly [minute: number, value: number])[]
}

const WAYS: { readonly [name: string]: Way } = {
  // Measured from the first minute on; over its limit from the 20th.
  edge: { query: "edge", says: samples((minute) => (minute < 20 ? 2 : 2.0001)), at: 25 },
  at_its_limit: { query: "at_its_limit", says: samples(() => 2), at: null },
  // Five minutes and a half are over; the fifth minute after the first measurement is the last that is.
  just_long_enough: { query: "just_long_enough", says: samples((m) => (m >= 9.75 && m < 15.25 ? 3 : 1)), at: 15 },
  not_long_enough: { query: "not_long_enough", says: samples((m) => (m >= 9.75 && m < 14.75 ? 3 : 1)), at: null },
  gaps: { query: "max(last_over_time(gaps[30s]))", says: samples((m) => (m % 8 < 3 ? 9 : undefined)), at: null },
  not_a_number: { query: "not_a_number / 0 * 0", says: samples(() => 9), at: null },
  nothing: { query: "max(nobody_measures_this)", at: null },
  resets: { query: "max(rate(resets[2m]))", says: counted(1), at: null },
  resets_and_errors: { query: "max(rate(resets_and_errors[2m]))", says: counted(3), at: 6 },
  // Two minutes before Prometheus is started again, and on after it.
  restart: { query: "restart", says: samples((minute) => (minute < 28 ? 1 : 3)), at: 39 },
}
/** Ten criteria an environment: the rest of them in another one. */
const MORE: { readonly [name: string]: Way } = {
  slow: { query: "slow", says: samples((minute) => (minute >= 42 && minute < 50.5 ? 3 : 1)), at: null },
  two_series: { query: "{__name__=~'edge|restart'} + 9", at: null },
  worse: { query: "worse", limit: { within: "20%" }, says: samples((m) => (m < 1 ? 1 : m < 10 ? 1.2 : 1.21)), at: 15 },
  better_of_nothing: {
    query: "better_of_nothing",
    limit: { within: "20%" },
    says: samples((m) => (m < 1 ? undefined : 9)),
    at: null,
  },
}

let w: World
let since: number
let prometheus: PrometheusServer
let silent: Server
let clients: { readonly usual: Prometheus; readonly away: Prometheus; readonly slow: Prometheus }
const known = new Map<string, number | string>()

const criteria = (ways: object) =>
  Object.entries(ways as typeof WAYS).map(([name, { query, limit = { "at-most": 2 } }]) => ({
    name,
    query,
    window: "1m",
    ...limit,
    for: "5m",
    do: "investigate",
  }))

beforeAll(async () => {
  w = world((it) => {
    const environments = {
      staging: { criteria: criteria(MORE), watch: "80m" },
      production: { criteria: criteria(WAYS), watch: "80m" },
    }
    it.truth.config = config({ environments })
  })
  w.truth.metrics = (query, at) => known.get(`${query}@${at.getTime()}`) ?? "it was not asked ahead"
  for (const number of [11, 12]) {
    const { head } = publish(w, number).truth
    if (number === 12) w.later(30)
    for (const name of ["staging", "production"])
      w.deploy(name, head, "success", { deployment: `${name}${number}`, at: w.now.toISOString() })
    settle(w)
  }
  since = Date.parse(w.known.environments.production?.live?.since ?? "")
  const series = Object.entries({ ...WAYS, ...MORE }).flatMap(([name, { says }]) =>
    says ? [{ name, samples: says.map(([minute, value]) => [new Date(since + minute * MINUTE), value] as const) }] : [],
  )
  prometheus = await startPrometheus(series)
  silent = createServer().listen(0, "127.0.0.1")
  await new Promise((done) => silent.once("listening", done))
  const { port } = silent.address() as { port: number }
  const at = (url: string, requestTimeoutMs = 20_000) => createPrometheus({ url, requestTimeoutMs })
  clients = { usual: at(prometheus.url), away: at("http://127.0.0.1:59"), slow: at(`http://127.0.0.1:${port}`, 50) }
})

afterAll(async () => {
  silent.close()
  await prometheus.stop()
})

/** Asks the server as it is at that minute, for all that the next run may ask. */
async function ask(): Promise<void> {
  const minute = (w.now.getTime() - since) / MINUTE
  const within = ({ from, to }: typeof AWAY) => minute >= from && minute < to
  const client = within(AWAY) ? clients.away : within(SLOW) ? clients.slow : clients.usual
  await Promise.all(
    Object.values({ ...WAYS, ...MORE }).flatMap(({ query }) =>
      [w.now, new Date(since)].map(async (at) => {
        const answer = await client.value(query, at)
        known.set(`${query}@${at.getTime()}`, answer.is === "value" ? answer.value : answer.because)
      }),
    ),
  )
}

test("every criterion does what it does when it should, at the edge, and never on what was not measured", async () => {
  const end = since + 75 * MINUTE
  while (w.revisitAt !== undefined && Date.parse(w.revisitAt) <= end) {
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt)))
    await ask()
    w.run()
  }
  const broken = w.audit.filter(({ what }) => what === "criterion broken")
  const minutes = Object.fromEntries(
    broken.map(({ facts }) => [facts.criterion, Math.floor((Date.parse(String(facts.measured)) - since) / MINUTE)]),
  )
  const expected = Object.entries({ ...WAYS, ...MORE }).flatMap(([name, { at }]) => (at === null ? [] : [[name, at]]))
  expect(minutes).toEqual(Object.fromEntries(expected))
  expect(broken).toHaveLength(expected.length)
  expect(Object.values(w.known.environments).map(({ rollback }) => rollback)).toEqual([undefined, undefined])
})
