import { describe, expect, test } from "vitest"
import type { Effect } from "../../src/model/effect.ts"
import type { Gate } from "../../src/model/gate.ts"
import type { ProtectionRequest } from "../../src/model/protection.ts"
import { gateOf, gatesOf, out, pageOf, press, publish, settle } from "./support/environments.ts"
import { config, plan, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

function enter(w: World, at: string | null, environment = "production", more = {}) {
  const run = w.ask(environment, at, more)
  settle(w)
  return run
}

const requestOf = (w: World, run: string): ProtectionRequest => {
  const found = Object.values(w.known.requests ?? {}).find((request) => request.run === run)
  if (!found) throw new Error(`nothing is known of run ${run}`)
  return found
}
const verdict = (w: World, run: string) => {
  const { end } = requestOf(w, run)
  return end?.is === "answered" ? end.verdict : (end?.is ?? "waits")
}
const kinds = (w: World, kind: Effect["kind"]) => w.applied.filter((effect) => effect.kind === kind)
const comments = (w: World) =>
  w.applied.flatMap((effect) => (effect.kind === "protection-comment" ? [effect.content.note] : []))
const answers = (w: World) =>
  w.applied.flatMap((effect) => (effect.kind === "protection-answer" ? [effect.content.note] : []))

describe("what may enter at all", () => {
  test("a published release, where the environment asks for nothing else", () => {
    const { w, at } = out({})
    const run = enter(w, at)
    expect(verdict(w, run)).toBe("approved")
    expect(answers(w)).toMatchObject([{ is: "approved", version: "1.0.1", gates: [{ name: "released" }] }])
    expect(comments(w)).toEqual([])
    expect(pageOf(w, at)).toMatchObject({
      conclusion: "success",
      buttons: [],
      page: { is: "entry", state: "approved" },
    })
  })

  test("an environment that the configuration does not name asks for a release as well", () => {
    const { w, at } = out({})
    expect(verdict(w, enter(w, at, "preview"))).toBe("approved")
    expect(verdict(w, enter(w, sha(77), "preview"))).toBe("rejected")
  })

  test.each<[string, (w: World) => string | null, string]>([
    [
      "the head, which is drafted",
      (w) => w.merge(12, "fix: later").run().truth.head,
      "v1.0.2 at [0-9a-f]{7} is not published yet",
    ],
    ["a commit that nobody knows", () => sha(77), "is not the commit of a release"],
    ["no commit at all", () => null, "did not say which commit"],
  ])("%s is turned away with the reason", (_, commit, because) => {
    const { w } = out({})
    const run = enter(w, commit(w))
    expect(requestOf(w, run).end).toMatchObject({
      is: "answered",
      verdict: "rejected",
      because: expect.stringMatching(because),
    })
    expect(answers(w)).toMatchObject([{ is: "rejected", because: expect.stringMatching(because) }])
  })

  test("a release whose tag was moved is turned away", () => {
    const { w, at } = out({})
    w.truth.tags.set("v1.0.1", { sha: sha(66), version: "1.0.1" })
    expect(verdict(w, enter(w, at))).toBe("rejected")
    expect(answers(w)[0]?.because).toMatch(/stands on 0042004 now/)
  })

  test("a release whose tag cannot be read waits, and is looked at again after a while", () => {
    const { w, at } = out({})
    w.unreadable.set("tag:", "the App lacks a permission")
    const run = enter(w, at)
    expect(gateOf(w, at, "released")).toMatchObject({ state: "unknown" })
    expect(verdict(w, run)).toBe("waits")
    w.unreadable.clear()
    settle(w.later(4))
    expect(verdict(w, run)).toBe("waits")
    settle(w.later(2))
    expect(verdict(w, run)).toBe("approved")
  })

  test("what is being published at this moment waits for its end", () => {
    const w = world().merge(11, "fix: a").run().click("approve", "ben").run()
    w.click("publish", "cleo").decide()
    const run = w.ask("production", w.truth.head)
    w.decide()
    expect(verdict(w, run)).toBe("waits")
    settle(w)
    expect(verdict(w, run)).toBe("approved")
  })

  test("the name of an environment in other letters is the same environment", () => {
    const { w, at } = out({ approvals: { required: 1 } })
    expect(verdict(w, enter(w, at, "PRODUCTION"))).toBe("waits")
  })
})

describe("after and soak", () => {
  test("it waits until the same commit is live before, and for as long as it soaks there", () => {
    const { w, at } = out({ after: "staging", soak: "30m" })
    const run = enter(w, at)
    expect(gateOf(w, at, "after")).toMatchObject({
      state: "pending",
      because: "nothing is known to be live in staging",
    })
    w.deploy("staging", at, "success")
    settle(w)
    expect(gateOf(w, at, "after")).toMatchObject({ state: "passed" })
    expect(gateOf(w, at, "soak")).toMatchObject({ state: "pending" })
    expect(w.revisitAt).toBe(
      new Date(Date.parse(w.known.environments.staging?.live?.since ?? "") + 1_800_000).toISOString(),
    )
    settle(w.later(29))
    expect(verdict(w, run)).toBe("waits")
    settle(w.later(1))
    expect(verdict(w, run)).toBe("approved")
    expect(comments(w).map(({ gates: open }) => open.map(({ name }) => name))).toEqual([["after", "soak"], ["soak"]])
  })

  test.each<[string, (w: World, at: string) => void, Gate["state"]]>([
    ["another release is live there", (w) => void publish(w, 12).deploy("staging", w.truth.head, "success"), "pending"],
    [
      "it failed there since",
      (w, at) => void w.deploy("staging", at, "success").run().later(1).deploy("staging", at, "failure"),
      "failed",
    ],
  ])("it does not pass when %s", (_, happens, state) => {
    const { w, at } = out({ after: "staging" })
    happens(w, at)
    settle(w)
    const run = enter(w, at)
    expect(gateOf(w, at, "after")).toMatchObject({ state })
    expect(verdict(w, run)).toBe("waits")
  })

  test("without an environment before it soaks from its publication on", () => {
    const { w, at } = out({ soak: "1h" })
    const run = enter(w, at)
    expect(verdict(w, run)).toBe("waits")
    expect(verdict(settle(w.later(60)), run)).toBe("approved")
  })
})

describe("checks and freshness", () => {
  const told = (w: World, at: string, id: string, state: "passed" | "failed" | "pending", more = {}) => {
    const one = report("e2e", { id, state, at: w.now.toISOString(), ...more })
    w.truth.attempts.set(at, [...(w.truth.attempts.get(at) ?? []), ...(w.truth.checks.get(at) ?? [])])
    w.truth.checks.set(at, [one])
    w.hear({ kind: "evidence", sha: at, report: one })
    return settle(w)
  }

  test.each<[string, Parameters<typeof told>[3] | undefined, Gate["state"], string]>([
    ["has not reported", undefined, "pending", "waits"],
    ["is running", "pending", "pending", "waits"],
    ["failed", "failed", "failed", "waits"],
    ["passed", "passed", "passed", "approved"],
  ])("a check that %s", (_, state, expected, ends) => {
    const { w, at } = out({ checks: ["e2e"] })
    const run = enter(w, at)
    if (state) told(w, at, "500", state)
    expect(gateOf(w, at, "checks")).toMatchObject({ state: expected })
    expect(verdict(w, run)).toBe(ends)
  })

  test("the newest run wins", () => {
    const { w, at } = out({ checks: ["e2*"] })
    const run = enter(w, at)
    told(w, at, "500", "failed")
    expect(verdict(w, run)).toBe("waits")
    expect(verdict(told(w, at, "501", "passed"), run)).toBe("approved")
  })

  test("the jobs of the run that waits are not what it waits for", () => {
    const { w, at } = out({ checks: ["*"] })
    told(w, at, "500", "passed")
    const run = w.ask("production", at)
    const url = `https://github.com/acme/shop/actions/runs/${run}/job/1`
    const own = report("deploy", { id: "600", state: "pending", app: "github-actions", url })
    w.hear({ kind: "evidence", sha: at, report: own })
    w.truth.checks.set(at, [...(w.truth.checks.get(at) ?? []), own])
    expect(verdict(settle(w), run)).toBe("approved")
  })

  test("what is too old has to run again", () => {
    const { w, at } = out({ checks: ["e2e"], freshness: "30m" })
    told(w, at, "500", "passed")
    settle(w.later(31))
    const run = enter(w, at)
    expect(gateOf(w, at, "freshness")).toMatchObject({
      state: "pending",
      because: expect.stringContaining("run it again"),
    })
    expect(verdict(told(w, at, "501", "passed"), run)).toBe("approved")
  })

  test("an attempt that failed within the time holds it until it is too old to count", () => {
    const { w, at } = out({ checks: ["e2e"], freshness: "30m" })
    told(w, at, "500", "failed")
    w.later(10)
    told(w, at, "501", "passed")
    const run = enter(w, at)
    expect(gateOf(w, at, "freshness")).toMatchObject({
      state: "failed",
      because: expect.stringContaining("e2e failed on"),
    })
    settle(w.later(19))
    expect(verdict(w, run)).toBe("waits")
    settle(w.later(1))
    expect(verdict(w, run)).toBe("approved")
  })

  test("attempts that cannot be read do not pass", () => {
    const { w, at } = out({ checks: ["e2e"], freshness: "30m" })
    told(w, at, "500", "passed")
    w.unreadable.set("attempts:", "too many")
    const run = enter(w, at)
    expect(gateOf(w, at, "freshness")).toMatchObject({ state: "unknown" })
    expect(verdict(w, run)).toBe("waits")
  })
})

describe("window", () => {
  test("it opens by the clock", () => {
    const { w, at } = out({ window: { days: "mon-thu", hours: "10:00-16:00", zone: "Europe/Berlin" } })
    w.now = new Date("2026-11-05T15:30:00.000Z")
    const run = enter(w, at)
    expect(gateOf(w, at, "window")).toMatchObject({
      state: "pending",
      because: "opens on 2026-11-09 09:00 UTC (Europe/Berlin)",
    })
    w.now = new Date(w.revisitAt ?? "")
    expect(w.now.toISOString()).toBe("2026-11-09T09:00:00.000Z")
    expect(verdict(settle(w), run)).toBe("approved")
  })

  test("it does not open on a holiday", () => {
    const { w, at } = out({ window: { zone: "Europe/Berlin", holidays: ["2026-11-05"] } })
    w.now = new Date("2026-11-05T10:00:00.000Z")
    const run = enter(w, at)
    expect(gateOf(w, at, "window")).toMatchObject({
      state: "pending",
      because: expect.stringMatching(/2026-11-05 23:00/),
    })
    w.now = new Date(w.revisitAt ?? "")
    expect(verdict(settle(w), run)).toBe("approved")
  })

  test("holidays of a file that was not read open nothing", () => {
    const { w, at } = out({ window: { zone: "Europe/Berlin", holidays: "docs/holidays.ics" } })
    const run = enter(w, at)
    expect(gateOf(w, at, "window")).toEqual({
      name: "window",
      state: "unknown",
      because: "the holidays in docs/holidays.ics were not read",
    })
    expect(verdict(w, run)).toBe("waits")
  })
})

describe("planned", () => {
  const planned = (timeline: object, more: object = {}) => plan({ release: { version: "1.0.1" }, timeline, ...more })
  const byPlan = (timeline: object, production: object = {}, more: object = {}) => {
    const { w, at } = out(production, more, (it) => {
      it.truth.plan = planned(timeline)
      it.truth.files.add("docs/rollback.md")
    })
    return { w, at }
  }
  const [EARLY, LATE] = ["2026-11-02T12:00:00.000Z", "2026-11-03T12:00:00.000Z"]

  test("an environment of that name waits for its date, by a timer", () => {
    const { w, at } = byPlan({ staging_deploy: EARLY, production_deploy: LATE })
    const run = enter(w, at)
    expect(gateOf(w, at, "planned")).toEqual({
      name: "planned",
      state: "pending",
      because: "the plan's production_deploy is 2026-11-03 12:00 UTC",
    })
    expect(verdict(w, run)).toBe("waits")
    expect(w.revisitAt).toBe(EARLY)
    w.now = new Date(LATE)
    expect(verdict(settle(w), run)).toBe("approved")
  })

  test.each<[string, string, object, object, "waits" | "approved"]>([
    ["staging goes by its own date", "staging", { production_deploy: LATE }, {}, "approved"],
    ["in other letters", "Production", { production_deploy: LATE }, {}, "waits"],
    ["an environment of another name goes by none", "eu", { production_deploy: LATE }, {}, "approved"],
    ["or by the one that it is told", "production", { staging_deploy: LATE }, { planned: "staging_deploy" }, "waits"],
    ["without dates there is nothing to wait for", "production", {}, {}, "approved"],
  ])("%s", (_, environment, timeline, production, expected) => {
    const { w, at } = byPlan(timeline, production)
    expect(verdict(w, enter(w, at, environment))).toBe(expected)
  })

  test("a plan that still names the version moves its date later, and never earlier", () => {
    const { w, at } = byPlan({ production_deploy: LATE })
    const run = enter(w, at)
    settle(w.commitFiles({ plan: planned({ production_deploy: EARLY }) }))
    w.now = new Date(EARLY)
    expect(verdict(settle(w), run)).toBe("waits")
    settle(w.commitFiles({ plan: planned({ production_deploy: "2026-11-04T12:00:00.000Z" }) }))
    w.now = new Date(LATE)
    expect(verdict(settle(w), run)).toBe("waits")
    w.now = new Date("2026-11-04T12:00:00.000Z")
    expect(verdict(settle(w), run)).toBe("approved")
  })

  test("a plan that is deleted after the publication moves nothing", () => {
    const { w, at } = byPlan({ production_deploy: LATE })
    const run = enter(w, at)
    settle(w.commitFiles({ plan: undefined }))
    expect(gateOf(w, at, "planned")).toMatchObject({ state: "pending" })
    expect(verdict(w, run)).toBe("waits")
  })

  test("the thread says once that it is due, with what a release that is not out still waits for", () => {
    const due = (w: World) =>
      w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "due" ? [e.content.reply] : []))
    const { w, at } = byPlan({ qa_start: "2026-10-30T12:00:00.000Z", staging_deploy: EARLY, production_deploy: LATE })
    settle(w)
    expect(due(w)).toEqual([])
    expect(w.revisitAt).toBe(EARLY)
    w.deploy("staging", at, "success")
    settle(w)
    w.now = new Date(EARLY)
    settle(w)
    expect(due(w)).toEqual([])
    w.now = new Date(LATE)
    settle(settle(w))
    expect(due(w)).toEqual([{ is: "due", what: "deployment to production", version: "1.0.1", at: LATE, open: [] }])

    const other = world((it) => {
      it.truth.plan = plan({
        release: { version: "1.1.0" },
        timeline: { qa_start: EARLY },
        communication: { pre_release: [{ channel: "email", audience: "customers", date: LATE }] },
      })
      it.truth.files.add("docs/rollback.md")
    })
    other.merge(11, "feat: a").run()
    other.now = new Date(EARLY)
    settle(other)
    other.now = new Date(LATE)
    settle(other)
    expect(due(other)).toMatchObject([
      { what: "testing begins", version: "1.1.0", open: [expect.stringContaining("approvals: waits for 1 approval")] },
      { what: "an e-mail to customers (not sent: no mail server is set (SMTP_URL))" },
    ])
  })

  test("however much a plan sets is said once, and what it does not set any more is forgotten", () => {
    const audiences = Array.from({ length: 210 }, (_, index) => `customers ${index}`)
    const mails = (date: string) =>
      plan({
        release: { version: "1.1.0" },
        timeline: { qa_start: LATE },
        communication: { pre_release: audiences.map((audience) => ({ channel: "email" as const, audience, date })) },
      })
    const w = world((it) => {
      it.truth.plan = mails(EARLY)
      it.truth.files.add("docs/rollback.md")
    })
    w.merge(11, "feat: a").run()
    w.now = new Date(EARLY)
    settle(settle(w))
    expect(new Set(w.release().informed?.messages).size).toBe(210)
    expect(w.audit.filter(({ what }) => what === "audience not told")).toHaveLength(210)
    settle(w.commitFiles({ plan: mails(LATE) }))
    w.now = new Date(LATE)
    settle(w)
    expect(w.release().informed?.messages).toHaveLength(210)
    expect(w.release().reminded).toHaveLength(1)
  })
})

describe("approvals", () => {
  const two = { approvals: { required: 2, from: ["@acme/sre", "@ben", "@ann"] } }

  test("as many as it asks for, of those whom it asks, none of their own work", () => {
    const { w, at } = out(two)
    const run = enter(w, at)
    expect(pageOf(w, at)).toMatchObject({ conclusion: "action_required", name: "Slipway / production" })
    expect(pageOf(w, at).buttons.map(({ identifier }) => identifier)).toEqual(["approve", "hold", "lock"])
    press(w, "approve", "cleo", at)
    expect(requestOf(w, run).answers.at(-1)).toMatchObject({
      counted: false,
      because: expect.stringContaining("not among"),
    })
    press(w, "approve", "ann", at)
    expect(requestOf(w, run).answers.at(-1)).toMatchObject({
      counted: false,
      because: expect.stringContaining("four eyes"),
    })
    press(w, "approve", "ben", at)
    press(w, "approve", "ben", at)
    expect(gateOf(w, at, "approvals")).toMatchObject({ because: expect.stringContaining("1 of 2 approvals") })
    expect(verdict(w, run)).toBe("waits")
    press(w, "approve", "dora", at)
    expect(verdict(w, run)).toBe("approved")
    expect(requestOf(w, run).end).toMatchObject({
      gates: expect.arrayContaining([
        expect.objectContaining({ name: "approvals", because: "approved by ben and dora" }),
      ]),
    })
  })

  test.each<[string, object, readonly string[], string]>([
    ["one of two groups", { "all-of": [{ from: ["@acme/sre"] }, { from: ["@cleo"] }] }, ["dora"], "waits"],
    ["two of two groups", { "all-of": [{ from: ["@acme/sre"] }, { from: ["@cleo"] }] }, ["dora", "cleo"], "approved"],
    ["any of two groups", { "any-of": [{ from: ["@acme/sre"] }, { from: ["@cleo"] }] }, ["cleo"], "approved"],
    ["somebody of no group", { "any-of": [{ from: ["@acme/sre"] }] }, ["ben"], "waits"],
    ["an author for a group", { "all-of": [{ from: ["@ann", "@cleo"] }] }, ["ann"], "waits"],
    ["a group, and one beside it", { required: 1, "all-of": [{ from: ["@acme/sre"] }] }, ["ben"], "waits"],
    ["both of them", { required: 1, "all-of": [{ from: ["@acme/sre"] }] }, ["ben", "dora"], "approved"],
    ["one of two where the risk is high", { required: 1, high: 2 }, ["ben"], "waits"],
    ["two of two where the risk is high", { required: 1, high: 2 }, ["ben", "cleo"], "approved"],
    ["none but where the risk is high", { required: 0, high: 1 }, [], "waits"],
  ])("groups and risk: %s", (_, approvals, logins, expected) => {
    const { w, at } = out({ approvals })
    const run = enter(w, at)
    for (const login of logins) press(w, "approve", login, at)
    expect(verdict(w, run)).toBe(expected)
  })

  test("a release of low risk is asked for no more; where nobody kept its risk, for as many as one of high risk", () => {
    const low = { risk: { low: [{ paths: "src/**" }] } }
    const { w, at } = out({ approvals: { required: 1, high: 2 }, soak: "1h" }, low)
    enter(w, at)
    press(w, "approve", "ben", at)
    expect(gateOf(w, at, "approvals")?.state).toBe("passed")
    const releases = w.known.releases.map((release) =>
      release.phase.is === "published"
        ? { ...release, phase: Object.fromEntries(Object.entries(release.phase).filter(([key]) => key !== "risk")) }
        : release,
    )
    w.state = { ...w.known, releases } as typeof w.known
    settle(w)
    expect(gateOf(w, at, "approvals")?.state).toBe("pending")
  })

  test("what a hotfix branch calls low by its own files is not kept", () => {
    const risks = [null, { is: "hotfix" as const }].map((kind) => {
      const w = world((it) => {
        it.truth.config = config({ risk: { low: [{ paths: "src/**" }] } })
      })
      w.merge(11, "fix: a").run().click("approve", "ben").run()
      const { main } = w.known.lines
      if (main && kind) {
        w.state = { ...w.known, lines: { main: { ...main, kind } } }
        Object.assign(w, { repo: { ...w.repo, defaultBranch: "trunk" } })
      }
      const { phase } = w.click("publish", "cleo").decide().release()
      return phase.is === "cut" && phase.publishing ? phase.publishing.risk : "not publishing"
    })
    expect(risks).toEqual(["low", undefined])
  })

  test("the page says what each group, and what a high risk asks for", () => {
    const { w, at } = out({ approvals: { required: 1, high: 2, "any-of": [{ from: ["@acme/sre"] }] } })
    enter(w, at)
    const { page } = pageOf(w, at)
    expect(page).toMatchObject({
      rule: "1 approval (2 where not all of it is of low risk) from people with write permission and 1 approval from @acme/sre, of what they did not write",
    })
  })

  test("an approval is for what waited then: the next deployment asks again", () => {
    const { w, at } = out({ approvals: { required: 1 } })
    enter(w, at)
    press(w, "approve", "ben", at)
    const old = pageOf(w, at)
    const again = enter(w, at)
    expect(verdict(w, again)).toBe("waits")
    settle(w.click("approve", "ben", { ...old, externalId: "slipway:entry:000000000000000000000000" }))
    expect(requestOf(w, again).answers.at(-1)).toMatchObject({
      counted: false,
      because: expect.stringContaining("moved since"),
    })
    expect(verdict(w, again)).toBe("waits")
  })

  test("an approval does not outlive a change of the gates", () => {
    const { w, at } = out({ approvals: { required: 1 }, window: { days: "sun" } })
    const run = enter(w, at)
    press(w, "approve", "ben", at)
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "passed" })
    const production = { approvals: { required: 1 }, window: { days: "sat" } }
    settle(w.commitFiles({ config: config({ environments: { staging: null, production } }) }))
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "pending" })
    expect(verdict(w, run)).toBe("waits")
  })

  test("somebody who lost their place is no approver any more", () => {
    const { w, at } = out({ approvals: { required: 1, from: ["@acme/sre"] }, soak: "1h" })
    const run = enter(w, at)
    press(w, "approve", "dora", at)
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "passed" })
    w.truth.admit("dora", "read", { teams: [] })
    settle(w.later(70))
    expect(gateOf(w, at, "approvals")).toMatchObject({ state: "pending" })
    expect(verdict(w, run)).toBe("waits")
  })

  test.each([
    ["an approver who", "standing:", "what dora may do here"],
    ["an approver's team that", "team:acme/sre", "whether dora is of @acme/sre"],
  ])("%s cannot be read is looked at again by a timer, and does not count meanwhile", (_, what, says) => {
    const { w, at } = out({ approvals: { required: 1, from: ["@acme/sre"] }, soak: "1h" })
    const run = enter(w, at)
    press(w, "approve", "dora", at)
    w.unreadable.set(what, "GitHub is not well")
    settle(w.later(61))
    expect(gateOf(w, at, "approvals")).toEqual({
      name: "approvals",
      state: "unknown",
      because: `${says} could not be read: GitHub is not well`,
    })
    expect(verdict(w, run)).toBe("waits")
    expect(Date.parse(w.revisitAt ?? "") - w.now.getTime()).toBeLessThanOrEqual(6 * 60_000)
    w.unreadable.clear()
    settle(w.later(6))
    expect(verdict(w, run)).toBe("approved")
  })

  test("a hold keeps it out until it is lifted, and another run does not go round it", () => {
    const { w, at } = out({ soak: "1h" })
    const run = enter(w, at)
    press(w, "hold", "ben", at)
    const other = enter(w, at)
    settle(w.later(70))
    expect(gateOf(w, at, "hold")).toMatchObject({ state: "failed" })
    w.deploy("production", at, "error", { deployment: requestOf(w, run).deployment })
    settle(w)
    expect(verdict(w, run)).toBe("over")
    expect(verdict(w, other)).toBe("waits")
    press(w, "approve", "ben", at)
    expect(verdict(w, other)).toBe("approved")
  })
})

describe("which gates stand", () => {
  test("what the branch loosens does not count before a release with it was approved; what it adds does", () => {
    const { w, at } = out({ approvals: { required: 1 } })
    settle(w.commitFiles({ config: config({ environments: { production: { soak: "2h" } } }) }))
    const run = enter(w, at)
    expect(
      gatesOf(w, at)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["approvals", "released", "soak"])
    press(w, "approve", "ben", at)
    expect(verdict(w, run)).toBe("waits")
    expect(verdict(settle(w.later(121)), run)).toBe("approved")
  })

  test("where the organisation stops its releases nothing enters until it goes on", () => {
    const above = "acme/.github"
    const { w, at } = out({}, { extends: above }, (it) => {
      it.truth.organisations = { [above]: { is: "read", blob: "b0" } }
    })
    const change = (stop: object) => {
      w.truth.organisations = { [above]: { is: "read", blob: "b1", ...stop } }
      return settle(w.hear({ kind: "organisation", because: "slipway.yml was changed" }))
    }
    change({ stop: { because: "payments are down", except: [] } })
    const run = enter(w, at)
    expect(gateOf(w, at, "stop")).toMatchObject({ state: "failed" })
    expect(verdict(w, run)).toBe("waits")
    expect(verdict(change({}), run)).toBe("approved")
  })

  test("a configuration that is none lets nothing in", () => {
    const { w, at } = out({})
    settle(w.commitFiles({ config: "broken" }))
    const run = enter(w, at)
    expect(gateOf(w, at, "configuration")).toMatchObject({ state: "failed" })
    expect(verdict(w, run)).toBe("waits")
  })
})

describe("one answer", () => {
  test("the same question once more changes nothing", () => {
    const { w, at } = out({})
    const run = enter(w, at)
    const { deployment } = requestOf(w, run)
    enter(w, at, "production", { run, deployment })
    expect(kinds(w, "protection-answer")).toHaveLength(1)
  })

  test("a re-run of the job is asked for anew", () => {
    const { w, at } = out({})
    const run = enter(w, at)
    enter(w, at, "production", { run })
    expect(kinds(w, "protection-answer")).toHaveLength(2)
  })

  test("a job that is run again waits behind those that were asked for meanwhile", () => {
    const { w, at } = out({ approvals: { required: 1 } })
    const first = enter(w, at)
    w.later(1)
    const second = enter(w, at)
    w.later(1)
    enter(w, at, "production", { run: first })
    const { page } = pageOf(w, at)
    expect(page.is === "entry" && page.runs.map(({ text }) => text.split(",")[0])).toEqual([
      `run ${second}`,
      `run ${first}`,
    ])
  })

  test("an approval that reaches GitHub too late is decided anew", () => {
    const { w, at } = out({ window: { hours: "09:00-10:00" } })
    const run = w.ask("production", at)
    w.decide().decide()
    w.later(120)
    settle(w)
    expect(verdict(w, run)).toBe("waits")
    expect(gateOf(w, at, "window")).toMatchObject({ state: "pending" })
    w.now = new Date(w.revisitAt ?? "")
    expect(verdict(settle(w), run)).toBe("approved")
    expect(kinds(w, "protection-answer").map(({ key }) => key.slice(-8))).toEqual(["answer:1", "answer:2"])
  })

  test("what GitHub refuses is said on the page", () => {
    const { w, at } = out({})
    w.refusing.set("protection-answer", {
      is: "refused",
      code: "forbidden",
      because: "the App lacks `deployments: write`",
    })
    enter(w, at)
    expect(pageOf(w, at).page).toMatchObject({
      says: expect.arrayContaining([expect.stringContaining("lacks “deployments: write”")]),
    })
  })

  test("a job that was turned away is no failure of the release", () => {
    const { w, at } = out({})
    w.deploy("production", at, "success").run().later(1)
    w.truth.tags.set("v1.0.1", { sha: sha(66), version: "1.0.1" })
    const run = enter(w, at)
    expect(verdict(w, run)).toBe("rejected")
    w.deploy("production", at, "failure", { deployment: requestOf(w, run).deployment })
    settle(w)
    expect(w.known.environments.production?.failed).toBeUndefined()
  })

  test("GitHub's patience ends with a clear rejection", () => {
    const { w, at } = out({ approvals: { required: 1 } })
    const run = enter(w, at)
    settle(w.later(30 * 24 * 60 - 61))
    expect(verdict(w, run)).toBe("waits")
    settle(w.later(1))
    expect(requestOf(w, run).end).toMatchObject({
      verdict: "rejected",
      because: expect.stringContaining("30 days; it was still waiting for approvals"),
    })
  })

  test("ten comments are made, and the last one says so", () => {
    const { w, at } = out({ checks: ["e2e"], approvals: { required: 1 } })
    enter(w, at)
    for (let id = 500; id < 520; id++) {
      w.hear({
        kind: "evidence",
        sha: at,
        report: report("e2e", { id: String(id), state: id % 2 ? "failed" : "pending" }),
      })
      settle(w)
    }
    expect(comments(w)).toHaveLength(10)
    expect(comments(w).map(({ last }) => last === true)).toEqual([...Array(9).fill(false), true])
  })
})

describe("rollback", () => {
  const strict = {
    after: "staging",
    soak: "2h",
    window: { days: "sun" },
    approvals: { required: 2, from: ["@ben", "@acme/sre"] },
  }

  /** 1.0.1 was live in production, 1.0.2 failed there, and ben pressed Roll back. */
  function goingBack() {
    const { w, at: first } = out(strict)
    w.deploy("production", first, "success").run().later(10)
    publish(w, 12)
    const second = w.truth.head
    w.later(10).deploy("production", second, "failure").run().later(1)
    settle(w.click("rollback:production", "ben", pageOf(w, second)))
    return { w, first, second }
  }

  test("the way back that somebody pressed for is let in at once", () => {
    const { w, first } = goingBack()
    const run = enter(w, first, "production", { event: "deployment" })
    expect(verdict(w, run)).toBe("approved")
    expect(answers(w)).toMatchObject([{ gates: [{ name: "rollback", state: "passed" }] }])
  })

  test("nothing else is, while it runs", () => {
    const { w, second } = goingBack()
    const run = enter(w, second)
    expect(gateOf(w, second, "rollback")).toMatchObject({ state: "pending" })
    expect(verdict(w, run)).toBe("waits")
  })

  test("without it the same release has every gate to pass", () => {
    const { w, first } = goingBack()
    w.later(5).deploy("production", first, "success", { rollback: "1" }).run()
    const run = enter(w, first)
    expect(verdict(w, run)).toBe("waits")
  })
})
