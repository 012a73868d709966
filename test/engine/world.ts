import { randomUUID } from "node:crypto"
import { expect } from "vitest"
import { createEngine, type Engine } from "../../src/engine/engine.ts"
import type { Clock } from "../../src/model/clock.ts"
import { type OpenedStore, openAgain } from "./databases.ts"
import {
  type FakeParts,
  fakeParts,
  Peer,
  repository,
  type Seen,
  type Signal,
  type State,
  watch,
} from "./fake-domain.ts"

export const T0 = new Date("2026-03-02T10:00:00.000Z")

/** A clock that stands still until it is told. */
class TestClock implements Clock {
  #now = T0
  now(): Date {
    return this.#now
  }
  advance(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms)
  }
}

/** A clock, a peer, and engines on one store. */
export class World {
  readonly store: OpenedStore
  readonly clock = new TestClock()
  readonly peer = new Peer()
  readonly seen: Seen = watch()
  readonly #engines: Engine<Signal>[] = []
  readonly #twins: World[] = []

  constructor(store: OpenedStore) {
    this.store = store
  }

  /** A world of its own on the same database, as another process is: with a peer, pools and workers of its own. */
  async twin(): Promise<World> {
    const twin = new World(await openAgain(this.store.url))
    this.#twins.push(twin)
    return twin
  }

  engine(
    parts: Partial<FakeParts> = {},
    options: { requestTimeoutMs?: number; concurrency?: number } = {},
  ): Engine<Signal> {
    const engine = createEngine({
      store: this.store,
      parts: fakeParts(this.peer, parts),
      clock: this.clock,
      log: this.seen.log,
      metrics: this.seen.metrics,
      requestTimeoutMs: 10_000,
      ...options,
    })
    this.#engines.push(engine)
    return engine
  }

  async started(...args: Parameters<World["engine"]>): Promise<Engine<Signal>> {
    const engine = this.engine(...args)
    await engine.start()
    return engine
  }

  /** A delivery that adds `amount` and has these effects. */
  async add(engine: Engine<Signal>, said: Partial<Extract<Signal, { kind: "add" }>> = {}, key = "1"): Promise<void> {
    await engine.ingest({
      id: `delivery-${randomUUID()}`,
      repo: repository(key),
      signals: [{ kind: "add", amount: 1, ...said }],
    })
  }

  async state(key = "1"): Promise<State | undefined> {
    const row = await this.store.db.selectFrom("slipway.keys").select("state").where("key", "=", key).executeTakeFirst()
    return (row?.state as State | null) ?? undefined
  }

  async outbox(): Promise<{ effect_key: string; status: string; attempts: number; last_error: string | null }[]> {
    return await this.store.db
      .selectFrom("slipway.outbox")
      .select(["effect_key", "status", "attempts", "last_error"])
      .orderBy("seq")
      .execute()
  }

  async lease(key = "1"): Promise<{ owner: string | null; fence: string }> {
    const row = await this.store.db
      .selectFrom("slipway.keys")
      .select(["lease_owner", "fence"])
      .where("key", "=", key)
      .executeTakeFirstOrThrow()
    return { owner: row.lease_owner, fence: row.fence }
  }

  /** Engines in tests never wait for what a test has left hanging. */
  async close(): Promise<void> {
    for (const engine of this.#engines) await engine.stop({ withinMs: 1_000 })
    for (const twin of this.#twins) {
      await twin.close()
      await twin.store.close()
    }
  }
}

/** A promise and its resolver: a test holds a part at a point, and lets it go. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

/** Waits until what `probe` gives satisfies the assertion. Only a test that fails waits for the time-out. */
export const eventually = <T>(probe: () => T) => expect.poll(probe, { timeout: 15_000, interval: 10 })
