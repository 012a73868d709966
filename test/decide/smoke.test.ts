import { describe, expect, test } from "vitest"
import type { Evidence } from "../../src/model/evidence.ts"
import type { ProbeResult } from "../../src/model/probe.ts"
import { gateOf, pass, publish, settle } from "./support/environments.ts"
import { config, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const URL = "https://staging.example/healthz"

/** 1.0.1 is out; production asks for what is given beside its smoke test. */
function out(smoke: unknown, more: object = {}, prepare: (w: World) => void = () => {}) {
  const w = world((it) => {
    prepare(it)
    it.truth.config = config({ environments: { production: { smoke, ...more } } })
  })
  publish(w, 11)
  return { w, at: w.truth.head }
}

function enter(w: World, at: string) {
  w.ask("production", at)
  return settle(w)
}
const verdict = (w: World) => {
  const end = Object.values(w.known.requests ?? {})[0]?.end
  return end?.is === "answered" ? end.verdict : "waits"
}
const answering =
  (is: ProbeResult["is"], because = "it answered") =>
  () => ({ is, because })

describe("probes", () => {
  test("are sent when all else is passed, once, by the run that lets it in", () => {
    const { w, at } = out([URL], { soak: "1h" })
    enter(w, at)
    expect([w.probed, verdict(w), gateOf(w, at, "smoke")?.state]).toEqual([[], "waits", "unknown"])
    pass(w, 61)
    expect([w.probed, verdict(w)]).toEqual([[URL], "approved"])
  })

  test("ask about the very release", () => {
    const { w, at } = out({ url: "https://{version}.example/{sha}", contains: "v{version} {sha}" })
    const asked: unknown[] = []
    w.truth.answer = (probe) => {
      asked.push(probe)
      return { is: "passed", because: "it answered" }
    }
    enter(w, at)
    expect(asked[0]).toEqual({
      url: `https://1.0.1.example/${at}`,
      contains: `v1.0.1 ${at}`,
      status: 200,
      within: 5,
    })
    expect(verdict(w)).toBe("approved")
  })

  test("what fails keeps it out, and is asked again by itself, ever more seldom", () => {
    const { w, at } = out([URL])
    w.truth.answer = answering("failed", "it answered 503")
    enter(w, at)
    expect(gateOf(w, at, "smoke")).toMatchObject({ state: "failed", because: "it answered 503" })
    pass(w, 60)
    expect(w.probed.length).toBeGreaterThan(10)
    expect(w.probed.length).toBeLessThan(14)
    pass(w, 24 * 60)
    expect(w.probed.length).toBeLessThan(60)
    expect([verdict(w), gateOf(w, at, "smoke")?.state]).toEqual(["waits", "failed"])
    w.truth.answer = answering("passed")
    pass(w, 61)
    expect(verdict(w)).toBe("approved")
  })

  test("what could not be asked is not passed, and is asked again", () => {
    const { w, at } = out([URL, "https://b.example/"])
    w.truth.answer = ({ url }) => ({ is: url === URL ? "passed" : "unknown", because: "is no public address" })
    enter(w, at)
    expect([verdict(w), gateOf(w, at, "smoke")?.state]).toEqual(["waits", "unknown"])
    w.truth.answer = answering("passed")
    pass(w, 6)
    expect(verdict(w)).toBe("approved")
  })

  test("a failure of one outweighs what another answered", () => {
    const { w, at } = out([URL, "https://b.example/"])
    w.truth.answer = ({ url }) => ({ is: url === URL ? "passed" : "failed", because: `${url} answered` })
    enter(w, at)
    expect(gateOf(w, at, "smoke")).toMatchObject({ state: "failed", because: "https://b.example/ answered" })
  })

  test("that failed where nobody asks to enter are not sent again by every merge", () => {
    const { w } = out([URL], {}, (it) => {
      it.truth.answer = answering("failed", "it answered 503")
    })
    settle(w)
    const sent = w.probed.length
    expect(sent).toBeGreaterThan(0)
    for (const number of [12, 13, 14]) {
      w.merge(number, `fix: number ${number}`)
      settle(w)
    }
    expect(w.probed.length).toBe(sent)
  })

  test("that nobody sends are not passed", () => {
    const { w, at } = out([URL])
    w.omitted.add("probes")
    enter(w, at)
    expect(verdict(w)).toBe("waits")
  })
})

describe("checks", () => {
  const told = (w: World, at: string, ...reports: readonly Evidence[]) => {
    w.truth.checks.set(at, reports)
    for (const one of reports) w.hear({ kind: "evidence", sha: at, report: one })
    return settle(w)
  }
  const smoke = (state: Evidence["state"], more: Partial<Evidence> = {}) =>
    report("Smoke / web", { state, id: "700", ...more })

  test.each<[string, readonly Evidence[], string]>([
    ["nothing reported", [], "pending: waits for a check of the App probes named “Smoke / *”"],
    ["it runs", [smoke("pending", { app: "probes" })], "pending: Smoke / web still running"],
    ["it failed", [smoke("failed", { app: "probes" })], "failed: Smoke / web did not pass"],
    ["another App says it", [smoke("passed", { app: "forger" })], "pending: waits for"],
    ["a status says it", [smoke("passed", { kind: "status", app: "probes" })], "pending: waits for"],
    [
      "the newest run failed",
      [smoke("passed", { app: "probes", suite: "1" }), smoke("failed", { app: "probes", id: "701", suite: "2" })],
      "failed: Smoke / web did not pass",
    ],
  ])("%s", (_, reports, says) => {
    const { w, at } = out({ check: "Smoke / *", app: "probes" })
    enter(w, at)
    told(w, at, ...reports)
    const gate = gateOf(w, at, "smoke")
    expect(`${gate?.state}: ${gate?.because}`).toContain(says)
    expect(verdict(w)).toBe("waits")
  })

  test("it passed", () => {
    const { w, at } = out({ check: "Smoke / *", app: "probes" })
    enter(w, at)
    told(w, at, smoke("passed", { app: "probes" }))
    expect(verdict(w)).toBe("approved")
  })
})

test.each<unknown>([
  "ftp://a.example/",
  "https://lea:secret@a.example/",
  "nowhere",
  [],
  Array.from({ length: 11 }, () => URL),
  { url: URL, within: "11s" },
  { url: URL, status: 101 },
  { url: URL, method: "POST" },
  { check: [] },
])("%j is no smoke test", (smoke) => {
  expect(() => config({ environments: { production: { smoke } } })).toThrow()
})
