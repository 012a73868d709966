import { expect, test } from "vitest"
import { repository, type Signal } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate } from "./world.ts"

onBothDatabases("deliveries", (world) => {
  test("a delivery becomes a decision with its audit entry, in one version", async () => {
    const engine = await world().started()
    await world().add(engine, { amount: 5 })
    await engine.idle()
    expect(await world().state()).toEqual({ total: 5, decisions: 1, outcomes: [] })
    const { db } = world().store
    expect(await db.selectFrom("slipway.audit").select(["version", "entry"]).execute()).toEqual([
      { version: "1", entry: { what: "added", facts: { signals: 1 } } },
    ])
    expect(await db.selectFrom("slipway.inbox").select("decided_version").execute()).toEqual([{ decided_version: "1" }])
  })

  // R1. Without the primary key (delivery, key), or `on conflict do nothing` in ingest: red.
  test("a redelivery changes nothing, before and after the decision", async () => {
    const engine = await world().started()
    const delivery = { id: "d", repo: repository("1"), signals: [{ kind: "add", amount: 1 }] satisfies Signal[] }
    const both = await Promise.all([engine.ingest(delivery), engine.ingest(delivery)])
    expect(both.sort()).toEqual(["duplicate", "stored"])
    await engine.idle()
    expect(await engine.ingest(delivery)).toBe("duplicate")
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 1, decisions: 1 })
  })

  test("one delivery id may speak to several keys", async () => {
    const engine = await world().started()
    const signals: Signal[] = [{ kind: "add", amount: 1 }]
    expect(await engine.ingest({ id: "d", repo: repository("1"), signals })).toBe("stored")
    expect(await engine.ingest({ id: "d", repo: repository("2"), signals })).toBe("stored")
    await engine.idle()
    expect([await world().state("1"), await world().state("2")]).toMatchObject([{ total: 1 }, { total: 1 }])
  })

  test("deliveries are decided on in the order in which they came, beyond the ninth", async () => {
    const observing = gate()
    const release = gate()
    let heard: number[] = []
    const engine = await world().started({
      observe: async ({ signals }) => {
        observing.open()
        await release.opened
        heard = signals.flatMap((signal) => (signal.kind === "add" ? [signal.amount] : []))
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await observing.opened
    const amounts = Array.from({ length: 12 }, (_, at) => at)
    for (const amount of amounts) await world().add(engine, { amount })
    release.open()
    await engine.idle()
    expect(heard).toEqual(amounts)
  })

  test("a repository's new name is kept", async () => {
    const engine = await world().started()
    await world().add(engine)
    await engine.ingest({ id: "renamed", repo: { ...repository("1"), name: "renamed" }, signals: [] })
    const row = await world().store.db.selectFrom("slipway.keys").select("repo").executeTakeFirstOrThrow()
    expect(row.repo.name).toBe("renamed")
  })

  test("deliveries that come while a run observes are decided together by the next", async () => {
    const observing = gate()
    const release = gate()
    let runs = 0
    const engine = await world().started({
      observe: async ({ signals }) => {
        runs++
        observing.open()
        await release.opened
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await observing.opened
    await Promise.all(Array.from({ length: 20 }, () => world().add(engine)))
    release.open()
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 21, decisions: 2 })
    expect(runs).toBe(2)
  })

  test("a key that is stuck holds up no other", async () => {
    const release = gate()
    const engine = await world().started({
      observe: async ({ repo, signals }) => {
        if (repo.id === "stuck") await release.opened
        return { seen: signals.length }
      },
    })
    await world().add(engine, {}, "stuck")
    await Promise.all(["2", "3", "4"].map((key) => world().add(engine, {}, key)))
    await eventually(() => world().state("4")).toMatchObject({ total: 1 })
    expect(await world().state("stuck")).toBeUndefined()
    release.open()
    await engine.idle()
    expect(await world().state("stuck")).toMatchObject({ total: 1 })
  })

  test("nothing is lost or counted twice in a storm of deliveries on three keys", async () => {
    const engine = await world().started()
    await Promise.all(Array.from({ length: 120 }, (_, i) => world().add(engine, {}, String(i % 3))))
    await engine.idle()
    for (const key of ["0", "1", "2"]) expect(await world().state(key)).toMatchObject({ total: 40 })
    expect(world().seen.runs.filter((run) => run === "lost" || run === "failed")).toEqual([])
  })

  test("echoes of our own writes wake nobody", async () => {
    const engine = await world().started({
      isEcho: (signal, handles) =>
        signal.kind === "add" && Object.values(handles).some((each) => each.written === String(signal.amount)),
    })
    await world().add(engine, { amount: 1, effects: [{ content: "7" }] })
    await engine.idle()
    const decisions = (await world().state())?.decisions
    await world().add(engine, { amount: 7 })
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 1, decisions })
    await world().add(engine, { amount: 8 })
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 9 })
  })
})
