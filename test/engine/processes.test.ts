import { type ChildProcess, fork } from "node:child_process"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { sql } from "kysely"
import { afterEach, beforeEach, expect, test } from "vitest"
import { onBothDatabases } from "./suite.ts"
import type { Event, Order, Trap } from "./worker.ts"
import { eventually, type World } from "./world.ts"

const REQUEST_TIMEOUT_MS = 600
const children: Child[] = []

class Child {
  readonly events: Event[] = []
  readonly #process: ChildProcess
  readonly ended: Promise<void>

  constructor(url: string, trap: Trap) {
    this.#process = fork(join(import.meta.dirname, "worker.ts"), [url, trap, String(REQUEST_TIMEOUT_MS)], {
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    this.#process.on("message", (event: Event) => this.events.push(event))
    this.ended = new Promise((resolve) => this.#process.once("exit", () => resolve()))
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  has(event: Event["event"]): boolean {
    return this.events.some((each) => each.event === event)
  }

  order(order: Order): void {
    this.#process.send(order)
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGKILL")
      await this.ended
    }
  }
}

async function child(world: World, trap: Trap = "none"): Promise<Child> {
  const started = new Child(world.store.url, trap)
  children.push(started)
  await eventually(() => started.has("ready")).toBe(true)
  return started
}

/** Processes that are ready; only the first works until another is told to start. */
async function family(world: World, first: Trap = "none"): Promise<[Child, Child]> {
  const both = await Promise.all([child(world, first), child(world)])
  both[0].order({ do: "start" })
  return both
}

const peer = async ({ store }: World): Promise<{ key: string; pid: number }[]> =>
  (await sql<{ key: string; pid: number }>`select key, pid from peer order by seq`.execute(store.db)).rows

onBothDatabases("processes", (world) => {
  beforeEach(async () => {
    await sql`create table peer (seq bigserial, key text not null, pid integer not null)`.execute(world().store.db)
  })
  afterEach(async () => {
    await Promise.all(children.splice(0).map((each) => each.end()))
    await sql`drop table peer`.execute(world().store.db)
  })

  // R5. Without `started_at = ${now}` in beginAttempt (attempts.ts): the peer has it twice.
  // R8. Without `dropActive` in poll.ts: the dead worker's job blocks the key until pg-boss fails it for a missed
  // heartbeat, 10 s later.
  test.each(["die in observe", "die before the peer", "die after the peer"] as const)(
    "recovers after a kill -9: %s, and nothing is lost or done twice",
    async (trap) => {
      const [doomed, heir] = await family(world(), trap)
      doomed.order({ do: "ingest", id: "d", key: "1", effects: [{ key: "a" }, { key: "b" }] })
      await doomed.ended
      heir.order({ do: "start" })
      await eventually(async () => (await world().state())?.outcomes.length).toBe(2)
      expect((await peer(world())).map((row) => row.key)).toEqual(["a", "b"])
      expect(await world().state()).toMatchObject({ total: 1, outcomes: [{ of: "a" }, { of: "b" }] })
      const doubts = heir.events.filter((each) => each.event === "acting").map((each) => each.mayHaveHappened)
      expect(doubts).toEqual(trap === "die in observe" ? [false, false] : [true, false])
      const { rows: failed } = await sql`select 1 from slipway_wakes.job where state = 'failed'`.execute(
        world().store.db,
      )
      expect(failed).toEqual([])
    },
  )

  // R6, as a whole: a process that is stopped for longer than its lease.
  test("a process that was paused does not speak for a key that another has taken", async () => {
    const [sleeper, heir] = await family(world(), "hang after the peer")
    sleeper.order({ do: "ingest", id: "d", key: "1", effects: [{ key: "a" }, { key: "b" }] })
    await eventually(async () => (await peer(world())).length).toBe(1)
    sleeper.signal("SIGSTOP")
    heir.order({ do: "start" })
    await eventually(async () => (await world().state())?.outcomes.length).toBe(2)
    const before = await world().outbox()
    sleeper.signal("SIGCONT")
    sleeper.signal("SIGUSR2")
    await eventually(() => sleeper.has("acted")).toBe(true)
    sleeper.order({ do: "stop" })
    await sleeper.ended
    expect(await peer(world())).toEqual([
      { key: "a", pid: sleeper.pid },
      { key: "b", pid: heir.pid },
    ])
    expect(await world().outbox()).toEqual(before)
    const { handle } = await world().store.db.selectFrom("slipway.handles").select("handle").executeTakeFirstOrThrow()
    expect(handle.id).toBe(String(heir.pid))
    expect(sleeper.events.filter((each) => each.event === "acting")).toHaveLength(1)
  })

  // R6, before the peer, as a whole.
  test("a process that was paused over a look does not write what another has written meanwhile", async () => {
    const looks: ServerResponse[] = []
    const looked = createServer((_, response) => void looks.push(response))
    await new Promise<void>((listening) => looked.listen(0, "127.0.0.1", listening))
    try {
      const [sleeper, heir] = await family(
        world(),
        `look at http://127.0.0.1:${(looked.address() as AddressInfo).port}/`,
      )
      sleeper.order({ do: "ingest", id: "d", key: "1", effects: [{ key: "a" }, { key: "b" }] })
      await eventually(() => looks.length).toBe(1)
      sleeper.signal("SIGSTOP")
      heir.order({ do: "start" })
      await eventually(async () => (await world().state())?.outcomes.length).toBe(2)
      looks[0]?.end("nothing is there")
      sleeper.signal("SIGCONT")
      await eventually(() => sleeper.has("late")).toBe(true)
      sleeper.order({ do: "stop" })
      await sleeper.ended
      expect(await peer(world())).toEqual([
        { key: "a", pid: heir.pid },
        { key: "b", pid: heir.pid },
      ])
    } finally {
      looked.closeAllConnections()
      await new Promise((closed) => looked.close(closed))
    }
  })

  test("two processes share the work, and every delivery is counted once", async () => {
    const pair = await family(world())
    pair[1].order({ do: "start" })
    const keys = Array.from({ length: 12 }, (_, i) => String(i))
    for (let i = 0; i < 120; i++) {
      pair[i % 2]?.order({
        do: "ingest",
        id: `d${i}`,
        key: keys[i % 12] ?? "",
        effects: [{ key: `e${i}`, target: `t${i}` }],
      })
    }
    await eventually(async () => {
      const states = await Promise.all(keys.map((key) => world().state(key)))
      return states.map((state) => [state?.total, state?.outcomes.length])
    }).toEqual(keys.map(() => [10, 10]))
    for (const each of pair) each.order({ do: "stop" })
    await Promise.all(pair.map((each) => each.ended))
    const applied = await peer(world())
    expect(new Set(applied.map((row) => row.key)).size).toBe(120)
    expect(applied).toHaveLength(120)
    for (const each of pair) {
      expect(each.events.find((event) => event.event === "runs")).toMatchObject({ count: expect.any(Number) })
      expect(applied.some((row) => row.pid === each.pid)).toBe(true)
    }
  })
})
