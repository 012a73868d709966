import { type ChildProcess, fork } from "node:child_process"
import { join } from "node:path"
import { sql } from "kysely"
import { afterEach, expect, test } from "vitest"
import { type OpenedStore, openFresh } from "./databases.ts"
import type { Event, Order, Trap } from "./worker.ts"
import { eventually } from "./world.ts"

/** That of SLIPWAY_REQUEST_TIMEOUT. */
const REQUEST_TIMEOUT_MS = 8_000
const WITHIN_MS = 15_000
const children: ChildProcess[] = []
let store: OpenedStore | undefined

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
  await store?.close()
})

test("what a killed process worked on is taken over within 15 s, with the time-outs of the default", async () => {
  store = await openFresh("tcp")
  const { db, url } = store
  await sql`create table peer (seq bigserial, key text not null, pid integer not null)`.execute(db)
  const [doomed, heir] = await Promise.all([worker(url, "hang after the peer"), worker(url, "none")])
  doomed.order({ do: "start" })
  doomed.order({ do: "ingest", id: "d", key: "1", effects: [{ key: "a" }] })
  await eventually(async () => (await sql`select 1 from peer`.execute(db)).rows.length).toBe(1)
  heir.order({ do: "start" })
  const killed = new Date()
  doomed.child.kill("SIGKILL")
  // Of the dead one's lease so much is left that its last request has landed, and no more.
  const { left } = await leaseLeft(db)
  expect(left).toBeGreaterThan(REQUEST_TIMEOUT_MS)
  expect(left).toBeLessThanOrEqual(REQUEST_TIMEOUT_MS * 1.5)
  const end = () =>
    store?.db.selectFrom("slipway.inbox").select("received_at").where("delivery", "like", "effect:%").execute()
  await expect.poll(end, { timeout: 60_000, interval: 100 }).toHaveLength(1)
  const [ended] = (await end()) ?? []
  // As the heir recorded it.
  expect((ended?.received_at.getTime() ?? 0) - killed.getTime()).toBeLessThan(WITHIN_MS)
  expect(heir.events.filter(({ event }) => event === "acting")).toMatchObject([{ mayHaveHappened: true }])
  expect((await sql`select 1 from peer`.execute(db)).rows).toHaveLength(1)
})

async function leaseLeft(db: OpenedStore["db"]): Promise<{ left: number }> {
  const { rows } = await sql<{ left: number }>`
    select extract(epoch from lease_until - clock_timestamp())::float * 1000 as left from slipway.keys`.execute(db)
  return rows[0] ?? { left: 0 }
}

async function worker(url: string, trap: Trap) {
  const child = fork(join(import.meta.dirname, "worker.ts"), [url, trap, String(REQUEST_TIMEOUT_MS)], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  children.push(child)
  const events: Event[] = []
  child.on("message", (event: Event) => events.push(event))
  await eventually(() => events.some(({ event }) => event === "ready")).toBe(true)
  return { child, events, order: (order: Order) => void child.send(order) }
}
