import { expect, test } from "vitest"
import type { Outcome } from "../../src/model/outcome.ts"
import { readDepths } from "../../src/store/depths.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate } from "./world.ts"

const MAY = "it may have been done all the same"

onBothDatabases("effects that are withdrawn", (world) => {
  // Without `withdraw` (commit-decision.ts): each of them is tried again, and done.
  test.each<[string, Outcome, string, string]>([
    ["never answered", { is: "retry", because: "503" }, "unavailable", MAY],
    [
      "told to wait",
      { is: "retry", because: "429", afterSeconds: 90, notDone: true },
      "withdrawn",
      "before it was done",
    ],
  ])("what was %s is not tried again, and its end is decided on", async (_, answer, code, because) => {
    let attempts = 0
    const engine = await world().started({
      act: async (done, context) => (attempts++ === 0 ? answer : await world().peer.apply(done, context)),
    })
    await world().add(engine, { effects: [{ key: "k" }, { key: "behind", target: "behind" }] })
    await engine.idle()
    await world().add(engine, { withdraws: ["t"] })
    await engine.idle()
    for (let i = 0; i < 3; i++) {
      world().clock.advance(100_000)
      await engine.idle()
    }
    expect(world().peer.calls.map(({ key }) => key)).toEqual(["behind"])
    expect((await world().state())?.outcomes).toEqual([
      { of: "k", is: "refused", code },
      { of: "behind", is: "done" },
    ])
    const [row] = await world().outbox()
    expect(row).toMatchObject({ status: "refused", attempts: 1, last_error: expect.stringContaining(because) })
    expect((await readDepths(world().store.db, world().clock.now())).dead).toBe(0)
  })

  test("what nothing was begun of is not done: not the one in front, and not those behind it", async () => {
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        if (done.target === "slow") await release.opened
        return await world().peer.apply(done, context)
      },
    })
    const wishes = [{ target: "slow" }, { key: "1" }, { key: "2" }, { key: "kept", target: "other" }]
    await world().add(engine, { effects: wishes })
    await eventually(async () => (await world().outbox()).length).toBe(4)
    await world().add(engine, { withdraws: ["t"], effects: [{ key: "3" }, { key: "2" }] })
    await eventually(async () => (await world().state())?.outcomes.length).toBe(2)
    release.open()
    await engine.idle()
    expect(world().peer.written.map(({ key }) => key)).toEqual(["slow:c", "kept", "3"])
    expect((await world().state())?.outcomes.slice(0, 2)).toEqual([
      { of: "1", is: "refused", code: "withdrawn" },
      { of: "2", is: "refused", code: "withdrawn" },
    ])
  })

  // Without `under_way` (withdraw.ts): its end is not recorded, and the key is taken for lost.
  // Without the guard that it gets there: it is done when it is tried again.
  test.each<[string, Outcome, Outcome["is"], string | undefined]>([
    ["is done", { is: "done", handle: { id: "7" } }, "done", undefined],
    ["is refused", { is: "refused", code: "forbidden", because: "403" }, "refused", "forbidden"],
    ["gets no answer", { is: "retry", because: "503" }, "refused", "expired"],
    ["has to wait", { is: "retry", because: "429", notDone: true }, "refused", "expired"],
  ])("what is under way ends as it ends, and is not tried again: it %s", async (_, answer, is, code) => {
    const begun = gate()
    const release = gate()
    let attempts = 0
    const engine = await world().started({
      act: async () => {
        attempts++
        begun.open()
        await release.opened
        return answer
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await begun.opened
    await world().add(engine, { withdraws: ["t"] })
    await eventually(async () => (await world().state())?.total).toBe(2)
    release.open()
    await engine.idle()
    for (let i = 0; i < 3; i++) {
      world().clock.advance(100_000)
      await engine.idle()
    }
    expect(attempts).toBe(1)
    expect((await world().state())?.outcomes).toEqual([{ of: "k", is, ...(code === undefined ? {} : { code }) }])
    expect(world().seen.effects).not.toContain("stale")
  })

  test("what a killed process left in doubt is not tried again, and says that it may have been done", async () => {
    const begun = gate()
    const engine = await world().started({
      act: async () => {
        begun.open()
        return await new Promise(() => undefined)
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await begun.opened
    await engine.stop({ withinMs: 0 })
    await world().store.db.updateTable("slipway.keys").set({ lease_owner: null, lease_until: null }).execute()
    const next = world().engine()
    await world().add(next, { withdraws: ["t"] })
    await next.start()
    await next.idle()
    expect(world().peer.calls).toEqual([])
    expect(await world().outbox()).toMatchObject([{ status: "refused", last_error: expect.stringContaining(MAY) }])
    expect((await world().state())?.outcomes).toEqual([{ of: "k", is: "refused", code: "expired" }])
  })

  test("nothing else is: content that a target is to show, other targets, and what has ended", async () => {
    const answers = new Map<string, Outcome>([["shown", { is: "retry", because: "503" }]])
    const engine = await world().started({
      act: async (done, context) => {
        const answer = answers.get(done.key)
        answers.delete(done.key)
        return answer ?? (await world().peer.apply(done, context))
      },
    })
    await world().add(engine, { effects: [{ key: "done" }, { key: "shown", lane: "own", mode: "replace" }] })
    await engine.idle()
    await world().add(engine, { withdraws: ["t", "nobody's"] })
    await engine.idle()
    world().clock.advance(2_000)
    await engine.idle()
    expect((await world().outbox()).map(({ effect_key, status }) => [effect_key, status])).toEqual([
      ["done", "done"],
      ["shown", "done"],
    ])
  })
})
