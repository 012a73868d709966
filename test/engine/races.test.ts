import { sql } from "kysely"
import { expect, test } from "vitest"
import { createEngine } from "../../src/engine/engine.ts"
import { throwIfLate } from "../../src/model/in-time.ts"
import { beginAttempt, endEffect, postponeEffect } from "../../src/store/attempts.ts"
import { commitDecision } from "../../src/store/commit-decision.ts"
import { type Lease, renewLease, takeLease } from "../../src/store/lease.ts"
import { look } from "../../src/store/look.ts"
import type { Store } from "../../src/store/open.ts"
import { dismiss } from "../../src/store/postpone-run.ts"
import { effect, fakeParts, repository } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate, T0, type World } from "./world.ts"

/** How many sessions wait for a lock that another holds. */
async function blockedSessions({ store }: World): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct pid)::int as count from pg_locks where not granted
      and (database is null or database = (select oid from pg_database where datname = current_database()))`.execute(
    store.db,
  )
  return rows[0]?.count ?? 0
}

/** The late delivery's wake has been taken by a worker that found the key held, and is gone. */
async function isWakeConsumed({ store }: World): Promise<boolean> {
  const { rows } = await sql`select 1 from slipway_wakes.job where name = 'wake' and state = 'created'`.execute(
    store.db,
  )
  return rows.length === 0
}

const expireLease = async ({ store }: World): Promise<void> =>
  void (await sql`update slipway.keys set lease_until = clock_timestamp() - interval '1 second'
                  where lease_owner is not null`.execute(store.db))

/** The store, with a stop between the sending of a wake and the commit of its transaction. */
function stallingAfterSend(store: Store, sent: () => void, commit: Promise<void>): Store {
  return {
    ...store,
    wakes: {
      ...store.wakes,
      async send(session, key) {
        await store.wakes.send(session, key)
        sent()
        await commit
      },
    },
  }
}

onBothDatabases("races", (world) => {
  // R2. Without `.forUpdate()` in look.ts, or without both `for key share` in `keep` (ingest.ts) and the inbox's
  // foreign key (which takes the same lock when the row is inserted): total 1, the delivery is lost.
  test("a delivery whose wake coalesces into a run that is about to read is seen by that run", async () => {
    const { store, seen, clock, peer } = world()
    const first = world().engine()
    await world().add(first)
    const sent = gate()
    const commit = gate()
    const ingesting = createEngine({
      store: stallingAfterSend(store, sent.open, commit.opened),
      parts: fakeParts(peer),
      clock,
      log: seen.log,
      metrics: seen.metrics,
      requestTimeoutMs: 10_000,
    })
    // The wake of the first delivery is queued: the second coalesces into it, and does not commit yet.
    const second = world().add(ingesting)
    await sent.opened
    await first.start()
    // The run of that wake either waits for the delivery in flight, or has gone by without it.
    await eventually(async () => (await blockedSessions(world())) > 0 || !(await store.wakes.pending())).toBe(true)
    commit.open()
    await second
    await first.idle()
    expect(await world().state()).toMatchObject({ total: 2 })
  })

  // R3. Without version and fence in `advance` (commit-decision.ts): the loser overwrites 11 with 1.
  test("of two runs that rest on the same version one loses, and its decision is thrown away", async () => {
    const observing = gate()
    const release = gate()
    let looks = 0
    const engine = await world().started({
      observe: async ({ signals }) => {
        if (++looks === 1) {
          observing.open()
          await release.opened
        }
        return { seen: signals.length }
      },
    })
    await world().add(engine, { effects: [{ key: "once" }] })
    await observing.opened
    await world().add(engine, { amount: 10 })
    await expireLease(world())
    await eventually(() => world().state()).toMatchObject({ total: 11, outcomes: [{ of: "once", is: "done" }] })
    const { state } = await world().store.db.selectFrom("slipway.keys").select("state").executeTakeFirstOrThrow()
    release.open()
    await engine.idle()
    expect(await world().state()).toEqual(state)
    expect(world().peer.contents("t")).toEqual(["c"])
    const audit = await world().store.db.selectFrom("slipway.audit").select("version").execute()
    expect(new Set(audit.map((row) => row.version)).size).toBe(audit.length)
  })

  // R4. With the release after look's transaction instead of in it: the delivery lies there until the sweep.
  test("a delivery that comes while the holder gives the key back is not left lying", async () => {
    const { db } = world().store
    await sql`create function slipway.stall() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(42); return new; end $$`.execute(db)
    await sql`create trigger stall before update on slipway.keys for each row
      when (old.lease_owner is not null and new.lease_owner is null) execute function slipway.stall()`.execute(db)
    try {
      const letGo = gate()
      const holding = gate()
      const holder = db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(42)`.execute(transaction)
        holding.open()
        await letGo.opened
      })
      await holding.opened
      const engine = await world().started()
      await world().add(engine)
      // The run has decided, found nothing more, and stands at giving the key back.
      await eventually(() => blockedSessions(world())).toBe(1)
      // pg-boss would keep the late wake until this run has ended, but it is not to be relied on for that.
      await world().store.wakes.dropActive(["1"])
      const other = await (await world().twin()).started()
      let ingested = false
      const late = world()
        .add(other, { amount: 10 })
        .then(() => {
          ingested = true
        })
      const goneBy = async () => ingested && (await isWakeConsumed(world()))
      await eventually(async () => (await blockedSessions(world())) > 1 || (await goneBy())).toBe(true)
      letGo.open()
      await Promise.all([holder, late])
      await engine.idle()
      expect(await world().state()).toMatchObject({ total: 11 })
    } finally {
      await sql`drop function slipway.stall cascade`.execute(db)
    }
  })

  // R6. Without `fence = …` in the statement that a line names: that line is red.
  test("whoever has lost the key can do nothing in its name", async () => {
    const { db } = world().store
    const engine = world().engine()
    await world().add(engine, { effects: [{ key: "k" }] })
    const stop = await world().started()
    await stop.idle()
    await sql`update slipway.outbox set status = 'pending', ended_at = null, outcome = null, attempts = 0`.execute(db)
    const { seq } = await db.selectFrom("slipway.outbox").select("seq").executeTakeFirstOrThrow()
    const before = await db.selectFrom("slipway.outbox").selectAll().executeTakeFirstOrThrow()
    // One process twice: the owner is the same, so only the fence tells them apart.
    const stale = (await takeLease(db, "1", "process", 60_000)) as Lease
    await expireLease(world())
    const held = (await takeLease(db, "1", "process", 60_000)) as Lease
    const end = {
      seq,
      effect: effect({ key: "k" }),
      attempt: 1,
      status: "done" as const,
      outcome: { is: "done" as const },
      signals: [],
      now: T0,
    }
    expect(await beginAttempt(db, stale, seq, 60_000, T0)).toBeUndefined()
    expect(await endEffect(db, stale, end)).toBe(false)
    expect(await postponeEffect(db, stale, seq, { nextAt: T0, because: "", certain: true })).toBe(false)
    expect(await renewLease(db, stale, 60_000)).toBe(false)
    expect(await look(db, stale, () => ({ is: "go" }))).toBeUndefined()
    const decision = (lease: Lease) => ({
      key: "1",
      lease,
      read: { version: "2", inbox: [] },
      now: T0,
      state: "of the one that lost the key",
      revisitAt: undefined,
      effects: [],
      audit: [],
      times: [],
      forgets: [],
      retries: [],
      listens: [],
      waiting: [],
    })
    expect(await commitDecision(world().store, decision(stale))).toBe("lost")
    await sql`update slipway.inbox set decided_at = null`.execute(db)
    const { seq: delivery } = await db.selectFrom("slipway.inbox").select("seq").executeTakeFirstOrThrow()
    await dismiss(db, stale, [delivery], "2", T0)
    const undecided = db.selectFrom("slipway.inbox").select("seq").where("decided_at", "is", null)
    expect((await undecided.execute()).map(({ seq }) => seq)).toContain(delivery)
    await dismiss(db, held, [delivery], "2", T0)
    expect((await undecided.execute()).map(({ seq }) => seq)).not.toContain(delivery)
    expect(await db.selectFrom("slipway.outbox").selectAll().executeTakeFirstOrThrow()).toEqual(before)
    expect(await beginAttempt(db, held, seq, 60_000, T0)).toEqual({ number: 1, mayHaveHappened: false })
    expect(await endEffect(db, held, end)).toBe(true)
    expect(await commitDecision(world().store, decision(held))).toBe("committed")
  })

  test("a key that is held is taken by nobody, also not by its holder", async () => {
    const { db } = world().store
    await world().add(world().engine())
    expect(await takeLease(db, "1", "process", 60_000)).toMatchObject({ fence: "1" })
    expect(await takeLease(db, "1", "process", 60_000)).toBeUndefined()
    expect(await takeLease(db, "1", "another", 60_000)).toBeUndefined()
    await expireLease(world())
    expect(await takeLease(db, "1", "another", 60_000)).toMatchObject({ fence: "2" })
  })

  // R6, before the peer. Without `checkedBy` in apply-effect.ts: it goes on from its look, for no timer has had a turn yet.
  test("an attempt that slept for longer than it may last goes on to no request", async () => {
    let slept = false
    const engine = await world().started(
      {
        act: async (done, context) => {
          if (!slept) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
          slept = true
          throwIfLate(context.signal)
          return await world().peer.apply(done, context)
        },
      },
      { requestTimeoutMs: 300 },
    )
    await world().add(engine, { effects: [{ key: "k" }] })
    await eventually(() => slept).toBe(true)
    await eventually(() => world().outbox()).toMatchObject([{ last_error: expect.stringMatching(/no answer within/) }])
    expect(world().peer.calls).toEqual([])
  })

  // R6, in the database. Without `idle_in_transaction_session_timeout` (open.ts): the key is held up until the test ends.
  test("a process that is paused in a transaction does not keep its locks until it awakes", async () => {
    const { store, seen, clock, peer } = world()
    const sent = gate()
    const awake = gate()
    const paused = createEngine({
      store: stallingAfterSend(store, sent.open, awake.opened),
      parts: fakeParts(peer),
      clock,
      log: seen.log,
      metrics: seen.metrics,
      requestTimeoutMs: 10_000,
    })
    const engine = await world().started()
    await world().add(engine)
    await engine.idle()
    const ingesting = world().add(paused, { amount: 10 })
    await sent.opened
    await world().add(engine, { amount: 100 })
    await eventually(() => world().state()).toMatchObject({ total: 101 })
    awake.open()
    await expect(ingesting).rejects.toThrow()
  })

  // R6. Without the fence in `isHeld` (attempts.ts): the outcome of the one that lost the key is what counts.
  test("a holder whose key was taken during an effect stops speaking for it", async () => {
    const first = { begun: gate(), release: gate() }
    const second = { begun: gate(), release: gate() }
    const engine = await world().started({
      act: async (done, context) => {
        const outcome = await world().peer.apply(done, context) // the peer does it at once, the answer comes late
        if (done.content !== "1") return outcome
        const attempt = context.attempt === 1 ? first : second
        attempt.begun.open()
        await attempt.release.opened
        return context.attempt === 1 ? { ...outcome, handle: { id: "of the one that lost the key" } } : outcome
      },
    })
    await world().add(engine, { effects: [{ content: "1" }, { content: "2", target: "u" }] })
    await first.begun.opened
    await expireLease(world())
    await second.begun.opened
    first.release.open()
    await eventually(() => world().seen.effects).toContain("stale")
    second.release.open()
    await engine.idle()
    expect(world().peer.calls).toEqual([
      { key: "t:1", attempt: 1, mayHaveHappened: false },
      { key: "t:1", attempt: 2, mayHaveHappened: true },
      { key: "u:2", attempt: 1, mayHaveHappened: false },
    ])
    expect(await world().state()).toMatchObject({ outcomes: [{ of: "t:1" }, { of: "u:2" }] })
    const handles = await world().store.db.selectFrom("slipway.handles").select("handle").execute()
    expect(handles.map((row) => row.handle.id).sort()).toEqual(["id of t", "id of u"])
  })

  test("a graceful stop finishes what runs, begins nothing, and leaves the rest to others", async () => {
    const begun = gate()
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        begun.open()
        await release.opened
        return await world().peer.apply(done, context)
      },
    })
    await world().add(engine, { effects: [{ content: "1" }, { content: "2" }] })
    await begun.opened
    const stopped = engine.stop()
    release.open()
    await stopped
    expect(world().peer.contents("t")).toEqual(["1"])
    expect((await world().outbox()).map((row) => row.status)).toEqual(["done", "pending"])
    expect(await world().lease()).toMatchObject({ owner: null })
    const other = await world().twin()
    const next = await other.started()
    await eventually(() => other.peer.contents("t")).toEqual(["2"])
    await next.idle()
  })

  test("a stop that cannot wait any longer leaves the effect in doubt and the key until its lease runs out", async () => {
    const begun = gate()
    const engine = await world().started({
      act: async () => {
        begun.open()
        return await new Promise(() => undefined)
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await begun.opened
    await engine.stop({ withinMs: 50 })
    expect(await world().lease()).not.toMatchObject({ owner: null })
    expect(await world().outbox()).toMatchObject([{ status: "pending", attempts: 1 }])
    await expireLease(world())
    const other = await world().twin()
    const next = await other.started()
    await eventually(() => other.peer.calls).toEqual([{ key: "k", attempt: 2, mayHaveHappened: true }])
    await next.idle()
  })

  // Without the wake in `handBack` (tick.ts): the delivery waits for the sweep.
  test("a stop during a look at the world hands the delivery to another process", async () => {
    const observing = gate()
    const engine = await world().started({
      observe: async ({ repo, signals, abort }) => {
        if (repo.id !== "1") return { seen: signals.length }
        observing.open()
        return await new Promise((_, reject) => abort.addEventListener("abort", () => reject(abort.reason)))
      },
    })
    await world().add(engine)
    await observing.opened
    const other = await world().twin()
    const next = await other.started()
    // Its sweep is over when its timers run: what it finds from now on, it finds because it was woken.
    await other.add(next, { revisitAt: new Date(T0.getTime() + 30_000).toISOString() }, "2")
    await eventually(async () => (await world().state("2"))?.decisions).toBe(1)
    other.clock.advance(60_000)
    await eventually(async () => (await world().state("2"))?.decisions).toBeGreaterThan(1)
    await engine.stop()
    await eventually(() => world().state()).toMatchObject({ total: 1 })
    await next.idle()
    expect(await world().lease()).toMatchObject({ owner: null })
  })

  // R11. With a run that gives the key back without looking again (tick.ts): the delivery waits for the sweep.
  test("a delivery that spared its wake for a timer is not lost when a run clears that timer", async () => {
    const observing = gate()
    const release = gate()
    const settled = (first: Date | undefined, now: Date) => {
      const until = new Date((first?.getTime() ?? 0) + 2_000)
      return until > now ? until : undefined
    }
    const engine = await world().started({
      settle: (pending, now) => settled(pending[0]?.receivedAt, now),
      observe: async ({ signals }) => {
        observing.open()
        await release.opened
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await engine.idle()
    world().clock.advance(2_000)
    await observing.opened
    // The poll may have woken the key more than once before it was taken; from now on it leaves it to its holder.
    await sql`delete from slipway_wakes.job where name = 'wake' and state = 'created'`.execute(world().store.db)
    await world().add(engine)
    expect(await isWakeConsumed(world())).toBe(true)
    release.open()
    await eventually(() => world().state()).toMatchObject({ total: 1 })
    await engine.idle()
    world().clock.advance(2_000)
    await eventually(() => world().state()).toMatchObject({ total: 2, decisions: 2 })
    await engine.idle()
  })

  test("a delivery that comes while no engine runs is decided on by the next", async () => {
    const engine = world().engine()
    expect(await engine.ingest({ id: "d", repo: repository("1"), signals: [{ kind: "add", amount: 3 }] })).toBe(
      "stored",
    )
    expect(await world().state()).toBeUndefined()
    await engine.start()
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 3 })
  })
})
