import { expect, test } from "vitest"
import { type FakeParts, repository } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate, T0 } from "./world.ts"

const later = (ms: number): string => new Date(T0.getTime() + ms).toISOString()

onBothDatabases("runs", (world) => {
  /** Two seconds from the first on; what adds 100 waits for nobody. */
  const settle: FakeParts["settle"] = (pending) =>
    pending.some(({ signal }) => signal.kind === "add" && signal.amount === 100)
      ? undefined
      : new Date((pending[0]?.receivedAt.getTime() ?? 0) + 2_000)

  test("a run settles for the partner of its signal, and both are decided together", async () => {
    const engine = await world().started({ settle })
    await world().add(engine)
    await engine.idle()
    expect(await world().state()).toBeUndefined()
    world().clock.advance(500)
    await world().add(engine, { amount: 100 })
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 101, decisions: 1 })
  })

  // Without `awaited` in ingest.ts: a burst is looked at once a delivery.
  test("while a run settles, deliveries that may wait wake nobody, and are decided with the first", async () => {
    const engine = await world().started({ settle })
    await world().add(engine)
    await engine.idle()
    world().clock.advance(500)
    await world().add(engine)
    expect(await world().store.wakes.pending()).toBe(false)
    world().clock.advance(1_500)
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 2, decisions: 1 })
  })

  test("a timer that comes too late for a delivery does not keep it waiting", async () => {
    const engine = await world().started({ settle })
    await world().add(engine, { amount: 100, revisitAt: later(60_000) })
    await engine.idle()
    await world().add(engine)
    expect(await world().store.wakes.pending()).toBe(true)
    await engine.idle()
    world().clock.advance(2_000)
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 101, decisions: 2 })
  })

  test("settling ends when its time is over", async () => {
    const engine = await world().started({
      settle: (pending, now) => {
        const until = new Date((pending[0]?.receivedAt.getTime() ?? 0) + 2_000)
        return now < until ? until : undefined
      },
    })
    await world().add(engine)
    await engine.idle()
    world().clock.advance(1_999)
    await engine.idle()
    expect(await world().state()).toBeUndefined()
    world().clock.advance(1)
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 1 })
  })

  test("a timer is due on the exact millisecond of the injected clock", async () => {
    const engine = await world().started()
    await world().add(engine, { revisitAt: later(60_000) })
    await engine.idle()
    world().clock.advance(59_999)
    await engine.idle()
    expect(await world().state()).toMatchObject({ decisions: 1 })
    world().clock.advance(1)
    await engine.idle()
    expect(await world().state()).toMatchObject({ decisions: 2 })
    world().clock.advance(3_600_000)
    await engine.idle()
    expect(await world().state()).toMatchObject({ decisions: 2 })
  })

  test("a timer needs nobody who asks: the poll finds it", async () => {
    const engine = await world().started()
    await world().add(engine, { revisitAt: later(60_000) })
    await engine.idle()
    world().clock.advance(60_000)
    await eventually(() => world().state()).toMatchObject({ decisions: 2 })
  })

  test("a decision that always wants to look again at once is held to one look a second", async () => {
    let looks = 0
    const engine = await world().started({
      decide: () => {
        looks++
        return {
          state: { total: 0, decisions: looks, outcomes: [] },
          effects: [],
          audit: [],
          times: [],
          revisitAt: later(0),
        }
      },
    })
    await world().add(engine)
    await engine.idle()
    expect(looks).toBe(1)
    world().clock.advance(1_000)
    await engine.idle()
    expect(looks).toBe(2)
  })

  // R7. Without `version = version + 1` in wakeKey: the run under way counts as the look asked for, one decision.
  test("a wake looks at once, also when a run is under way", async () => {
    const observing = gate()
    const release = gate()
    const engine = await world().started({
      observe: async ({ signals }) => {
        observing.open()
        await release.opened
        return { seen: signals.length }
      },
    })
    expect(await engine.wake("1")).toBe(false)
    await world().add(engine)
    await observing.opened
    expect(await engine.wake("1")).toBe(true)
    release.open()
    await engine.idle()
    expect(world().seen.runs).toEqual(["lost", "decided"])
    expect(await world().state()).toMatchObject({ total: 1, decisions: 1 })
    await engine.wake("1")
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 1, decisions: 2 })
  })

  test.each(["observe", "decide"] as const)(
    "when %s throws, deliveries are kept and tried again later and later",
    async (part) => {
      const at: number[] = []
      let broken = true
      const fail = (key: string) => {
        if (key !== "1") return
        at.push(world().clock.now().getTime() - T0.getTime())
        if (broken) throw new Error("the peer is down")
      }
      const engine = await world().started({
        observe: async ({ repo, signals }) => {
          if (part === "observe") fail(repo.id)
          return { seen: signals.length }
        },
        ...(part === "decide" && {
          decide: ({ repo, signals }) => {
            fail(repo.id)
            return { state: { total: signals.length, decisions: 1, outcomes: [] }, effects: [], audit: [], times: [] }
          },
        }),
      })
      await world().add(engine)
      await engine.idle()
      // Deliveries that come while it backs off, and other keys, start no run of it.
      await world().add(engine)
      await world().add(engine, {}, "other")
      await engine.idle()
      expect(at).toEqual([0])
      expect(await world().state("other")).toMatchObject({ total: 1 })
      for (const step of [1_250, 2_500, 5_000]) {
        world().clock.advance(step)
        await engine.idle()
      }
      broken = false
      world().clock.advance(60_000 * 1.25)
      await engine.idle()
      expect(at).toHaveLength(5)
      expect(await world().state()).toMatchObject({ total: 2 })
      expect(world().seen.runs.filter((run) => run === "failed")).toHaveLength(4)
      const errors = world().seen.lines.filter((line) => line.level === "error")
      expect(errors).toHaveLength(4)
    },
  )

  test("a key that backs off is decided on for who presses a button meanwhile: once a press, and for nobody else", async () => {
    let runs = 0
    let away = true
    const engine = await world().started({
      isAwaited: (signal) => signal.kind === "add" && signal.amount === 100,
      observe: async ({ signals }) => {
        runs++
        if (away) throw Object.assign(new Error("limited"), { name: "PeerUnavailable", afterSeconds: 3_600 })
        return { seen: signals.length }
      },
    })
    const add = async (amount: number) => {
      await world().add(engine, { amount })
      await engine.idle()
    }
    for (const [amount, so] of [
      [1, 1],
      [1, 1],
      [100, 2],
      [1, 2],
      [100, 3],
    ] as const) {
      await add(amount)
      expect(runs).toBe(so)
    }
    away = false
    await add(1)
    expect(await world().state()).toBeUndefined()
    await add(100)
    expect(await world().state()).toMatchObject({ total: 304 })
  })

  test("a failed run does not stop effects that were decided before", async () => {
    const engine = await world().started({
      observe: async ({ state, signals }) => {
        if (state) throw new Error("the peer is down")
        return { seen: signals.length }
      },
    })
    await world().add(engine, {
      effects: [
        { lane: "a", target: "a" },
        { lane: "b", target: "b" },
      ],
    })
    await engine.idle()
    expect(world().peer.contents("a")).toEqual(["c"])
    expect(world().peer.contents("b")).toEqual(["c"])
    world().clock.advance(2_000)
    await engine.idle()
    expect(await world().state()).toMatchObject({ decisions: 1 })
  })

  test("times are recorded once for what they speak of", async () => {
    const at = later(0)
    const engine = await world().started({
      decide: ({ now }) => ({
        state: { total: 0, decisions: 0, outcomes: [] },
        effects: [],
        audit: [],
        times: [{ what: "cut", release: "1.0.0", subject: "sha", at: now.toISOString() }],
      }),
    })
    await world().add(engine)
    await engine.idle()
    world().clock.advance(1_000)
    await world().add(engine)
    await engine.idle()
    const rows = await world().store.db.selectFrom("slipway.times").selectAll().execute()
    expect(rows).toEqual([{ key: "1", what: "cut", release: "1.0.0", subject: "sha", at: new Date(at) }])
  })

  // Without `priority` in wakes.ts they are last, and without raising what is queued already key 3 is third.
  test("what somebody waits for is looked at before all that nobody waits for", async () => {
    const order: string[] = []
    const engine = world().engine(
      {
        isAwaited: (signal) => signal.kind === "add" && signal.amount === 100,
        observe: async ({ repo, signals }) => {
          order.push(repo.id)
          return { seen: signals.length }
        },
      },
      { concurrency: 1 },
    )
    for (const key of ["1", "2", "3"]) await world().add(engine, {}, key)
    for (const key of ["4", "3"]) await world().add(engine, { amount: 100 }, key)
    await engine.start()
    await engine.idle()
    expect(order).toEqual(["3", "4", "1", "2"])
  })

  // R9. Without the sweep in poll.ts: the delivery lies there for ever.
  test("a delivery whose wake was lost is found at start", async () => {
    const { db } = world().store
    await db
      .insertInto("slipway.keys")
      .values({ key: "1", repo: JSON.stringify(repository("1")) })
      .execute()
    await db
      .insertInto("slipway.inbox")
      .values({ delivery: "d", key: "1", signals: JSON.stringify([{ kind: "add", amount: 1 }]), received_at: T0 })
      .execute()
    const engine = await world().started()
    await eventually(() => world().state()).toMatchObject({ total: 1 })
    await engine.idle()
  })

  test("the audit trail cannot be rewritten", async () => {
    const engine = await world().started()
    await world().add(engine)
    await engine.idle()
    const { db } = world().store
    await expect(db.deleteFrom("slipway.audit").execute()).rejects.toThrow("append-only")
    await expect(db.updateTable("slipway.audit").set({ at: T0 }).execute()).rejects.toThrow("append-only")
  })
})
