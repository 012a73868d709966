import { expect, test } from "vitest"
import type { Outcome } from "../../src/model/outcome.ts"
import { effect, type FakeParts } from "./fake-domain.ts"
import { onBothDatabases } from "./suite.ts"
import { eventually, gate, T0 } from "./world.ts"

onBothDatabases("effects", (world) => {
  test("an effect is applied and its outcome comes back as a signal", async () => {
    const engine = await world().started()
    await world().add(engine, { effects: [{ key: "k", target: "draft", content: "notes" }] })
    await engine.idle()
    expect(world().peer.contents("draft")).toEqual(["notes"])
    expect(await world().state()).toEqual({ total: 1, decisions: 2, outcomes: [{ of: "k", is: "done" }] })
    expect(await world().outbox()).toEqual([{ effect_key: "k", status: "done", attempts: 1, last_error: null }])
  })

  test("the handle of a target is given to its next effect, and forgotten when it says so", async () => {
    const handles: (string | undefined)[] = []
    const engine = await world().started({
      act: async (done, context) => {
        handles.push(context.handle?.id)
        return await world().peer.apply(done, context)
      },
    })
    await world().add(engine, { effects: [{ content: "1" }] })
    await engine.idle()
    await world().add(engine, { effects: [{ content: "2", forgets: true }] })
    await engine.idle()
    await world().add(engine, { effects: [{ content: "3" }] })
    await engine.idle()
    expect(handles).toEqual([undefined, "id of t", undefined])
  })

  test("a target that a person deleted is forgotten", async () => {
    const outcomes: Outcome[] = [
      { is: "done", handle: { id: "7" } },
      { is: "refused", code: "gone", because: "404" },
    ]
    const engine = await world().started({ act: async () => outcomes.shift() ?? { is: "done" } })
    await world().add(engine, { effects: [{ content: "1" }] })
    await engine.idle()
    await world().add(engine, { effects: [{ content: "2" }] })
    await engine.idle()
    expect(await world().store.db.selectFrom("slipway.handles").selectAll().execute()).toEqual([])
    expect((await world().state())?.outcomes).toEqual([
      { of: "t:1", is: "done" },
      { of: "t:2", is: "refused", code: "gone" },
    ])
  })

  // Without `supersede` in commit-decision.ts: the peer sees "2" as well.
  test("`replace` writes only the newest content, `append` writes each", async () => {
    const first = gate()
    const begun = gate()
    const engine = await world().started({
      act: async (done, context) => {
        begun.open()
        await first.opened
        return await world().peer.apply(done, context)
      },
    })
    const both = (content: string) => [
      effect({ target: "check", content, mode: "replace", lane: "check" }),
      effect({ target: "reply", content, mode: "append", lane: "thread", key: `reply:${content}` }),
    ]
    await world().add(engine, { effects: both("1") })
    await begun.opened
    for (const content of ["2", "3"]) {
      await world().add(engine, { effects: both(content) })
      await eventually(async () => (await world().outbox()).length).toBe(Number(content) * 2)
    }
    first.open()
    await engine.idle()
    expect(world().peer.contents("check")).toEqual(["1", "3"])
    expect(world().peer.contents("reply")).toEqual(["1", "2", "3"])
    const superseded = (await world().outbox()).filter((row) => row.status === "superseded")
    expect(superseded.map((row) => row.effect_key)).toEqual(["check:2"])
  })

  // R10. Without the condition on what stands behind it (supersede): the reply comes before its message.
  test("newer content does not overtake the creation that a reply waits for", async () => {
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        if (done.target === "slow") await release.opened
        return await world().peer.apply(done, context)
      },
    })
    const message = (content: string) => effect({ target: "message", content, mode: "replace" })
    await world().add(engine, {
      effects: [effect({ target: "slow" }), message("1"), effect({ target: "reply", content: "hello" })],
    })
    await eventually(async () => (await world().outbox()).length).toBe(3)
    for (const [i, content] of ["2", "3"].entries()) {
      await world().add(engine, { effects: [message(content)] })
      await eventually(async () => (await world().outbox()).length).toBe(4 + i)
    }
    release.open()
    await engine.idle()
    expect(world().peer.written.map((each) => each.content)).toEqual(["c", "1", "hello", "3"])
  })

  test("the same effect key is applied once for ever", async () => {
    const engine = await world().started()
    for (const content of ["1", "2"]) {
      await world().add(engine, { effects: [{ key: "k", content }] })
      await engine.idle()
    }
    expect(world().peer.contents("t")).toEqual(["1"])
  })

  test("content that the target shows already is spared, also when it comes back after another", async () => {
    const engine = await world().started()
    for (const [i, content] of ["a", "a", "b", "a"].entries()) {
      await world().add(engine, { effects: [{ key: `${i}`, content, mode: "replace" }] })
      await engine.idle()
    }
    expect(world().peer.contents("t")).toEqual(["a", "b", "a"])
    expect((await world().outbox()).map((row) => row.effect_key)).toEqual(["0", "2", "3"])
  })

  // With only the handle asked, not what is pending: a decision made meanwhile writes the same once more.
  test.each([
    ["the same content", { mode: "replace", content: "new" } as const, ["new"]],
    ["what leaves the content alone", { mode: "append", key: "event" } as const, ["old", "c"]],
  ])("content is spared while %s is under way to its target", async (_, first, written) => {
    const begun = gate()
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        if (done.content === "new" || done.key === "event") {
          begun.open()
          await release.opened
        }
        return await world().peer.apply(done, context)
      },
    })
    if (first.mode === "append") {
      await world().add(engine, { effects: [{ key: "0", content: "old", mode: "replace" }] })
      await engine.idle()
    }
    await world().add(engine, { effects: [{ key: "1", ...first }] })
    await begun.opened
    const wish = { key: "2", mode: "replace", content: first.mode === "append" ? "old" : "new" } as const
    await world().add(engine, { effects: [wish] })
    await eventually(async () => (await world().state())?.total).toBe(first.mode === "append" ? 3 : 2)
    release.open()
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(written)
  })

  test("content is written again when the peer may show something else", async () => {
    let refuse = false
    const engine = await world().started({
      act: async (done, context) =>
        refuse ? { is: "refused", code: "invalid", because: "422" } : await world().peer.apply(done, context),
    })
    const write = async (key: string, content: string) => {
      await world().add(engine, { effects: [{ key, content, mode: "replace" }] })
      await engine.idle()
    }
    await write("1", "a")
    refuse = true
    await write("2", "b")
    refuse = false
    await write("3", "a")
    expect(world().peer.contents("t")).toEqual(["a", "a"])
  })

  test("a lane keeps its order, also when its first effect must wait", async () => {
    let failed = false
    const engine = await world().started({
      act: async (done, context) => {
        if (done.content === "1" && !failed) {
          failed = true
          return { is: "retry", because: "503" }
        }
        return await world().peer.apply(done, context)
      },
    })
    await world().add(engine, { effects: ["1", "2", "3"].map((content) => ({ content })) })
    await engine.idle()
    expect(world().peer.contents("t")).toEqual([])
    world().clock.advance(2_000)
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(["1", "2", "3"])
  })

  test("a lane keeps its order beyond the ninth effect that there ever was", async () => {
    const engine = await world().started()
    const contents = Array.from({ length: 12 }, (_, at) => String(at))
    await world().add(engine, { effects: contents.map((content) => ({ content })) })
    await engine.idle()
    expect(world().peer.contents("t")).toEqual(contents)
  })

  test("a lane that is stuck holds up no other", async () => {
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        if (done.lane === "slow") await release.opened
        return await world().peer.apply(done, context)
      },
    })
    await world().add(engine, { effects: ["slow", "quick"].map((lane) => ({ lane, target: lane })) })
    await eventually(() => world().peer.contents("quick")).toEqual(["c"])
    expect(world().peer.contents("slow")).toEqual([])
    release.open()
    await engine.idle()
    expect(world().peer.contents("slow")).toEqual(["c"])
  })

  // Without LOOK_AGAIN_MS in tick.ts: the click waits for the slow effect's end.
  // Without the kinds counted in `dueHeads`: every place is taken by what hangs, and by its next attempt before anything else.
  test("however many effects of one kind hang, another kind is applied meanwhile", async () => {
    const release = gate()
    const engine = await world().started({
      act: async (done, context) => {
        if (done.kind === "mail") await release.opened
        return await world().peer.apply(done, context)
      },
    })
    const mails = Array.from({ length: 8 }, (_, i) =>
      effect({ kind: "mail", target: `mail ${i}`, lane: `mail:${i}`, key: `mail:${i}` }),
    )
    await world().add(engine, { effects: [...mails, effect({ target: "reply", lane: "slack:1", key: "reply" })] })
    await eventually(async () => world().peer.contents("reply")).toEqual(["c"])
    release.open()
    await engine.idle()
    expect(world().peer.written).toHaveLength(9)
  })

  test("a click is decided on while a slow effect is under way", async () => {
    const begun = gate()
    const release = gate()
    const parts: Partial<FakeParts> = {
      act: async (done, context) => {
        if (done.lane === "slow") {
          begun.open()
          await release.opened
        }
        return await world().peer.apply(done, context)
      },
    }
    const engine = await world().started(parts, { requestTimeoutMs: 600_000 })
    await world().add(engine, { effects: [{ lane: "slow", target: "slow" }] })
    await begun.opened
    await world().add(engine, { amount: 10, effects: [{ lane: "click", target: "click" }] })
    await eventually(() => world().peer.contents("click")).toEqual(["c"])
    expect(await world().state()).toMatchObject({ total: 11 })
    expect(world().peer.contents("slow")).toEqual([])
    release.open()
    await engine.idle()
  })

  test("a guard that has passed is an outcome, and nothing is sent", async () => {
    const engine = await world().started()
    await world().add(engine, {
      effects: [
        { key: "late", target: "late", guard: { notAfter: new Date(T0.getTime() - 1).toISOString() } },
        { key: "just", target: "just", guard: { notAfter: T0.toISOString() } },
      ],
    })
    await engine.idle()
    expect(world().peer.calls.map((call) => call.key)).toEqual(["just"])
    expect((await world().state())?.outcomes).toEqual([
      { of: "late", is: "refused", code: "expired" },
      { of: "just", is: "done" },
    ])
  })

  test("a failing effect is tried again later and later, told that it may have happened, and ends as a dead letter", async () => {
    const seen: { at: number; attempt: number; mayHaveHappened: boolean }[] = []
    const engine = await world().started({
      act: async (_, { attempt, mayHaveHappened }) => {
        seen.push({ at: world().clock.now().getTime() - T0.getTime(), attempt, mayHaveHappened })
        throw new Error("connection reset")
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await engine.idle()
    for (let i = 0; i < 11; i++) {
      const { next_at } = await world()
        .store.db.selectFrom("slipway.outbox")
        .select("next_at")
        .executeTakeFirstOrThrow()
      world().clock.advance(next_at.getTime() - world().clock.now().getTime())
      await engine.idle()
    }
    expect(seen.map((each) => each.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(seen.map((each) => each.mayHaveHappened)).toEqual([false, ...Array(11).fill(true)])
    const waits = seen.slice(1).map((each, i) => each.at - (seen[i]?.at ?? 0))
    for (const [i, wait] of waits.entries()) {
      const least = Math.min(300_000, 1_000 * 2 ** i)
      expect(wait).toBeGreaterThanOrEqual(least)
      expect(wait).toBeLessThanOrEqual(least * 1.25)
    }
    expect(await world().outbox()).toMatchObject([{ status: "dead", attempts: 12 }])
    expect((await world().state())?.outcomes).toEqual([{ of: "k", is: "refused", code: "unavailable" }])
    expect(world().seen.effects).toEqual([...Array(11).fill("retried"), "dead"])
    expect(world().seen.lines).toContainEqual({ level: "error", message: "an effect is a dead letter" })
    expect(world().seen.lines.filter((line) => line.level === "warn")).toHaveLength(12)
  })

  test.each([
    ["is honoured", 90, 90_000],
    ["never shortens the back-off", 0, 1_000],
  ])("retry-after %s", async (_, afterSeconds, least) => {
    const engine = await world().started({
      act: async () => ({ is: "retry", because: "429", afterSeconds, notDone: true }),
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    await engine.idle()
    const row = await world()
      .store.db.selectFrom("slipway.outbox")
      .select(["next_at", "last_error"])
      .executeTakeFirstOrThrow()
    const wait = row.next_at.getTime() - T0.getTime()
    expect(wait).toBeGreaterThanOrEqual(least)
    expect(wait).toBeLessThanOrEqual(Math.max(least, 1_250))
    expect(row.last_error).toBe("429")
  })

  test("after a 429 nothing is in doubt, after a 503 it is, and a later 429 does not clear the doubt", async () => {
    const answers: Outcome[] = [
      { is: "retry", because: "429", notDone: true },
      { is: "retry", because: "503" },
      { is: "retry", because: "429", notDone: true },
      { is: "done" },
    ]
    const doubts: boolean[] = []
    const engine = await world().started({
      act: async (_, { mayHaveHappened }) => {
        doubts.push(mayHaveHappened)
        return answers.shift() ?? { is: "done" }
      },
    })
    await world().add(engine, { effects: [{ key: "k" }] })
    for (let i = 0; i < 4; i++) {
      await engine.idle()
      world().clock.advance(300_000)
    }
    await engine.idle()
    expect(doubts).toEqual([false, false, true, true])
  })

  // Without `landedAt` (apply-effect.ts): tried again after 9 s, while GitHub may go on with it for 10 s.
  test.each([
    ["no answer in time", 8_000, 10_000],
    ["an answer just in time", 7_900, 8_900],
  ])("after %s the next attempt waits as long as the request may take effect", async (_, tookMs, least) => {
    const engine = await world().started(
      {
        act: async () => {
          world().clock.advance(tookMs)
          return { is: "retry", because: "503" }
        },
      },
      { requestTimeoutMs: 8_000 },
    )
    await world().add(engine, { effects: [{ key: "k" }] })
    await engine.idle()
    const row = await world().store.db.selectFrom("slipway.outbox").selectAll().executeTakeFirstOrThrow()
    const wait = row.next_at.getTime() - T0.getTime()
    expect(wait).toBeGreaterThanOrEqual(least)
    expect(wait).toBeLessThanOrEqual(Math.max(least, tookMs + 1_250))
  })

  // Without `leftInDoubt` (commit-decision): the newer content is made without a look, and there are two.
  test.each<[string, Outcome, number]>([
    ["given up while nobody could look", { is: "retry", because: "503" }, 12],
    ["refused while nobody could look", { is: "refused", code: "forbidden", because: "no scope to look" }, 1],
    ["refused once more when it was wanted once more", { is: "refused", code: "forbidden", because: "no scope" }, 2],
  ])("what may have been made, and was %s, is looked for before it is wanted again", async (_, outcome, times) => {
    let isAway = false
    const engine = await world().started({
      act: async (done, context) => {
        if (isAway) return outcome
        const made = await world().peer.apply(done, context)
        isAway = world().peer.calls.length === 1
        return isAway ? { is: "retry", because: "no answer" } : made
      },
    })
    await world().add(engine, { effects: [{ key: "1", content: "1", mode: "replace" }] })
    await engine.idle()
    for (let i = 0; i < times; i++) {
      world().clock.advance(400_000)
      await engine.idle()
      if (i > 0 && times === 2)
        await world().add(engine, { effects: [{ key: "again", content: "again", mode: "replace" }] })
      await engine.idle()
    }
    expect((await world().outbox()).map((row) => row.status)).not.toContain("pending")
    isAway = false
    await world().add(engine, { effects: [{ key: "2", content: "2", mode: "replace" }] })
    await engine.idle()
    expect(world().peer.calls.at(-1)).toEqual({ key: "2", attempt: 1, mayHaveHappened: true })
  })

  // Without `passDoubtOn` (store/attempts): what waited behind it is made without a look, and there are two.
  test("what may have been made, and was given up, is looked for by newer content that waited behind it", async () => {
    let isAway = false
    const engine = await world().started({
      act: async (done, context) => {
        if (isAway && done.key === "1") return { is: "retry", because: "503" }
        isAway = true
        const made = await world().peer.apply(done, context)
        return done.key === "1" ? { is: "retry", because: "no answer" } : made
      },
    })
    await world().add(engine, { effects: [{ key: "1", content: "1", mode: "replace" }] })
    await engine.idle()
    await world().add(engine, { effects: [{ key: "2", content: "2", mode: "replace" }] })
    await engine.idle()
    expect((await world().outbox()).map((row) => row.status)).toEqual(["pending", "pending"])
    for (let i = 0; i < 12; i++) {
      world().clock.advance(400_000)
      await engine.idle()
    }
    expect((await world().outbox()).map((row) => row.status)).toEqual(["dead", "done"])
    expect(world().peer.calls.at(-1)).toEqual({ key: "2", attempt: 1, mayHaveHappened: true })
  })

  test("an effect that does not end within the request time-out is given up, and is in doubt", async () => {
    const doubts: boolean[] = []
    const engine = await world().started(
      {
        act: async (done, context) => {
          doubts.push(context.mayHaveHappened)
          if (context.attempt === 1) await new Promise(() => undefined)
          return await world().peer.apply(done, context)
        },
      },
      { requestTimeoutMs: 100 },
    )
    await world().add(engine, { effects: [{ key: "k" }] })
    await eventually(async () => (await world().outbox())[0]?.last_error).toBe("no answer within 100 ms")
    world().clock.advance(2_000)
    await eventually(async () => (await world().outbox())[0]?.status).toBe("done")
    expect(doubts).toEqual([false, true])
  })
})
