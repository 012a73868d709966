import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Who may press what, on which page, and what has moved in the meantime. */
let stage: Stage
let place: Place
let head: string

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      for (const login of ["olaf", "rita", "paul", "tina"]) github.createUser(login)
      github.createOrganization("acme", { members: ["rita", "paul"] })
      github.createTeam("acme", "qa", ["tina"])
    },
  })
})
afterAll(() => stage.close())

const drafted = async (name: string, files?: { readonly [path: string]: string }): Promise<void> => {
  place = await stage.build(name, files)
  head = (await place.merge("ben", "feat: pay by invoice")).sha
}

/** A release that wants nothing but Publish. */
const ready = async (name: string, files?: { readonly [path: string]: string }): Promise<void> => {
  await drafted(name, files)
  expect((await place.press("approve", "cleo", head)).conclusion).toBe("success")
}

describe("who may", () => {
  const PLAN = 'release: { name: Spring }\nstakeholders: { product_owner: "@paul" }\ntesting: { required: [] }\n'
  const FILES = {
    "release-plan.yml": `${PLAN}rollback_plan: { procedure: docs/rollback.md }\n`,
  }

  test.each<[string, string, RegExp]>([
    ["an outsider", "olaf", /no member of the organisation that the repository belongs to/],
    ["a person who may only read", "rita", /approving takes write permission, and they have “read”/],
    ["a bot", "slipway[bot]", /no person, and only people approve/],
  ])("%s: not counted, with the reason, and nothing is cut", async (who, by, because) => {
    await drafted(`asked-by-${who.replace(/\W+/g, "-")}`)
    if (by === "rita") stage.github.addCollaborator(place.repo, by, "read")
    const page = await place.press("approve", by, head)
    expect(page.conclusion).toBe("neutral")
    expect(plainly(page.summary)).toMatch(because)
  })

  test("a stakeholder of the plan, without write permission: counted", async () => {
    await drafted("stakeholders", FILES)
    const page = await place.press("approve", "paul", head)
    expect(page.conclusion).toBe("success")
    expect(gate(page, "approvals")).toMatch(/✅.*approved by paul/)
  })

  test("members of the team that the configuration names, and nobody else", async () => {
    await drafted("teams", { ".github/slipway.yml": 'approvals: { from: ["@acme/qa"] }\n' })
    expect(plainly((await place.press("approve", "cleo", head)).summary)).toMatch(/not among @acme\/qa/)
    expect((await place.press("approve", "tina", head)).conclusion).toBe("success")
    expect(plainly((await place.press("publish", "cleo", head)).summary)).toMatch(/not counted.*not among @acme\/qa/)
    expect(place.world().tags).toEqual({})
    expect((await place.press("publish", "tina", head)).title).toBe("0.1.0 is published")
  })

  test("recovers after an approver left the team: their approval counts no longer", async () => {
    await drafted("teams-left", { ".github/slipway.yml": 'approvals: { from: ["@acme/qa", "@cleo"] }\n' })
    await place.press("approve", "tina", head)
    stage.github.leaveTeam("acme", "qa", "tina")
    const page = await place.press("publish", "cleo", head)
    expect(place.world().tags).toEqual({})
    expect(gate(page, "approvals")).toMatch(/⏳/)
    await place.press("approve", "cleo", head)
    expect((await place.press("publish", "cleo", head)).title).toBe("0.1.0 is published")
  })

  test("Publish and Hold by an outsider: nothing happens, and the page says so", async () => {
    await ready("outsiders")
    expect(plainly((await place.press("publish", "olaf", head)).summary)).toMatch(
      /not counted.*no member of the organisation/,
    )
    const page = await place.press("hold", "olaf", head)
    expect(page.conclusion).toBe("success")
    expect(place.world().tags).toEqual({})
  })
})

describe("a repository of one person", () => {
  test("where nobody may approve, the page names the two ways out", async () => {
    place = await stage.build("solo", {}, [])
    const { sha } = await place.merge("ana", "feat: mine alone")
    const page = plainly(place.readiness(sha).summary)
    expect(page).toMatch(/Nobody can approve this:.*#1/)
    expect(page).toMatch(/give a second person write permission/)
    expect(page).toMatch(/“approvals: { required: 0 }” in \.github\/slipway\.yml/)
    const own = await place.press("approve", "ana", sha)
    expect(own.conclusion).toBe("neutral")
    expect(plainly(own.summary)).toMatch(/not counted.*four eyes/)
  })

  test("recovers after the first configuration asks for no approval: that needs nobody's approval either", async () => {
    place = await stage.build("solo-freed", {}, [])
    await place.merge("ana", "feat: mine alone")
    const sha = await place.push("ana", "chore: one person", {
      ".github/slipway.yml": "approvals: { required: 0 }\n",
    })
    expect(gate(place.readiness(sha), "approvals")).toMatch(/✅.*approvals\.required is 0/)
    expect((await place.press("approve", "ana", sha)).conclusion).toBe("success")
    expect((await place.press("publish", "ana", sha)).title).toBe("0.1.0 is published")
    expect(place.world().tags).toEqual({ "v0.1.0": sha })
  })

  test("recovers after a second person came: they approve what the first one wrote", async () => {
    place = await stage.build("solo-joined", {}, [])
    const { sha } = await place.merge("ana", "feat: mine alone")
    stage.github.addCollaborator(place.repo, "ben", "write")
    expect((await place.press("approve", "ben", sha)).conclusion).toBe("success")
    expect((await place.press("publish", "ana", sha)).title).toBe("0.1.0 is published")
  })
})

describe("which page", () => {
  test("a click that is delivered again does not count again: what its sender has said since stands", async () => {
    await drafted("delivered-again")
    await place.press("approve", "cleo", head)
    const id = stage.github.deliveries.findLast(({ action }) => action === "requested_action")?.id ?? ""
    expect((await place.press("hold", "cleo", head)).conclusion).toBe("failure")
    await stage.github.redeliver(id)
    await stage.quiet()
    expect(place.readiness(head).conclusion).toBe("failure")
    expect(gate(place.readiness(head), "approvals")).not.toMatch(/✅/)
  })

  test("a click on an old head's check leads to the current one", async () => {
    await drafted("moved-on")
    const old = place.readiness(head)
    const { sha } = await place.merge("cleo", "fix: round")
    await stage.github.clickAnyway({ repo: place.repo, checkRunId: old.id, identifier: "approve", by: "cleo" })
    await stage.quiet()
    const signpost = place.readiness(head)
    expect(signpost).toMatchObject({ conclusion: "neutral", actions: [], title: "No longer the current check" })
    expect(plainly(signpost.summary)).toContain(`/runs/${place.readiness(sha).id}`)
    expect(place.readiness(sha).conclusion).toBe("neutral")
  })

  test("a push that races a click: the click speaks of the commit that was on the page", async () => {
    await drafted("racing")
    const old = place.readiness(head)
    stage.github.pauseDeliveries()
    const later = await stage.github.pushCommit({
      repo: place.repo,
      by: "ben",
      message: "feat: one more",
      files: { "one-more.txt": "1\n" },
      author: "ben",
    })
    await stage.github.click({ repo: place.repo, checkRunId: old.id, identifier: "approve", by: "cleo" })
    stage.github.resumeDeliveries((held) => held.toReversed())
    await stage.quiet()
    expect(place.readiness(head)).toMatchObject({
      conclusion: "success",
      externalId: expect.stringMatching(/^slipway:1:/),
    })
    expect(place.readiness(later)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.2.0") })
    expect((await place.press("publish", "cleo", head)).title).toBe("0.1.0 is published")
    expect(place.world().tags).toEqual({ "v0.1.0": head })
  })

  test("a button that the page does not have is no way round it", async () => {
    await drafted("forged")
    const run = place.readiness(head)
    for (const identifier of ["publish", "recut", "rollback:production", "constructor", ""])
      await stage.github.clickAnyway({ repo: place.repo, checkRunId: run.id, identifier, by: "cleo" })
    await stage.quiet()
    expect(place.readiness(head).conclusion).toBe("neutral")
    expect(place.world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
  })
})

describe("what has moved between ready and Publish", () => {
  test("a check that has failed since: nothing is published, and the page is not green", async () => {
    await ready("late-failure")
    stage.github.filterDeliveries(
      (delivery) => delivery.event !== "check_run" || delivery.action === "requested_action",
    )
    await place.report("smoke", head, "failure")
    stage.github.filterDeliveries(undefined)
    expect(place.readiness(head).conclusion).toBe("success")
    const page = await place.press("publish", "cleo", head)
    expect(page.conclusion).toBe("failure")
    expect(plainly(page.summary)).toMatch(/not counted.*checks is failed.*smoke/)
    expect(place.world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
  })

  test("recovers after it has passed", async () => {
    await place.report("smoke", head, "success")
    expect((await place.press("publish", "cleo", head)).title).toBe("0.1.0 is published")
  })

  test("a configuration that asks for more: not published under the old one", async () => {
    await ready("late-rule")
    stage.github.filterDeliveries((delivery) => delivery.event !== "push")
    await place.push("ana", "chore: two approvals", { ".github/slipway.yml": "approvals: { required: 2 }\n" })
    stage.github.filterDeliveries(undefined)
    const page = await place.press("publish", "cleo", head)
    expect(page.conclusion).not.toBe("success")
    expect(place.world().tags).toEqual({})
  })

  test("a tag of that name on another commit: nothing is published, and the page says where it stands", async () => {
    await ready("tag-taken")
    const first = place.world().branches.main ?? ""
    const other = await stage.github.pushCommit({
      repo: place.repo,
      by: "ben",
      message: "x",
      files: { x: "x" },
      branch: "side",
    })
    stage.github.filterDeliveries((delivery) => delivery.event !== "push")
    await stage.github.createTag({ repo: place.repo, by: "ben", name: "v0.1.0", sha: other })
    stage.github.filterDeliveries(undefined)
    const page = await place.press("publish", "cleo", head)
    expect(plainly(page.summary)).toContain(`v0.1.0 stands on ${other.slice(0, 7)} already, not on ${head.slice(0, 7)}`)
    expect(place.releases()).toMatchObject([{ draft: true }])
    expect(place.world().tags).toEqual({ "v0.1.0": other })
    expect(place.world().branches.main).toBe(first)
  })

  test("recovers after that tag was deleted", async () => {
    await stage.github.deleteTag({ repo: place.repo, by: "ben", name: "v0.1.0" })
    await stage.quiet()
    expect((await place.press("publish", "cleo", head)).title).toBe("0.1.0 is published")
    expect(place.world().tags).toEqual({ "v0.1.0": head })
  })

  test("a tag that is taken in the last moment, behind our look at it", async () => {
    await ready("tag-raced")
    const other = await stage.github.pushCommit({
      repo: place.repo,
      by: "ben",
      message: "y",
      files: { y: "y" },
      branch: "side",
    })
    stage.github.intercept(async ({ method, path }) => {
      if (method !== "POST" || path !== `/repos/${place.repo}/git/refs`) return undefined
      stage.github.intercept(undefined)
      await stage.github.createTag({ repo: place.repo, by: "ben", name: "v0.1.0", sha: other })
      return undefined
    })
    const page = await place.press("publish", "cleo", head)
    expect(page.conclusion).not.toBe("neutral")
    expect(plainly(page.summary)).toContain(`The tag v0.1.0 already stands on ${other.slice(0, 7)}`)
    expect(place.releases()).toMatchObject([{ draft: true }])
  })
})
