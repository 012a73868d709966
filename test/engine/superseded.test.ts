import { sql } from "kysely"
import { expect, test } from "vitest"
import { applyEffect } from "../../src/engine/apply-effect.ts"
import { renewLease, takeLease } from "../../src/store/lease.ts"
import { look } from "../../src/store/look.ts"
import { fakeParts } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import type { World } from "./world.ts"

const LEASE_MS = 15_000

/** A key that is held, with one effect that was about to begin: what `applyEffect` is given. */
async function aboutToBegin(world: World) {
  const { store, clock, peer, seen } = world
  const engine = await world.started({ act: async () => ({ is: "retry", because: "not yet", notDone: true }) })
  await world.add(engine, { effects: [{ key: "k", mode: "replace" }] })
  await engine.idle()
  await engine.stop()
  const lease = await takeLease(store.db, "1", "us", LEASE_MS)
  const looked = lease && (await look(store.db, lease, () => ({ is: "go" })))
  const [head] = looked?.view.heads ?? []
  if (!lease || !looked || !head) throw new Error("the key is not ours, or its effect is not pending")
  const context = {
    db: store.db,
    parts: fakeParts(peer),
    clock,
    log: seen.log,
    metrics: seen.metrics,
    lease,
    leaseMs: LEASE_MS,
    requestTimeoutMs: 10_000,
    landingMs: 0,
    abort: new AbortController().signal,
  }
  return { lease, apply: () => applyEffect(context, head, looked.view) }
}

onBothDatabases("an effect that was about to begin", (world) => {
  // R12. With "stale" for whatever could not begin (applyEffect): the run would leave its key, which then waits for
  // the end of a lease that nobody uses.
  test("is left alone when newer content has taken its place, and the run goes on", async () => {
    const { lease, apply } = await aboutToBegin(world())
    await sql`update slipway.outbox set status = 'superseded', ended_at = next_at`.execute(world().store.db)
    expect(await apply()).toBe("recorded")
    expect(world().peer.calls).toEqual([])
    expect(await renewLease(world().store.db, lease, LEASE_MS)).toBe(true)
  })

  test("is left alone when another has taken the key, and the run ends", async () => {
    const { apply } = await aboutToBegin(world())
    await sql`update slipway.keys set fence = fence + 1, lease_owner = 'another'`.execute(world().store.db)
    expect(await apply()).toBe("stale")
    expect(world().peer.calls).toEqual([])
  })

  test("begins while the key is ours and nothing newer came", async () => {
    const { apply } = await aboutToBegin(world())
    expect(await apply()).toBe("recorded")
    expect(world().peer.calls).toMatchObject([{ key: "k" }])
  })
})
