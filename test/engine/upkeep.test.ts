import { sql } from "kysely"
import { describe, expect, test } from "vitest"
import type { Outcome } from "../../src/model/outcome.ts"
import { removeOld } from "../../src/store/remove-old.ts"
import type { FakeParts } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, T0, type World } from "./world.ts"

const DAY_MS = 86_400_000
const days = (count: number): Date => new Date(T0.getTime() + count * DAY_MS)

const left = async ({ store }: World): Promise<{ inbox: number; outbox: string[] }> => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from slipway.inbox`.execute(store.db)
  const outbox = await sql<{ effect_key: string }>`select effect_key from slipway.outbox order by seq`.execute(store.db)
  return { inbox: rows[0]?.count ?? -1, outbox: outbox.rows.map((row) => row.effect_key) }
}

const removeAll = async ({ store }: World, now: Date, keepDays?: number): Promise<void> => {
  while (await removeOld(store.db, now, keepDays));
}

onBothDatabases("upkeep", (world) => {
  describe("old rows", () => {
    /** One append, one replace, one replace whose content was overtaken before it began: their lane waits. */
    async function grown() {
      let isOpen = false
      const engine = await world().started({
        act: async (effect, context) =>
          isOpen || effect.key === "first"
            ? await world().peer.apply(effect, context)
            : { is: "retry", because: "wait", notDone: true },
      })
      await world().add(engine, { effects: [{ key: "first", target: "r", mode: "replace", content: "0" }] })
      await engine.idle()
      await world().add(engine, { effects: [{ key: "said", target: "s", lane: "l" }] })
      await engine.idle()
      await world().add(engine, { effects: [{ key: "old", target: "r", mode: "replace", content: "1", lane: "l" }] })
      await engine.idle()
      await world().add(engine, { effects: [{ key: "new", target: "r", mode: "replace", content: "2", lane: "l" }] })
      isOpen = true
      world().clock.advance(10_000)
      await engine.idle()
      expect((await world().outbox()).map(({ status }) => status)).toEqual(["done", "done", "superseded", "done"])
      return engine
    }

    test.each([
      ["for a week all is kept", 7, { inbox: 7, outbox: ["first", "said", "old", "new"] }],
      ["then what was never written goes", 7.01, { inbox: 7, outbox: ["first", "said", "new"] }],
      ["after a month nothing of it is left", 30.01, { inbox: 0, outbox: [] }],
    ])("%s", async (_, age, kept) => {
      await grown()
      await removeAll(world(), days(age))
      expect(await left(world())).toEqual(kept)
    })

    test.each([
      ["fewer days", 7, 7.01, 0],
      ["more days", 60, 59.99, 7],
      ["more days, and they are over", 60, 60.01, 0],
    ])("as long as an operator says: %s", async (_, keepDays, age, inbox) => {
      await grown()
      await removeAll(world(), days(age), keepDays)
      expect(await left(world())).toMatchObject({ inbox })
    })

    test("what is not decided on, or not applied, is kept however old it is", async () => {
      const engine = await world().started({ act: async () => ({ is: "retry", because: "away", notDone: true }) })
      await world().add(engine, { effects: [{ key: "waits" }] })
      await engine.idle()
      await engine.stop()
      await world().add(engine)
      await removeAll(world(), days(1_000))
      expect(await left(world())).toEqual({ inbox: 1, outbox: ["waits"] })
    })

    // Without `spent_keys`: the domain, which says its replies again at every run, would be heard a second time.
    test("an append whose row is gone is not said again, and a replacement is written if it is wished again", async () => {
      const engine = await grown()
      await removeAll(world(), days(31))
      const again = [
        { key: "said", target: "s", lane: "l" },
        { key: "back", target: "r", mode: "replace" as const, content: "0", lane: "l" },
      ]
      await world().add(engine, { effects: again })
      await engine.idle()
      expect(world().peer.contents("s")).toEqual(["c"])
      expect(world().peer.contents("r")).toEqual(["0", "2", "0"])
    })

    test("the audit trail stays, and a running engine does it by itself", async () => {
      const engine = await grown()
      world().clock.advance(31 * DAY_MS)
      await eventually(async () => await left(world())).toEqual({ inbox: 0, outbox: [] })
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from slipway.audit`.execute(
        world().store.db,
      )
      expect(rows[0]?.count).toBeGreaterThan(0)
      await engine.idle()
    })
  })

  describe("what a decision forgets", () => {
    test("is no longer among the handles, and a target of that name begins anew", async () => {
      const engine = await world().started()
      await world().add(engine, {
        effects: [
          { target: "a", key: "1" },
          { target: "b", key: "2" },
        ],
      })
      await engine.idle()
      await world().add(engine, { forgets: ["a", "unknown"] })
      await engine.idle()
      const targets = await world().store.db.selectFrom("slipway.handles").select("target").execute()
      expect(targets.map(({ target }) => target)).toEqual(["b"])
    })
  })

  describe("what a decision tries again", () => {
    /** Effects whose first round of attempts ends with `outcome`, and which then can be done. */
    async function refusedOnce(outcome: Outcome) {
      let isMended = false
      const act: FakeParts["act"] = async (effect, context) =>
        isMended ? await world().peer.apply(effect, context) : outcome
      const engine = await world().started({ act })
      await world().add(engine, {
        effects: [
          { key: "a", target: "a", lane: "a" },
          { key: "b", target: "b", lane: "b" },
        ],
      })
      await engine.idle()
      for (let i = 0; i < 12; i++) {
        world().clock.advance(400_000)
        await engine.idle()
      }
      isMended = true
      return engine
    }

    test.each<[string, Outcome, string]>([
      ["was forbidden", { is: "refused", code: "forbidden", because: "no permission" }, "refused"],
      ["was not configured", { is: "refused", code: "unavailable", because: "no token" }, "refused"],
      ["is a dead letter", { is: "retry", because: "503" }, "dead"],
    ])("an append that %s is done once, as an attempt in doubt, and its end is told", async (_, outcome, status) => {
      const engine = await refusedOnce(outcome)
      expect((await world().outbox()).map((row) => row.status)).toEqual([status, status])
      await world().add(engine, { retries: ["a", "unknown"] })
      await engine.idle()
      expect((await world().outbox()).map((row) => row.status)).toEqual(["done", status])
      expect(world().peer.calls).toEqual([{ key: "a", attempt: 1, mayHaveHappened: true }])
      expect((await world().state())?.outcomes.filter(({ of }) => of === "a").map(({ is }) => is)).toEqual([
        "refused",
        "done",
      ])
      await world().add(engine, { retries: ["a"] })
      await engine.idle()
      expect(world().peer.contents("a")).toEqual(["c"])
    })

    test("what the peer will never accept stays refused", async () => {
      const engine = await refusedOnce({ is: "refused", code: "invalid", because: "422" })
      await world().add(engine, { retries: ["a", "b"] })
      await engine.idle()
      expect(world().peer.written).toEqual([])
    })
  })
})
