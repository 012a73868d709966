import { describe, expect, test } from "vitest"
import type { Environment } from "../../src/model/deployment.ts"
import type { ProbeResult } from "../../src/model/probe.ts"
import { publish, settle } from "./support/environments.ts"
import { config, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** 1.0.1 is out and live in production, which verifies for 15 minutes or asks for what is given; 1.0.0 was before. */
function live(verify: unknown = "15m") {
  const w = world((it) => {
    it.truth.config = config({ environments: { staging: {}, production: verify === null ? {} : { verify } } })
  })
  const at = publish(w, 11).truth.head
  w.deploy("production", at, "success", { deployment: "d1" })
  settle(w)
  return { w, at }
}

const place = (w: World, name = "production"): Environment => {
  const found = w.known.environments[name]
  if (!found) throw new Error(`nothing is known of ${name}`)
  return found
}
const page = (w: World, at: string, environment = "production") => {
  const check = w.check(`check:environment:${environment}:${at}`)
  if (check.page.is !== "environment") throw new Error(`the page is ${check.page.is}`)
  return { ...check, state: check.page.state, says: check.page.detail.join("; "), good: check.page.lastKnownGood }
}
const told = (w: World) => w.audit.map(({ what }) => what)
const toldOf = (w: World, what: string) => w.audit.filter((entry) => entry.what === what)

describe("a release that is live is verified before it is known to be good", () => {
  test("after its time, without a failure", () => {
    const { w, at } = live()
    expect(place(w)).toMatchObject({ live: { verification: { is: "running" } }, good: [] })
    expect(page(w, at)).toMatchObject({ conclusion: "neutral", state: "verifying" })
    expect(page(w, at).buttons.map(({ identifier }) => identifier)).toEqual(["rollback:production", "lock"])
    settle(w.later(14))
    expect(place(w).good).toEqual([])
    settle(w.later(1))
    expect(place(w)).toMatchObject({ live: { verification: { is: "passed" } }, good: [{ version: "1.0.1" }] })
    expect(page(w, at)).toMatchObject({
      conclusion: "success",
      state: "live",
      says: expect.stringMatching(/^verified on/),
    })
    expect(w.replies("1").slice(-2)).toEqual(["deployed", "verified"])
    expect(toldOf(w, "verified")).toMatchObject([
      { release: "1", facts: { environment: "production", version: "1.0.1", sha: at, deployment: "d1" } },
    ])
    expect(w.times.filter(({ what }) => what === "verified")).toMatchObject([{ subject: "production/d1" }])
  })

  test("at once, where its environment asks for none", () => {
    const { w, at } = live(null)
    expect(place(w).good).toMatchObject([{ version: "1.0.1" }])
    expect(page(w, at)).toMatchObject({ state: "live", says: "" })
    expect(told(w)).not.toContain("verified")
  })

  test("the thread is told until when, and then that it is", () => {
    const { w } = live()
    settle(w.later(15))
    const said = w.applied.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
    const ends = new Date(Date.parse(place(w).live?.since ?? "") + 900_000).toISOString()
    expect(said.find(({ is }) => is === "deployed")).toMatchObject({ verifiedFrom: ends })
    expect(said.find(({ is }) => is === "verified")).toMatchObject({ environment: "production", version: "1.0.1" })
  })

  test("nothing is asked while its time runs, and nothing when it is over", () => {
    const { w } = live()
    expect(w.revisitAt).toBe(new Date(Date.parse(place(w).live?.since ?? "") + 900_000).toISOString())
    settle(w.later(15))
    const { state } = w
    settle(w.later(60 * 24 * 30))
    expect(w.state?.environments).toEqual(state?.environments)
  })
})

describe("what fails meanwhile is not known to be good", () => {
  test.each<[string, (w: World, at: string) => void, string]>([
    [
      "its deployment fails",
      (w, at) => void w.later(5).deploy("production", at, "failure", { deployment: "d1" }),
      "its deployment ended as “failure”",
    ],
    [
      "another deployment of it fails",
      (w, at) => void w.later(5).deploy("production", at, "error"),
      "its deployment ended as “error”",
    ],
    [
      "its deployment failed, and nobody heard of it",
      (w) => void w.later(15).truth.statuses.set("d1", "failure"),
      "its deployment is “failure”",
    ],
  ])("%s", (_, happens, because) => {
    const { w, at } = live()
    happens(w, at)
    settle(w)
    expect(place(w)).toMatchObject({
      live: { version: "1.0.1", verification: { is: "failed", because } },
      failed: { version: "1.0.1" },
      good: [],
    })
    expect(page(w, at)).toMatchObject({ conclusion: "failure", state: "failed" })
    expect(page(w, at).says).toContain(because)
    expect(page(w, at).buttons.map(({ identifier }) => identifier)).toEqual(["rollback:production", "approve", "lock"])
    expect(w.replies("1").filter((is) => is === "failed")).toHaveLength(1)
    expect(w.times.filter(({ what }) => what === "failure-noticed")).toHaveLength(1)
    settle(w.later(60))
    expect(told(w)).not.toContain("verified")
  })

  test("the way back leads to the last one that was verified, past one that was not", () => {
    const { w, at: first } = live()
    settle(w.later(15))
    const second = publish(w, 12).truth.head
    w.deploy("production", second, "success", { deployment: "d2" })
    settle(w.later(5))
    expect(page(w, second).good).toMatchObject({ version: "1.0.1" })
    const third = publish(w, 13).truth.head
    w.deploy("production", third, "success", { deployment: "d3" })
    settle(w)
    expect(toldOf(w, "replaced before it was verified")).toMatchObject([{ facts: { version: "1.0.2", by: "1.0.3" } }])
    expect(page(w, second)).toMatchObject({ state: "replaced" })
    expect(page(w, third)).toMatchObject({ state: "verifying", good: { version: "1.0.1", sha: first } })
    settle(w.later(60))
    expect(place(w).good.map(({ version }) => version)).toEqual(["1.0.1", "1.0.3"])
    expect(place(w).good[0]?.until).toBe(place(w).unverified?.[0]?.since)
  })

  test("somebody who judged it bad is not contradicted, until it is deployed again", () => {
    const { w } = live()
    settle(w.later(15))
    const second = publish(w, 12).truth.head
    w.deploy("production", second, "success", { deployment: "d2" }).run()
    w.click("rollback:production", "cleo", page(w, second))
    settle(w.later(4))
    expect(place(w).rollback).toMatchObject({ is: "running" })
    settle(w.later(30))
    expect(place(w).rollback).toMatchObject({ is: "failed" })
    expect(toldOf(w, "verified")).toHaveLength(1)
    expect(page(w, second).says).toMatch(/^not verified: it was judged bad on /)
    w.deploy("production", second, "success", { deployment: "d3" }).run()
    settle(w.later(15))
    expect(toldOf(w, "verified")).toHaveLength(2)
  })

  test("deployed once more it is verified once more, and a failure takes it off the list", () => {
    const { w, at } = live()
    settle(w.later(15))
    w.deploy("production", at, "success", { deployment: "d2" })
    settle(w.later(1))
    expect(place(w)).toMatchObject({ live: { verification: { is: "running" } }, good: [{ deployment: "d1" }] })
    w.deploy("production", at, "failure", { deployment: "d2" })
    settle(w.later(1))
    expect(place(w).good).toEqual([])
  })

  test("a success that comes late, of what was replaced already, verifies nothing", () => {
    const { w } = live()
    settle(w.later(15))
    const [second, third] = [publish(w, 12).truth.head, publish(w, 13).truth.head]
    const at = w.now.toISOString()
    w.deploy("production", third, "success", { deployment: "d3", at })
    settle(w)
    const before = new Date(Date.parse(at) - 60_000).toISOString()
    w.deploy("production", second, "success", { deployment: "d2", at: before })
    settle(w)
    expect(place(w)).toMatchObject({ live: { version: "1.0.3" }, unverified: [{ version: "1.0.2", until: at }] })
  })
})

describe("what is not shown is not passed", () => {
  test.each<[string, (w: World) => void, RegExp]>([
    ["its deployment cannot be read", (w) => void w.unreadable.set("status:", "no permission"), /no permission/],
    ["nothing was read", (w) => void w.omitted.add("statuses"), /it was not read/],
    ["its deployment is inactive", (w) => void w.truth.statuses.set("d1", "inactive"), /is “inactive”/],
    ["its deployment goes on", (w) => void w.truth.statuses.set("d1", "in_progress"), /is “in_progress”/],
    ["GitHub says a new word", (w) => void w.truth.statuses.set("d1", "resting"), /is “resting”/],
  ])("%s", (_, happens, missing) => {
    const { w, at } = live()
    happens(w)
    settle(w.later(15))
    expect(place(w).live?.verification).toMatchObject({ is: "running", missing: expect.stringMatching(missing) })
    expect(page(w, at).says).toMatch(missing)
    expect(Date.parse(w.revisitAt ?? "") - w.now.getTime()).toBeGreaterThan(4 * 60_000)
    w.unreadable.clear()
    w.omitted.clear()
    w.truth.statuses.set("d1", "success")
    settle(w.later(6))
    expect(place(w).live?.verification).toMatchObject({ is: "passed" })
  })

  test("a day after its time it is given up, after a bounded number of looks", () => {
    const { w, at } = live()
    w.unreadable.set("status:", "no permission")
    let looks = 0
    for (; place(w).live?.verification?.is === "running"; looks++) {
      expect(looks).toBeLessThan(25)
      w.now = new Date(Math.max(w.now.getTime() + 1, Date.parse(w.revisitAt ?? "")))
      settle(w)
    }
    expect(page(w, at).says).toMatch(/a day after its time it was not shown: .*no permission/)
  })
})

describe("checks that have to pass since it is live", () => {
  const verify = { for: "15m", checks: ["synthetic / *"] }
  const reported = (w: World, at: string, state: "passed" | "failed" | "pending", id: string, when = w.now) => {
    const one = report("synthetic / shop", { id, state, at: when.toISOString() })
    w.truth.checks.set(at, [one])
    w.hear({ kind: "evidence", sha: at, report: one })
  }
  test.each<[string, (w: World, at: string) => void, string, RegExp]>([
    ["none reported", () => undefined, "running", /no check named “synthetic \/ \*” reported since it is live/],
    ["one passed", (w, at) => reported(w, at, "passed", "500"), "passed", /./],
    ["one failed", (w, at) => reported(w, at, "failed", "500"), "failed", /synthetic \/ shop did not pass/],
    ["one is running", (w, at) => reported(w, at, "pending", "500"), "running", /still running/],
    [
      "one had passed before it was live",
      (w, at) => reported(w, at, "passed", "500", new Date(w.now.getTime() - 7_200_000)),
      "running",
      /reported since it is live/,
    ],
    ["they cannot be read", (w) => void w.unreadable.set("checks:", "a bad day"), "running", /a bad day/],
    ["they were not read", (w) => void w.omitted.add("evidence"), "running", /they were not read/],
  ])("%s", (_, happens, is, says) => {
    const { w, at } = live(verify)
    w.later(10)
    happens(w, at)
    settle(w.later(5))
    expect(place(w).live?.verification).toMatchObject({ is })
    expect(page(w, at).says).toMatch(says)
  })

  test("the run after one that failed counts, where it ends in time", () => {
    const { w, at } = live(verify)
    reported(w, at, "failed", "500")
    settle(w.later(5))
    reported(w, at, "passed", "501")
    settle(w.later(10))
    expect(place(w).live?.verification).toMatchObject({ is: "passed" })
  })
})

describe("addresses that have to answer when its time is over", () => {
  const verify = { for: "15m", smoke: ["https://acme.example/healthz?v={version}"] }
  test.each<[string, ProbeResult, string]>([
    ["one that answers", { is: "passed", because: "it answered 200" }, "passed"],
    ["one that does not", { is: "failed", because: "it answered 503" }, "failed"],
    ["one that cannot be asked", { is: "unknown", because: "is no public address" }, "running"],
  ])("%s", (_, result, is) => {
    const { w, at } = live(verify)
    w.truth.answer = () => result
    settle(w.later(14))
    expect(w.probed).toEqual([])
    settle(w.later(1))
    expect(w.probed).toEqual(["https://acme.example/healthz?v=1.0.1"])
    expect(place(w).live?.verification).toMatchObject({ is })
    if (is !== "passed") expect(page(w, at).says).toContain(result.because)
  })

  test("what they answered was not read", () => {
    const { w } = live(verify)
    w.omitted.add("probes")
    settle(w.later(15))
    expect(place(w).live?.verification).toMatchObject({
      is: "running",
      missing: expect.stringMatching(/was not asked/),
    })
  })
})

describe("which time counts", () => {
  const twice = (w: World, verify: unknown) =>
    w.commitFiles({ config: config({ environments: { production: verify === undefined ? {} : { verify } } }) }).run()

  test.each<[string, unknown, string]>([
    ["a shorter one was not approved with a release yet", "1m", "running"],
    ["that there is none was not approved yet", undefined, "running"],
    ["a longer one counts at once", "30m", "running"],
  ])("%s", (_, verify, is) => {
    const w = world((it) => {
      it.truth.config = config({ environments: { production: { verify: "15m" } } })
    })
    const at = publish(w, 11).truth.head
    twice(w, verify)
    w.deploy("production", at, "success", { deployment: "d1" })
    settle(w.later(14))
    expect(place(w).live?.verification).toMatchObject({ is })
    settle(w.later(2))
    expect(place(w).live?.verification?.is).toBe(verify === "30m" ? "running" : "passed")
  })

  test("to take it away while it runs ends nothing", () => {
    const { w } = live()
    twice(w, undefined)
    settle(w.later(1))
    expect(place(w).live?.verification).toMatchObject({ is: "running" })
  })
})

describe("the environment behind it", () => {
  const staged = () => {
    const w = world((it) => {
      it.truth.config = config({ environments: { staging: { verify: "15m" }, production: { after: "staging" } } })
    })
    const at = publish(w, 11).truth.head
    w.deploy("staging", at, "success", { deployment: "d1" })
    settle(w)
    const run = w.ask("production", at)
    settle(w)
    const request = () => Object.values(w.known.requests ?? {}).find((one) => one.run === run)
    const gateAfter = () => {
      const { page } = w.check(`check:environment:production:${at}`)
      return page.is === "entry" ? page.gates.find(({ name }) => name === "after") : undefined
    }
    return { w, at, request, gateAfter }
  }

  test("waits until it is verified in the one before", () => {
    const { w, request, gateAfter } = staged()
    expect(gateAfter()).toMatchObject({ state: "pending", because: expect.stringMatching(/being verified until/) })
    settle(w.later(15))
    expect(request()?.end).toMatchObject({ verdict: "approved" })
    expect(gateAfter()).toMatchObject({ state: "passed", because: expect.stringMatching(/verified on/) })
  })

  test("does not let in what failed there, until it is verified after all", () => {
    const { w, at, request, gateAfter } = staged()
    w.later(1).deploy("staging", at, "failure", { deployment: "d1" })
    settle(w)
    expect(gateAfter()).toMatchObject({ state: "failed" })
    settle(w.later(60))
    expect(request()?.end).toBeUndefined()
    w.deploy("staging", at, "success", { deployment: "d2" })
    settle(w.later(16))
    expect(request()?.end).toMatchObject({ verdict: "approved" })
  })
})
