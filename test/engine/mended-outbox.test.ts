import { sql } from "kysely"
import { expect, test, vi } from "vitest"
import { EMPTY_CHAIN, followChain } from "../../src/model/audit-chain.ts"
import type { Json } from "../../src/model/json.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import { auditHead, readAudit } from "../../src/store/audit.ts"
import { readDepths } from "../../src/store/depths.ts"
import { dropStuck, type Mended, retryStuck } from "../../src/store/mend-outbox.ts"
import { listStuck } from "../../src/store/outbox.ts"
import { call } from "../cli/call.ts"
import { openFresh } from "./databases.ts"
import type { Effect } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate, T0, World } from "./world.ts"

const stuck = async ({ store }: World) =>
  (await listStuck(store.db, { names: [], refused: false, most: 50 })).stuck.map(({ id, is, what }) => ({
    id,
    is,
    what,
  }))

async function oldestId(world: World): Promise<string> {
  return (await stuck(world))[0]?.id ?? "none"
}

const mending = ({ clock }: World, id: string) => ({ id, by: "lea", now: clock.now(), from: "lea@host" })
/** What a look of the real domain does: it names the targets that are tried again. */
const look = (...retries: readonly string[]): Json => ({ kind: "add", amount: 0, retries: [...retries] })
const retry = (world: World, id: string, retries: readonly string[] = ["t"]): Promise<Mended> =>
  retryStuck(world.store.db, mending(world, id), { isTriedAgain: (target) => target === "t", look: look(...retries) })
const drop = (world: World, id: string): Promise<Mended> =>
  dropStuck(world.store.db, { ...mending(world, id), because: "nobody needs it" }, ({ key }, outcome) => ({
    kind: "outcome",
    of: key,
    outcome: outcome as Json,
  }))

/** The records that tell of it; the chain has to hold. */
async function recorded({ store }: World, key = "1"): Promise<readonly object[]> {
  const records: object[] = []
  const chain = followChain(key, EMPTY_CHAIN)
  for await (const record of readAudit(store.db, key)) {
    chain.next(record)
    if (record.entry.what.startsWith("outbox")) records.push(record.entry)
  }
  expect(chain.end((await auditHead(store.db, key)) ?? EMPTY_CHAIN).breaks).toEqual([])
  return records
}

/** A peer that refuses until it is mended, and an engine that tries it in vain until the effect is given up. */
async function givenUp(world: World, said: Partial<Effect>) {
  const peer = { isMended: false }
  const engine = await world.started({
    act: async (effect, context): Promise<Outcome> =>
      peer.isMended ? await world.peer.apply(effect, context) : { is: "retry", because: "503" },
  })
  await world.add(engine, { effects: [{ key: "k", ...said }] })
  await engine.idle()
  for (let i = 0; i < 12; i++) {
    world.clock.advance(400_000)
    await engine.idle()
  }
  expect(await world.outbox()).toMatchObject([{ status: "dead", attempts: 12 }])
  return {
    engine,
    mend: () => {
      peer.isMended = true
    },
  }
}

onBothDatabases("slipway outbox", (world) => {
  test("retry: a message that was given up is said once, after a look whether it was, and somebody answers for it", async () => {
    const { engine, mend } = await givenUp(world(), { target: "t" })
    mend()
    const id = await oldestId(world())
    expect(await retry(world(), id)).toEqual({ is: "mended", how: "looked at again" })
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(["c"])
    expect(world().peer.calls).toMatchObject([{ attempt: 1, mayHaveHappened: true }])
    expect(await stuck(world())).toEqual([])
    expect(await recorded(world())).toMatchObject([
      { what: "outbox retried", by: "lea", facts: { id, effect: "k", target: "t", was: "dead", from: "lea@host" } },
    ])
  })

  test("retry: content that is no longer wanted is not written; what shows the present is", async () => {
    const { engine, mend } = await givenUp(world(), { mode: "replace", target: "t", content: "old" })
    mend()
    await world().add(engine, { effects: [{ key: "k2", mode: "replace", target: "t", content: "new" }] })
    await engine.idle()
    const id = await oldestId(world())
    expect(await retry(world(), id)).toEqual({ is: "mended", how: "newer was written" })
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(["new"])
    expect((await readDepths(world().store.db, T0)).dead).toBe(0)
  })

  // Without `superseded` in `leftInDoubt` (commit-decision.ts): it is made without a look, and there may be two.
  test("retry: content that was given up unheard is looked for before the target is made", async () => {
    const { engine, mend } = await givenUp(world(), { mode: "replace", target: "t", content: "old" })
    mend()
    expect(await retry(world(), await oldestId(world()))).toEqual({ is: "mended", how: "looked at again" })
    await world().add(engine, { effects: [{ key: "k2", mode: "replace", target: "t", content: "new" }] })
    await engine.idle()
    expect(world().peer.calls).toEqual([{ key: "k2", attempt: 1, mayHaveHappened: true }])
  })

  test("retry: what was decided on since is not repeated, and says so", async () => {
    const { engine, mend } = await givenUp(world(), { target: "deployment:1" })
    mend()
    const id = await oldestId(world())
    expect(await retry(world(), id)).toEqual({ is: "redecided", kind: "note" })
    await engine.idle()
    expect(world().peer.calls).toEqual([])
    expect(await recorded(world())).toEqual([])
  })

  test("retry: what waits is tried at once, though not before a request that may still land", async () => {
    const engine = await world().started({
      act: async (effect, context) =>
        context.attempt === 1
          ? { is: "retry", because: "503", afterSeconds: 3_000 }
          : world().peer.apply(effect, context),
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await engine.idle()
    const id = await oldestId(world())
    expect(await retry(world(), id)).toEqual({ is: "mended", how: "at once" })
    await engine.idle()
    expect(world().peer.calls).toEqual([])
    world().clock.advance(60_000)
    await engine.idle()
    expect(world().peer.calls).toMatchObject([{ attempt: 2, mayHaveHappened: true }])
  })

  test("drop: what waits is never done, the domain hears of it, and its lane goes on", async () => {
    const engine = await world().started({
      act: async (effect, context) =>
        effect.key === "bad" ? { is: "retry", because: "no", notDone: true } : world().peer.apply(effect, context),
    })
    await world().add(engine, { effects: [{ key: "bad" }, { key: "behind", target: "u" }] })
    await engine.idle()
    const id = await oldestId(world())
    expect(await drop(world(), id)).toEqual({ is: "mended", how: "dropped" })
    await engine.idle()
    expect(world().peer.calls.map(({ key }) => key)).toEqual(["behind"])
    expect((await world().state())?.outcomes).toEqual([
      { of: "bad", is: "refused", code: "dropped" },
      { of: "behind", is: "done" },
    ])
    expect(await drop(world(), id)).toEqual({ is: "over", status: "dropped" })
    expect(await retry(world(), id)).toEqual({ is: "over", status: "dropped" })
    expect(await recorded(world())).toMatchObject([
      { what: "outbox dropped", by: "lea", facts: { effect: "bad", because: "nobody needs it" } },
    ])
  })

  // Without `started_at` in dropStuck (mend-outbox.ts): it passes for something that was never done.
  test("drop: of what was begun, and never heard of, it is said that it may have been done", async () => {
    const engine = await world().started({
      act: async () => ({ is: "retry", because: "no answer", afterSeconds: 900 }),
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await engine.idle()
    expect(await drop(world(), await oldestId(world()))).toEqual({ is: "mended", how: "dropped in doubt" })
    await engine.idle()
    const because = "dropped by lea: nobody needs it; it was begun before, and may have been done all the same"
    expect(await world().outbox()).toMatchObject([{ status: "refused", last_error: because }])
    expect(await recorded(world())).toMatchObject([{ what: "outbox dropped", facts: { inDoubt: true } }])
  })

  // Without what dropStuck keeps of the begin (mend-outbox.ts), and `passDoubtOn`: it is made without a look, and there are two.
  test.each(["after it", "before it"])(
    "drop: what was begun is looked for by newer content that was decided %s",
    async (when) => {
      const engine = await world().started({
        act: async (effect, context) => {
          const done = await world().peer.apply(effect, context)
          return effect.key === "k" ? { is: "retry", because: "no answer", afterSeconds: 900 } : done
        },
      })
      const newer = { effects: [{ key: "k2", mode: "replace", target: "t", content: "new" } as const] }
      await world().add(engine, { effects: [{ key: "k", mode: "replace", target: "t", content: "old" }] })
      await engine.idle()
      const id = await oldestId(world())
      if (when === "before it") await world().add(engine, newer)
      await engine.idle()
      expect(await drop(world(), id)).toEqual({ is: "mended", how: "dropped in doubt" })
      await engine.idle()
      if (when === "after it") await world().add(engine, newer)
      await engine.idle()
      expect(world().peer.calls.map(({ key }) => key)).toEqual(["k"])
      world().clock.advance(60_000)
      await engine.idle()
      expect(world().peer.calls[1]).toEqual({ key: "k2", attempt: 1, mayHaveHappened: true })
    },
  )

  test("drop: what was given up stays so, whoever looks later", async () => {
    const { engine, mend } = await givenUp(world(), { target: "t" })
    mend()
    const id = await oldestId(world())
    expect(await drop(world(), id)).toEqual({ is: "mended", how: "dropped" })
    await world().add(engine, { retries: ["t"] })
    await engine.idle()
    expect(world().peer.calls).toEqual([])
    expect(await stuck(world())).toEqual([])
  })

  test("drop: nothing that is being tried at this moment", async () => {
    const { opened, open } = gate()
    const engine = await world().started({
      act: async (effect, context) => {
        await opened
        return await world().peer.apply(effect, context)
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await eventually(() => stuck(world())).toMatchObject([{ is: "trying" }])
    const id = await oldestId(world())
    expect(await drop(world(), id)).toEqual({ is: "busy" })
    open()
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(["c"])
    expect(await drop(world(), id)).toEqual({ is: "over", status: "done" })
  })

  test("a delivery that was given up is decided on once more, or dropped", async () => {
    const engine = await world().started()
    await world().add(engine, { amount: 1 })
    await world().add(engine, { amount: 10 })
    await world().add(engine, { amount: 100 })
    await engine.idle()
    await sql`update slipway.inbox set dead = 'a bug' where signals -> 0 ->> 'amount' <> '1'`.execute(world().store.db)
    const [first, second] = await stuck(world())
    expect([first?.is, second?.is]).toEqual(["dead", "dead"])
    expect(await retry(world(), first?.id ?? "")).toEqual({ is: "mended", how: "looked at again" })
    expect(await drop(world(), second?.id ?? "")).toEqual({ is: "mended", how: "dropped" })
    await engine.idle()
    expect((await world().state())?.total).toBe(1 + 10 + 100 + 10)
    expect(await stuck(world())).toEqual([])
    expect(await recorded(world())).toMatchObject([{ what: "outbox retried" }, { what: "outbox dropped" }])
  })

  test("nothing is asked of a repository that the App was taken away from", async () => {
    const { mend } = await givenUp(world(), { target: "t" })
    mend()
    await sql`update slipway.keys set state = state || '{"uninstalled": true}'`.execute(world().store.db)
    const id = await oldestId(world())
    expect(await retry(world(), id)).toEqual({ is: "uninstalled" })
    expect(await drop(world(), id)).toEqual({ is: "mended", how: "dropped" })
  })

  test.each(["e999", "d999", "e0"])("there is no %s", async (id) => {
    expect(await retry(world(), id)).toEqual({ is: "missing" })
    expect(await drop(world(), id)).toEqual({ is: "missing" })
  })
})

test("the command: a table, and what it did", async () => {
  const world = new World(await openFresh("tcp"))
  vi.stubEnv("DATABASE_URL", world.store.url)
  try {
    expect(await call(".", "outbox", "list")).toMatchObject({
      code: 0,
      out: "Nothing waits, and nothing was given up.\n",
    })
    await givenUp(world, { target: "t", kind: "reply" })
    const listed = await call(".", "outbox", "list", "ACME/repo-1", "--json")
    const [one] = JSON.parse(listed.out).stuck as [{ id: string; because: string }]
    expect(one).toMatchObject({ is: "dead", repository: "acme/repo-1", kind: "reply", attempts: 12 })
    expect((await call(".", "outbox", "list", "rival")).out).toContain("Nothing waits")
    expect((await call(".", "outbox", "list")).out).toMatch(
      /^ID +REPOSITORY +WHAT +SINCE +ATTEMPTS\n(e\d+) +dead +acme\/repo-1 +reply t +\d+ d ago +12, ended .* ago\n {2}given up after 12 attempts: 503\n\n1 dead letter\. /,
    )
    const reason = ["--reason", "said by hand", "--by", "lea"]
    expect(await call(".", "outbox", "drop", one.id, ...reason)).toMatchObject({
      code: 0,
      out: `${one.id} is dropped, and will not be done. The audit trail has it in the name of lea.\n`,
    })
    expect(await call(".", "outbox", "drop", one.id, ...reason)).toMatchObject({
      code: 1,
      err: `slipway outbox: ${one.id} is over: it is dropped\n`,
    })
  } finally {
    vi.unstubAllEnvs()
    await world.close()
    await world.store.close()
  }
})

test.each<[string, readonly string[], string]>([
  ["nothing", [], "it takes list, retry or drop"],
  ["no ID", ["retry"], "retry takes one ID"],
  ["what is no ID", ["drop", "17", "--reason", "x"], "drop takes one ID"],
  ["a drop without a reason", ["drop", "e1"], "drop takes --reason"],
  ["a retry with a reason", ["retry", "e1", "--reason", "x"], "--reason belongs to drop"],
  ["a name that is none", ["retry", "e1", "--by", "\u001b[2J"], "--by takes a name"],
  ["a list of something else", ["list", "a b"], "it takes accounts and repositories"],
])("wrong usage: %s", async (_, args, said) => {
  const { code, err } = await call(".", "outbox", ...args)
  expect(err).toContain(said)
  expect(code).toBe(2)
})
