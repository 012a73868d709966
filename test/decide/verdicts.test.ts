import { describe, expect, test } from "vitest"
import type { Verdict } from "../../src/model/verdict.ts"
import { gateOf, pageOf, pass, press, publish, settle, stands } from "./support/environments.ts"
import { config, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** `Slipway / <environment>` of what is out, while nothing at GitHub asks to enter. */

const conclusion = (w: World, at: string, environment?: string) => pageOf(w, at, environment).conclusion
const verdictAt = (w: World, at: string, environment = "production"): Verdict => {
  const found = Object.values(w.known.verdicts ?? {}).find((v) => v.sha === at && v.environment === environment)
  if (!found) throw new Error(`no verdict on ${at} in ${environment}`)
  return found
}
const around = (w: World) => (w.known.findings ?? []).filter(({ kind }) => kind === "deployed around")
const runOf = (w: World, at: string) => {
  const run = w.ask("production", at)
  settle(w)
  const found = Object.values(w.known.requests ?? {}).find((request) => request.run === run)
  return found?.end?.is === "answered" ? found.end.verdict : (found?.end?.is ?? "waits")
}

const WINDOW = { days: "mon-fri", hours: "08:00-12:00", zone: "UTC" }
const ASKS = { approvals: { required: 1 } }

describe("what is out", () => {
  test("has a verdict before each environment that the configuration names", () => {
    const { w, at } = stands(ASKS)
    expect(pageOf(w, at, "staging")).toMatchObject({
      name: "Slipway / staging",
      conclusion: "success",
      page: { is: "entry", state: "open", runs: [] },
    })
    expect(pageOf(w, at)).toMatchObject({ conclusion: "action_required", page: { state: "waits", version: "1.0.1" } })
    expect(pageOf(w, at).buttons.map(({ identifier }) => identifier)).toEqual(["approve", "hold", "lock"])
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "pending", because: "waits for 1 approval" })
  })

  test("has none where the configuration names no environment, and is not looked at again", () => {
    const w = publish(world(), 11)
    expect(w.applied.filter(({ target }) => target.startsWith("check:environment:"))).toEqual([])
    expect(w.known.verdicts).toBeUndefined()
  })

  test("is green only on what was read for it", () => {
    const { w, at } = stands({ soak: "10m" })
    w.unreadable.set("tag:", "the App lacks a permission")
    pass(w, 11)
    expect(conclusion(w, at)).toBe("action_required")
    expect(gateOf(w, at, "released")).toMatchObject({ state: "unknown" })
    w.unreadable.clear()
    pass(w, 6)
    expect(conclusion(w, at)).toBe("success")
  })

  test("costs no reading while it waits, and none once it is green and rests on what webhooks tell", () => {
    const { w, at } = stands({ checks: ["e2e"] })
    expect(conclusion(w, at)).toBe("action_required")
    expect(w.revisitAt).toBeUndefined()
    w.hear({ kind: "evidence", sha: at, report: report("e2e", { at: w.now.toISOString() }) })
    w.truth.checks.set(at, [report("e2e", { at: w.now.toISOString() })])
    expect(conclusion(settle(w), at)).toBe("success")
    expect(w.revisitAt).toBeUndefined()
  })

  test("whose tag was moved is not green, though nobody told; and is once it is back", () => {
    const { w, at } = stands({})
    w.truth.tags.set("v1.0.1", { sha: sha(66), version: "1.0.1" })
    settle(w.commitFiles({ config: config({ environments: { staging: null, production: { soak: "1m" } } }) }))
    pass(w, 2)
    expect(conclusion(w, at)).toBe("failure")
    expect(pageOf(w, at).page).toMatchObject({
      says: [expect.stringMatching(/stands on 0042004 now/), expect.anything()],
    })
    w.truth.tags.set("v1.0.1", { sha: at, version: "1.0.1" })
    pass(w, 61)
    expect(conclusion(w, at)).toBe("success")
  })
})

describe("green ends", () => {
  test("with the window, and comes back with it", () => {
    const { w, at } = stands({ window: WINDOW })
    expect(conclusion(w, at)).toBe("success")
    pass(w, 179)
    expect(conclusion(w, at)).toBe("success")
    pass(w, 1)
    expect(conclusion(w, at)).toBe("action_required")
    expect(gateOf(w, at, "window")).toMatchObject({ state: "pending" })
    pass(w, 20 * 60)
    expect(conclusion(w, at)).toBe("success")
  })

  test("with a check that fails", () => {
    const { w, at } = stands({ checks: ["e2e"] })
    const told = (id: string, state: "passed" | "failed") => {
      const one = report("e2e", { id, state, at: w.now.toISOString() })
      w.truth.checks.set(at, [one])
      settle(w.hear({ kind: "evidence", sha: at, report: one }))
    }
    told("500", "passed")
    expect(conclusion(w, at)).toBe("success")
    told("501", "failed")
    expect(conclusion(w, at)).toBe("failure")
  })

  test("when what was fresh has become old", () => {
    const { w, at } = stands({ checks: ["e2e"], freshness: "30m" })
    const one = report("e2e", { id: "500", at: w.now.toISOString() })
    w.truth.checks.set(at, [one])
    settle(w.hear({ kind: "evidence", sha: at, report: one }))
    expect(conclusion(w, at)).toBe("success")
    pass(w, 29)
    expect(conclusion(w, at)).toBe("success")
    pass(w, 2)
    expect(gateOf(w, at, "freshness")).toMatchObject({ state: "pending" })
    expect(conclusion(w, at)).toBe("action_required")
  })

  test("with a hold, until it is lifted", () => {
    const { w, at } = stands({})
    press(w, "hold", "ben", at)
    expect(conclusion(w, at)).toBe("failure")
    expect(runOf(w, at)).toBe("waits")
    press(w, "approve", "ben", at)
    expect(w.known.verdicts && verdictAt(w, at).hold).toBeUndefined()
  })

  test("with the approver's place, at the next reading", () => {
    const { w, at } = stands({ approvals: { required: 1, from: ["@acme/sre"] } })
    press(w, "approve", "dora", at)
    expect(conclusion(w, at)).toBe("success")
    w.truth.admit("dora", "read", { teams: [] })
    pass(w, 14)
    expect(conclusion(w, at)).toBe("success")
    pass(w, 2)
    expect(conclusion(w, at)).toBe("action_required")
  })

  test("with a change of the gates, which voids what was approved", () => {
    const { w, at } = stands(ASKS)
    press(w, "approve", "ben", at)
    expect(conclusion(w, at)).toBe("success")
    const production = { ...ASKS, soak: "1m" }
    settle(w.commitFiles({ config: config({ environments: { staging: null, production } }) }))
    pass(w, 5)
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "pending" })
    expect(conclusion(w, at)).toBe("action_required")
  })

  test("with a newer release that is live there, and for what came before the last one", () => {
    const { w, at: first } = stands({})
    const second = settle(publish(w, 12)).truth.head
    expect(conclusion(w, first)).toBe("success")
    settle(w.deploy("production", second, "success"))
    expect(pageOf(w, first)).toMatchObject({ conclusion: "cancelled", page: { is: "entry", state: "over" } })
    expect(pageOf(w, second)).toMatchObject({ conclusion: "success", page: { is: "environment", state: "live" } })
    settle(publish(w, 13))
    expect(conclusion(settle(publish(w, 14)), w.truth.head)).toBe("success")
    expect(conclusion(w, second)).toBe("success")
    expect(pageOf(w, first, "staging")).toMatchObject({ conclusion: "cancelled", page: { state: "over" } })
  })

  test.each(["standing:", "team:acme/sre"])(
    "for what cannot be read again (%s), when it is looked at again",
    (what) => {
      const { w, at } = stands({ approvals: { required: 1, from: ["@acme/sre"] } })
      press(w, "approve", "dora", at)
      w.unreadable.set(what, "GitHub is not well")
      pass(w, 16)
      expect(conclusion(w, at)).toBe("action_required")
      expect(gateOf(w, at, "approvals")).toMatchObject({ state: "unknown" })
      w.unreadable.clear()
      pass(w, 6)
      expect(conclusion(w, at)).toBe("success")
    },
  )
})

describe("one entry", () => {
  test("an approval on the page lets in the next deployment that asks, and no later one", () => {
    const { w, at } = stands(ASKS)
    press(w, "approve", "ben", at)
    expect(conclusion(w, at)).toBe("success")
    expect(runOf(w, at)).toBe("approved")
    expect(pageOf(w, at)).toMatchObject({ conclusion: "success", page: { state: "approved" } })
    expect(runOf(w, at)).toBe("waits")
  })

  test("a deployment that waits keeps what was pressed before it asked, on one page", () => {
    const { w, at } = stands({ ...ASKS, window: { ...WINDOW, hours: "11:00-12:00" } })
    press(w, "approve", "ben", at)
    const shown = pageOf(w, at)
    const run = w.ask("production", at)
    settle(w)
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "passed", because: "approved by ben" })
    expect(pageOf(w, at).externalId).toBe(shown.externalId)
    press(w, "hold", "cleo", at)
    expect(verdictAt(w, at).hold?.by.login).toBe("cleo")
    w.deploy("production", at, "error", { deployment: w.known.requests?.[`${run}:production`]?.deployment ?? "" })
    settle(w)
    expect(gateOf(w, at, "hold")).toMatchObject({ state: "failed" })
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "pending" })
  })

  test("it is used up when a deployment of it went live, and a later click on the old page counts for nothing", () => {
    const { w, at } = stands(ASKS)
    press(w, "approve", "ben", at)
    const old = pageOf(w, at)
    settle(w.deploy("production", at, "success"))
    expect(pageOf(w, at).page).toMatchObject({ is: "environment", state: "live" })
    expect(verdictAt(w, at)).toMatchObject({ round: 2, approvals: [] })
    settle(w.click("approve", "ben", old))
    expect(w.audit.at(-1)).toMatchObject({ what: "click did not count" })
  })

  test("what was let in and is not heard of for a day is asked for anew", () => {
    const { w, at } = stands(ASKS)
    press(w, "approve", "ben", at)
    expect(runOf(w, at)).toBe("approved")
    pass(w, 23 * 60)
    expect(conclusion(w, at)).toBe("success")
    pass(w, 61)
    expect(pageOf(w, at)).toMatchObject({ conclusion: "action_required", page: { state: "waits" } })
  })
})

describe("after it was there", () => {
  test("a failed deployment is red until somebody lets it in again, by its gates", () => {
    const { w, at } = stands(ASKS)
    press(w, "approve", "ben", at)
    settle(w.deploy("production", at, "failure"))
    expect(pageOf(w, at)).toMatchObject({ conclusion: "failure", page: { is: "environment", state: "failed" } })
    expect(pageOf(w, at).buttons.map(({ label }) => label)).toEqual(["Roll back", "Let in again", "Lock"])
    press(w, "approve", "ann", at)
    expect(conclusion(w, at)).toBe("failure")
    press(w, "approve", "cleo", at)
    expect(pageOf(w, at)).toMatchObject({ conclusion: "success", page: { is: "entry", state: "open" } })
    expect(pageOf(w, at).buttons.map(({ label }) => label)).toEqual(["Hold", "Roll back"])
    settle(w.later(1).deploy("production", at, "success"))
    expect(around(w)).toEqual([])
    expect(pageOf(w, at)).toMatchObject({ conclusion: "success", page: { is: "environment", state: "live" } })
  })

  test("what was rolled back is not green, and may be let in again", () => {
    const { w, at: first } = stands(ASKS)
    press(w, "approve", "ben", first)
    settle(w.deploy("production", first, "success").run().later(10))
    const second = settle(publish(w, 12)).truth.head
    press(w, "approve", "ben", second)
    settle(w.deploy("production", second, "success").run().later(10))
    settle(w.click("rollback:production", "ben", pageOf(w, second)))
    expect(conclusion(w, second)).toBe("action_required")
    settle(w.later(5).deploy("production", first, "success", { rollback: "1" }))
    expect(pageOf(w, second)).toMatchObject({ conclusion: "action_required", page: { state: "rolled back" } })
    expect(conclusion(w, first)).toBe("success")
    press(w, "approve", "cleo", second)
    expect(gateOf(w, second, "locked")).toMatchObject({ state: "failed" })
    press(w, "unlock", "cleo", second)
    expect(conclusion(w, second)).toBe("success")
    expect(around(w)).toEqual([])
  })
})

describe("a deployment that nothing let in", () => {
  test.each<[string, object, "in_progress" | "success"]>([
    ["begins", {}, "in_progress"],
    ["went live", {}, "success"],
    ["of a job went live", { actions: true }, "success"],
  ])("is a finding as soon as it %s", (_, more, state) => {
    const { w, at } = stands(ASKS)
    settle(w.deploy("production", at, state, more))
    expect(around(w)).toMatchObject([
      {
        release: expect.any(String),
        says: "v1.0.1 was deployed to production, and Slipway did not let it in: it was waiting for approvals (waits for 1 approval).",
      },
    ])
    expect(w.applied.some((e) => e.kind === "reply" && e.content.reply.is === "went round")).toBe(true)
  })

  test("is a finding as soon as another system makes it, though no status ever comes", () => {
    const { w, at } = stands(ASKS)
    const made = { deployment: "d7", status: "0", made: w.now.toISOString() }
    settle(w.deploy("production", at, "created", made))
    expect(around(w)).toMatchObject([
      {
        says: "A deployment of v1.0.1 to production was made, and Slipway did not let it in: it was waiting for approvals (waits for 1 approval).",
      },
    ])
    expect(w.known.environments).toEqual({})
    expect(pageOf(w, at)).toMatchObject({ conclusion: "action_required", page: { is: "entry", state: "waits" } })
    settle(w.deploy("production", at, "created", made))
    settle(w.later(1).deploy("production", at, "success", { deployment: "d7", made: made.made }))
    expect(around(w)).toHaveLength(1)
    expect(w.applied.filter((e) => e.kind === "reply" && e.content.reply.is === "went round")).toHaveLength(1)
  })

  test("is no finding where its making is told after what it came to", () => {
    const { w, at } = stands(ASKS)
    const made = press(w, "approve", "ben", at).now.toISOString()
    settle(w.later(1).deploy("production", at, "failure", { deployment: "d7", made }))
    settle(w.later(60).deploy("production", at, "created", { deployment: "d7", status: "0", made, at: made }))
    expect(around(w)).toEqual([])
  })

  test("and that is made while the release comes out is judged once it is out", () => {
    const w = world((it) => {
      it.truth.config = config({ environments: { production: ASKS } })
    })
    w.merge(11, "fix: number 11").run().click("approve", "ben").run().click("publish", "cleo").decide()
    w.deploy("production", w.truth.head, "created", { status: "0" }).decide()
    expect(around(w)).toEqual([])
    settle(w)
    expect(around(w)).toMatchObject([{ says: expect.stringContaining("Slipway did not let it in") }])
  })

  test("leaves the page without green: a later job is not let in by it", () => {
    const { w, at } = stands(ASKS)
    settle(w.deploy("production", at, "success"))
    expect(pageOf(w, at)).toMatchObject({ conclusion: "action_required", page: { is: "environment", state: "live" } })
    press(w, "approve", "ben", at)
    expect(pageOf(w, at)).toMatchObject({ conclusion: "success", page: { is: "entry", state: "open" } })
    settle(w.later(1).deploy("production", at, "success"))
    expect(pageOf(w, at)).toMatchObject({ conclusion: "success", page: { is: "environment", state: "live" } })
    expect(around(w)).toHaveLength(1)
  })

  test.each<[string, (w: World, at: string) => void]>([
    [
      "a job's first step, which may wait for the verdict",
      (w, at) => w.deploy("production", at, "in_progress", { actions: true }),
    ],
    ["what fails: it is told as a failure", (w, at) => w.deploy("production", at, "failure")],
    [
      "what another system makes while it is green",
      (w, at) => press(w, "approve", "ben", at).deploy("production", at, "created", { status: "0" }),
    ],
    [
      "what begins while it is green",
      (w, at) => press(w, "approve", "ben", at).deploy("production", at, "in_progress"),
    ],
    [
      "what went live after the green ended, and was made while it lasted",
      (w, at) => {
        const made = press(w, "approve", "ben", at).now.toISOString()
        pass(w, 240)
        expect(conclusion(w, at)).toBe("action_required")
        w.deploy("production", at, "success", { made })
      },
    ],
    [
      "what is live there, once more",
      (w, at) => {
        settle(press(w, "approve", "ben", at).deploy("production", at, "success").run().later(60))
        w.deploy("production", at, "success")
      },
    ],
    ["an environment that the configuration does not name", (w, at) => w.deploy("preview", at, "success")],
  ])("is not said of %s", (_, happens) => {
    const { w, at } = stands({ ...ASKS, window: WINDOW })
    happens(w, at)
    settle(w)
    expect(around(w)).toEqual([])
  })

  test("is what was made long after the green ended", () => {
    const { w, at } = stands({ window: WINDOW })
    pass(w, 240)
    settle(w.deploy("production", at, "in_progress"))
    expect(around(w)).toMatchObject([{ says: expect.stringContaining("it was waiting for window") }])
  })

  test("is an older release than the one that is live", () => {
    const { w, at: first } = stands({})
    settle(w.deploy("staging", first, "success"))
    const second = settle(publish(w, 12)).truth.head
    settle(w.deploy("production", second, "success"))
    settle(w.later(1).deploy("production", first, "success"))
    expect(around(w)).toMatchObject([{ says: expect.stringContaining("1.0.2 is live in production, which is newer") }])
  })
})
