import { sql } from "kysely"
import { expect, test } from "vitest"
import { readDepths } from "../../src/store/depths.ts"
import { type FakeParts, fakeParts } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { T0, type World } from "./world.ts"

const BAD = 1_000
const isBad = ({ kind, ...rest }: { kind: string; amount?: number }): boolean => kind === "add" && rest.amount === BAD

/** A domain that throws whenever a bad signal is among those it sees. */
const allergic: FakeParts["observe"] = async ({ signals }) => {
  if (signals.some(isBad)) throw new TypeError("cannot read it")
  return { seen: signals.length }
}

/** Lets so many minutes pass, each with what is due in it. */
async function minutes(world: World, engine: { idle(): Promise<void> }, count: number): Promise<void> {
  for (let i = 0; i < count * 2; i++) {
    world.clock.advance(30_000)
    await engine.idle()
  }
}

const buried = async ({ store }: World): Promise<{ amount: number; dead: string }[]> =>
  (
    await sql<{ amount: number; dead: string }>`
      select (signals->0->>'amount')::int as amount, dead from slipway.inbox where dead is not null order by seq`.execute(
      store.db,
    )
  ).rows

onBothDatabases("a delivery on which every run throws", (world) => {
  // Without `isolate` in run-decision.ts: nothing of this key is ever decided on again.
  test.each([
    ["alone", [BAD]],
    ["first", [BAD, 1, 1, 1, 1]],
    ["in the middle", [1, 1, BAD, 1, 1, 1]],
    ["twice", [1, BAD, 1, 1, 1, BAD, 1]],
  ])("is given up, said and counted, and the rest goes on: %s", async (_, amounts) => {
    const engine = await world().started({ observe: allergic })
    for (const amount of amounts) await world().add(engine, { amount })
    await engine.idle()
    await minutes(world(), engine, 10)
    const bad = amounts.filter((amount) => amount === BAD)
    expect(await buried(world())).toEqual(bad.map((amount) => ({ amount, dead: "cannot read it" })))
    expect((await world().state())?.total).toBe(amounts.length - bad.length)
    expect(world().seen.deadDeliveries).toBe(bad.length)
    expect(world().seen.lines.filter(({ message }) => message.startsWith("a delivery is dead"))).toHaveLength(
      bad.length,
    )
    expect(await readDepths(world().store.db, T0)).toMatchObject({ inbox: 0, dead: bad.length })
    await world().add(engine, { amount: 5 })
    await engine.idle()
    expect((await world().state())?.total).toBe(amounts.length - bad.length + 5)
  })

  test("so is one of which the database cannot hold what was decided", async () => {
    const { decide } = fakeParts(world().peer)
    const engine = await world().started({
      decide(input) {
        const audit = [{ what: input.signals.some(isBad) ? "\u0000" : "added", facts: {} }]
        return { ...decide(input), audit }
      },
    })
    await world().add(engine, { amount: BAD })
    await world().add(engine)
    await engine.idle()
    await minutes(world(), engine, 10)
    expect(await buried(world())).toMatchObject([{ amount: BAD }])
    expect((await world().state())?.total).toBe(1)
  })

  // Without the rehearsal in isolate.ts: every delivery of a key that is broken itself would be given up.
  test("where a run throws without any delivery, none is given up", async () => {
    let isBroken = true
    const engine = await world().started({
      async observe({ signals }) {
        if (isBroken) throw new TypeError("whatever came")
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await world().add(engine)
    await engine.idle()
    await minutes(world(), engine, 20)
    expect(await buried(world())).toEqual([])
    isBroken = false
    await minutes(world(), engine, 2)
    expect(await world().state()).toMatchObject({ total: 2 })
  })

  test("a peer that is away for long has nothing given up", async () => {
    let isAway = true
    const engine = await world().started({
      async observe({ signals }) {
        if (isAway) throw Object.assign(new Error("502"), { name: "PeerUnavailable" })
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await engine.idle()
    await minutes(world(), engine, 20)
    isAway = false
    await minutes(world(), engine, 2)
    expect(await world().state()).toMatchObject({ total: 1 })
    expect(world().seen.deadDeliveries).toBe(0)
  })
})
