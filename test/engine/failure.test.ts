import { describe, expect, test } from "vitest"
import { failureOf } from "../../src/engine/failure.ts"
import { PeerUnavailable } from "../../src/peers/errors.ts"
import { onBothDatabases } from "./suite.ts"

const limited = (afterSeconds: number) => new PeerUnavailable({ is: "limited", message: "later", afterSeconds })
const postgres = (code: string) => Object.assign(new Error("refused"), { code, severity: "ERROR" })
const node = (code: string) => Object.assign(new Error(code), { code })

describe("why a run threw", () => {
  test.each([
    ["GitHub asks to wait", limited(90), { is: "unavailable", afterSeconds: 90 }],
    ["it asks for more than its longest window", limited(1e9), { is: "unavailable", afterSeconds: 3_600 }],
    [
      "a peer is away",
      new PeerUnavailable({ is: "unreachable", message: "502" }),
      { is: "unavailable", afterSeconds: 0 },
    ],
    ["somebody wrapped it", new Error("reading", { cause: limited(5) }), { is: "unavailable", afterSeconds: 5 }],
    ["the database shuts down", postgres("57P01"), { is: "unavailable", afterSeconds: 0 }],
    ["a deadlock", postgres("40P01"), { is: "unavailable", afterSeconds: 0 }],
    ["nobody listens", node("ECONNREFUSED"), { is: "unavailable", afterSeconds: 0 }],
    ["a connection breaks", new Error("Connection terminated unexpectedly"), { is: "unavailable", afterSeconds: 0 }],
    ["a text that JSON cannot hold", postgres("22P05"), { is: "broken" }],
    ["a row that must not be", postgres("23514"), { is: "broken" }],
    ["a bug", new TypeError("x is undefined"), { is: "broken" }],
    ["a wrong argument", node("ERR_INVALID_ARG_TYPE"), { is: "broken" }],
    ["no error at all", "thrown", { is: "broken" }],
  ])("%s", (_, error, failure) => {
    expect(failureOf(error)).toEqual(failure)
  })
})

onBothDatabases("a peer that is away", (world) => {
  // Without `afterSeconds` in run-decision.ts: GitHub, which asked for ten minutes, is asked after a second.
  test("is left alone for as long as it asked, and a click waits with the rest", async () => {
    let asked = 0
    const engine = await world().started({
      async observe({ signals }) {
        if (++asked === 1) throw limited(600)
        return { seen: signals.length }
      },
    })
    await world().add(engine)
    await engine.idle()
    world().clock.advance(599_999)
    await world().add(engine)
    await engine.idle()
    expect(asked).toBe(1)
    world().clock.advance(1)
    await engine.idle()
    expect(await world().state()).toMatchObject({ total: 2, decisions: 1 })
  })
})
