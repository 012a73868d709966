import { expect, test } from "vitest"
import { changesOfRelease } from "../../src/decide/release-changes.ts"
import type { Nameless, Standing } from "../../src/model/approval.ts"
import { config, person, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** Ann's squashed #12; what stands in `prepare` is so before Slipway first looks. */
const drafted = (prepare?: (w: World) => void) => world(prepare).merge(12, "feat: pay by invoice").run()

const rules = (approvals: object) => (w: World) => {
  w.truth.config = config({ approvals })
}

test.each<[string, (w: World) => void, string, boolean, string]>([
  ["a colleague with write permission", () => {}, "ben", true, "covers 1 change"],
  ["the author", () => {}, "ann", false, "four eyes: they wrote #12"],
  ["the author, in other letters", (w) => w.truth.admit("ANN", "write"), "ANN", false, "four eyes"],
  ["somebody who only reads", () => {}, "rosa", false, "they have “read”"],
  ["somebody nobody knows", () => {}, "mallory", false, "could not be read"],
  ["a bot", () => {}, "robo[bot]", false, "is no person"],
  ["a person outside the named team", rules({ from: ["@acme/release"] }), "ben", false, "not among @acme/release"],
  ["a reader whom the rule names", rules({ from: ["@rosa"] }), "rosa", true, "covers 1 change"],
])("a click of %s", (_, prepare, login, counted, because) => {
  const w = drafted(prepare).click("approve", login).run()
  expect(w.answer()).toMatchObject({ by: login, counted, because: expect.stringContaining(because) })
  expect(w.release().phase.is).toBe(counted ? "cut" : "drafted")
  expect(w.release().approvals).toHaveLength(counted ? 1 : 0)
  expect(w.audit.some((a) => a.what === (counted ? "approved" : "click did not count"))).toBe(true)
})

test.each<[string, (w: World) => World, string]>([
  ["a committer of the branch", (w) => w.merge(12, "feat: a", { authors: ["ann", "ben"], commits: ["a", "b"] }), "ben"],
  [
    "the opener who wrote none of it",
    (w) => w.merge(12, "feat: a", { author: "ben", authors: ["ann"], commits: ["a"] }),
    "ben",
  ],
  ["the author of a direct commit", (w) => w.push("feat: a", { author: "ben" }), "ben"],
])("four eyes: %s is refused, somebody else is not", (_, change, login) => {
  const w = change(world()).run()
  expect(w.click("approve", login).run().answer().because).toContain("four eyes")
  expect(w.click("approve", "cleo").run().answer().counted).toBe(true)
})

test("who merged a pull request in GitHub's pages has not written it", () => {
  const w = world()
    .merge(12, "feat: a", { by: "merge", commits: ["feat: a", "fix: b"] })
    .run()
  expect(w.click("approve", "cleo").run().gate("approvals").state).toBe("passed")
})

test("an opener whom nobody reviews but themselves stays alone: the page names the ways out", () => {
  const w = drafted((it) => {
    for (const login of ["ben", "cleo"]) delete it.truth.standings[login]
  })
  const { mayApprove } = w.page()
  expect(mayApprove).toMatchObject({ is: "nobody", because: "#12 was written by everybody who may approve (ann)" })
  expect(mayApprove.is === "nobody" && mayApprove.waysOut).toEqual([
    expect.stringContaining("second person"),
    "set “approvals: { required: 0 }” in .github/slipway.yml, if one person alone is to release here",
  ])
})

test("a repository of one person releases with approvals.required 0, and the page says why", () => {
  const w = drafted((it) => {
    rules({ required: 0 })(it)
    for (const login of ["ben", "cleo"]) delete it.truth.standings[login]
  })
  expect(w.page().mayApprove).toEqual({ is: "not needed", because: "approvals.required is 0 in the configuration" })
  w.click("approve", "ann").run()
  expect(w.gate("approvals")).toMatchObject({ state: "passed", because: expect.stringContaining("required is 0") })
  expect(w.click("publish", "ann").run().release("1").phase.is).toBe("published")
})

const covering = (w: World, ...logins: readonly string[]) => {
  for (const login of logins) w.click("approve", login).run()
  return w
}
const two = (prepare?: (w: World) => void) =>
  world(prepare).merge(12, "feat: a", { author: "ann" }).merge(13, "fix: b", { author: "ben" }).run()

test("two people cover each other's changes", () => {
  const w = covering(two(), "ann")
  expect(w.answer().because).toBe("covers 1 of 2 changes; not their own #12")
  expect(w.gate("approvals")).toMatchObject({ state: "pending", because: expect.stringContaining("#12 by ann") })
  expect(covering(w, "ben").gate("approvals")).toMatchObject({ state: "passed" })
})

test.each<[number, readonly string[], string]>([
  [1, [], "pending"],
  [1, ["cleo"], "passed"],
  [1, ["ann"], "pending"],
  [2, ["cleo"], "pending"],
  [2, ["cleo", "ann"], "pending"],
  [2, ["cleo", "ann", "ben"], "passed"],
  [2, ["cleo", "cleo"], "pending"],
])("%i required: after %j approvals are %s", (required, logins, state) => {
  const cut = covering(two(rules({ required })), ...logins)
  expect(cut.page().gates.find((gate) => gate.name === "approvals")?.state).toBe(state)
})

test.each<[string, { from?: string[]; stakeholders?: boolean }, string, boolean]>([
  ["a stakeholder of the plan", {}, "rosa", true],
  ["a stakeholder beside those whom the rule names", { from: ["@ben"] }, "rosa", true],
  ["a writer where the rule names others", { from: ["@ben"] }, "cleo", false],
  ["a stakeholder where the configuration does not ask them", { stakeholders: false }, "rosa", false],
  ["a member of a team of stakeholders", {}, "dora", true],
])("%s may approve: %j", (_, approvals, login, counted) => {
  const w = drafted((it) => {
    rules(approvals)(it)
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
    it.truth.plan = plan({ stakeholders: { product: "@rosa", operations: ["@acme/sre", "sre@example.com"] } })
  })
  expect(w.click("approve", login).run().answer().counted).toBe(counted)
})

test("a team that cannot be read lets nobody in", () => {
  const w = drafted((it) => {
    rules({ from: ["@acme/sre"] })(it)
    it.truth.admit("dora", "read", { teams: ["acme/sre"] })
  })
  w.truth.standings.dora = {
    person: person("dora"),
    permission: "read",
    teams: {},
    belongs: "member",
    at: "2026-11-02T09:00:00.000Z",
  }
  expect(w.click("approve", "dora").run().answer().counted).toBe(false)
})

test.each<[string, Standing["belongs"], RegExp | "counted"]>([
  ["a member", "member", "counted"],
  ["who was let into a person's own repository", "guest", "counted"],
  ["an outside collaborator", "outside", /no member of the organisation/],
  ["a suspended user", "suspended", /their account is suspended/],
  ["whose account is gone", "gone", /no account of theirs/],
  ["of whom nobody asked", undefined, /was not read yet: press again/],
])("%s, with write permission and named", (_, belongs, because) => {
  for (const from of [[], ["@ben"], ["@acme/sre"]]) {
    const w = drafted(rules({ from }))
    w.truth.admit("ben", "write", { teams: ["acme/sre"] })
    const { belongs: __, ...standing } = w.truth.standings.ben as Standing
    w.truth.standings.ben = belongs === undefined ? standing : { ...standing, belongs }
    const answer = w.click("approve", "ben").run().answer()
    if (because === "counted") expect(answer.counted).toBe(true)
    else expect(answer).toMatchObject({ counted: false, because: expect.stringMatching(because) })
    expect(w.click("hold", "ben").run().release().hold === undefined).toBe(because !== "counted")
  }
})

test("an approval counts no longer once its giver is outside", () => {
  const w = drafted().click("approve", "ben").run()
  expect(w.gate("approvals").state).toBe("passed")
  w.truth.standings.ben = { ...(w.truth.standings.ben as Standing), belongs: "outside" }
  w.click("publish", "cleo").run()
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.release().phase.is).toBe("cut")
})

test("where membership could not be read, the answer says why, and what to grant", () => {
  const w = drafted()
  w.unreadable.set("standing:ben", "grant Slipway the organisation permission “Members” (read)")
  expect(w.click("approve", "ben").run().answer()).toMatchObject({
    counted: false,
    because: expect.stringContaining("grant Slipway"),
  })
})

test("a permission that can no longer be read does not count, whatever it was", () => {
  const w = drafted().click("approve", "ben").run()
  expect(w.gate("approvals").state).toBe("passed")
  w.unreadable.set("standing:ben", "403")
  w.click("hold", "cleo").run().click("approve", "cleo").run()
  expect(w.release().approvals.map((a) => a.by.login)).toEqual(["ben", "cleo"])
  expect(w.page().approvals).toMatchObject([
    { by: "ben", counts: false },
    { by: "cleo", counts: true },
  ])
})

test("an author whom GitHub does not know keeps the gate unknown", () => {
  const w = world()
    .merge(12, "feat: a", { unknown: ["Mo"] })
    .run()
    .click("approve", "ben")
    .run()
  expect(w.gate("approvals")).toMatchObject({ state: "unknown", because: expect.stringContaining("who Mo is") })
  expect(w.readiness().conclusion).toBe("action_required")
})

test("who pushed a commit in somebody else's name cannot approve it", () => {
  const by = { login: "ben", id: person("ben").id }
  const w = world()
  for (const signal of w.truth.push("feat: forged", { author: "ann" })) {
    const commits = signal.kind === "moved" ? signal.advance.commits.map((c) => ({ ...c, push: { by, at: c.at } })) : []
    w.truth.commits.splice(-1, 1, ...commits)
    w.hear(signal.kind === "moved" ? { ...signal, advance: { ...signal.advance, commits } } : signal)
  }
  w.run()
  expect(w.click("approve", "ben").run().answer().because).toContain("four eyes")
  expect(w.click("approve", "ann").run().answer().because).toContain("four eyes")
  expect(w.click("approve", "cleo").run().gate("approvals").state).toBe("passed")
})

test("a new login makes no other person of an author", () => {
  const w = world()
    .merge(12, "feat: a", { author: "cleo", authors: ["ann"], commits: ["a"] })
    .run()
  const ann = w.truth.standings.ann?.person
  w.truth.admit("annie", "write")
  const annie = w.truth.standings.annie
  if (ann && annie) w.truth.standings.annie = { ...annie, person: { ...ann, login: "annie" } }
  expect(w.click("approve", "annie").run().answer().because).toContain("four eyes")
})

test.each<[Nameless["because"], string]>([
  ["account", "GitHub does not know who Mo is"],
  ["signature", "neither who pushed it nor a verified signature is known"],
  ["unlisted", "GitHub does not list all of its commits"],
  ["own branch", "somebody put a commit on Slipway's own branch in the name of Mo"],
])("a commit of nobody (%s) keeps the gate unknown, with its way out", (because, expected) => {
  const w = world().merge(12, "feat: a")
  w.truth.authorship["#12"] = {
    logins: ["ann"],
    ids: ["id-ann"],
    unknown: [{ sha: w.truth.head, name: "Mo", because }],
  }
  expect(w.run().click("approve", "ben").run().gate("approvals")).toMatchObject({
    state: "unknown",
    because: expect.stringMatching(
      new RegExp(`^#12: .*${expected}.*so nobody can be shown not to have written it; .+`),
    ),
  })
})

test("authors that could not be read again do not count as they were", () => {
  const w = drafted().click("approve", "ben").run()
  expect(w.gate("approvals").state).toBe("passed")
  w.unreadable.set("authors:", "403")
  w.click("publish", "ann").run()
  expect(w.release("1").phase.is).toBe("cut")
  expect(w.gate("approvals")).toMatchObject({ state: "unknown", because: "the authors of #12 could not be read" })
})

test("authors that cannot be read keep the gate unknown, and a click is asked for again", () => {
  const w = world().merge(12, "feat: a").run()
  w.unreadable.set("authors:", "403")
  expect(w.click("approve", "ben").run().answer()).toMatchObject({
    counted: false,
    because: expect.stringContaining("#12"),
  })
  w.unreadable.clear()
  expect(w.click("approve", "ben").run().gate("approvals").state).toBe("passed")
})

test("a direct commit that is taken for a part of a pull request cannot be approved by who wrote it", () => {
  const w = world()
  const [direct] = w.truth.push("feat: backdoor", { author: "mallory" })
  w.truth.admit("mallory", "write")
  const [moved, merged] = w.truth.merge(12, "fix: a", { by: "rebase", commits: ["x"] })
  const pull = merged?.kind === "merged" ? { ...merged.pull, commits: 2 } : undefined
  w.truth.commits.forEach((c, at) => {
    w.truth.commits[at] = { ...c, parents: ["p"], landing: c.sha }
  })
  w.truth.pulls.splice(0, 1, ...(pull ? [pull] : []))
  expect([direct?.kind, moved?.kind]).toEqual(["moved", "moved"])
  w.hear({
    kind: "moved",
    branch: "main",
    advance: { before: "gap", after: "gap", forced: true, complete: false, commits: [] },
    files: null,
    deleted: false,
  }).run()
  const line = w.known.lines.main
  expect(line && changesOfRelease(line, w.release()).map((c) => [c.id, c.commits.length])).toEqual([["#12", 2]])
  expect(w.click("approve", "mallory").run().answer().because).toContain("four eyes")
})

test.each<[string, string, boolean]>([
  ["by who set it", "ben", true],
  ["by another approver", "cleo", true],
  ["not by an author", "ann", false],
  ["not by somebody who may not approve", "rosa", false],
])("a hold blocks until it is lifted: %s", (_, login, lifted) => {
  const w = drafted().click("approve", "cleo").run().click("hold", "ben").run()
  expect(w.gate("hold")).toMatchObject({ state: "failed", because: expect.stringContaining("ben holds the release") })
  expect(w.readiness()).toMatchObject({ conclusion: "failure" })
  expect(w.click("publish", "cleo").run().answer().counted).toBe(false)
  w.click("approve", login).run()
  expect(w.release().hold === undefined).toBe(lifted)
  expect(w.page().gates.every((gate) => gate.state === "passed")).toBe(lifted)
})

test("an author may hold their own change, and lift that hold without approving", () => {
  const w = drafted().click("hold", "ann").run()
  expect(w.release()).toMatchObject({ phase: { is: "drafted" }, hold: { by: { login: "ann" } } })
  w.click("approve", "ann").run()
  expect(w.answer().because).toBe("the hold is lifted; as an approval it does not count: four eyes: they wrote #12")
  expect(w.release()).toMatchObject({ phase: { is: "drafted" }, approvals: [] })
  expect(w.release().hold).toBeUndefined()
})

test("who holds takes their approval back", () => {
  const w = drafted().click("approve", "ben").run().click("hold", "ben").run()
  expect(w.release().approvals).toEqual([])
  expect(w.gate("approvals").state).toBe("pending")
})

test("the thread tells of approvals and holds once, whatever is decided again", () => {
  const w = drafted().click("approve", "ben").run().click("hold", "cleo").run()
  w.hear({ kind: "look", because: "again" }).run()
  expect(w.replies("1")).toEqual(["cut", "approved", "ready", "held"])
})
