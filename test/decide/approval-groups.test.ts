import { expect, test } from "vitest"
import { config, person } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** #12 by ann; ben and cleo write, dora is of `acme/sre`, rosa only reads and is of `acme/release`. */
const drafted = (approvals: object, more: object = {}) =>
  world((w) => {
    w.truth.admit("dora", "write", { teams: ["acme/sre"] })
    w.truth.admit("rosa", "read", { teams: ["acme/release"] })
    w.truth.config = config({ approvals, ...more })
  })
    .merge(12, "feat: pay")
    .run()

const clicked = (w: World, logins: readonly string[]) => {
  for (const login of logins) w.click("approve", login).run()
  return w
}

const SRE = { from: ["@acme/sre"] }
const RELEASE = { from: ["@acme/release"] }

test.each<[string, object, readonly string[], string]>([
  ["a group of the one who approved", { "all-of": [SRE] }, ["dora"], "passed"],
  ["one of two groups", { "all-of": [SRE, RELEASE] }, ["dora"], "pending"],
  ["two of two groups", { "all-of": [SRE, RELEASE] }, ["dora", "rosa"], "passed"],
  ["any of two groups", { "any-of": [SRE, RELEASE] }, ["rosa"], "passed"],
  ["two of a group of one", { "all-of": [{ required: 2, from: ["@ben", "@cleo"] }] }, ["ben"], "pending"],
  ["two of a group of two", { "all-of": [{ required: 2, from: ["@ben", "@cleo"] }] }, ["ben", "cleo"], "passed"],
  ["all of one and any of two", { "all-of": [SRE], "any-of": [RELEASE, { from: ["@ben"] }] }, ["dora"], "pending"],
  [
    "all of one and any of two",
    { "all-of": [SRE], "any-of": [RELEASE, { from: ["@ben"] }] },
    ["dora", "ben"],
    "passed",
  ],
  ["a group and somebody beside it", { required: 1, from: ["@cleo"], "all-of": [SRE] }, ["dora"], "pending"],
  ["a group and somebody beside it", { required: 1, from: ["@cleo"], "all-of": [SRE] }, ["dora", "cleo"], "passed"],
  ["a group whose member approves for both", { required: 1, "all-of": [SRE] }, ["dora"], "passed"],
])("%s: %j after %j", (_, approvals, logins, state) => {
  expect(clicked(drafted(approvals), logins).gate("approvals").state).toBe(state)
})

test("who is of no group is not asked, and does not count", () => {
  const w = drafted({ "all-of": [SRE] })
    .click("approve", "ben")
    .run()
  expect(w.answer()).toMatchObject({ counted: false, because: expect.stringContaining("not among @acme/sre") })
  expect(w.page().mayApprove).toMatchObject({ is: "people", people: ["dora"] })
})

test("a group covers each change with somebody who wrote none of it", () => {
  const w = drafted({ "all-of": [{ from: ["@ann", "@ben"] }] })
  w.merge(13, "feat: b", { author: "ben" }).run()
  clicked(w, ["ben"])
  expect(w.gate("approvals")).toMatchObject({ state: "pending", because: expect.stringContaining("#13 by ben") })
  expect(clicked(w, ["ann"]).gate("approvals").state).toBe("passed")
})

test("the page names the group that nobody is left in", () => {
  const w = drafted({ "all-of": [SRE, { from: ["@ann"] }] })
  expect(w.page().mayApprove).toMatchObject({
    is: "nobody",
    because: "#12 was written by everybody who may approve (ann)",
    waysOut: [
      expect.stringContaining("admins of the repository stand in for those of @ann who cannot approve that"),
      expect.anything(),
    ],
  })
})

test("of several groups one that somebody is left in is enough for any-of", () => {
  expect(drafted({ "any-of": [{ from: ["@ann"] }, SRE] }).page().mayApprove.is).toBe("people")
  expect(drafted({ "any-of": [{ from: ["@ann"] }] }).page().mayApprove.is).toBe("nobody")
})

test("a group that is taken away was in force", () => {
  const w = drafted({ "all-of": [SRE] })
  w.commitFiles({ config: config({}) }).run()
  clicked(w, ["ben"])
  expect(w.gate("configuration").state).toBe("pending")
  clicked(w, ["dora"])
  expect(w.gate("configuration").state).toBe("passed")
})

test("absent groups leave the hash of the gates as it was", () => {
  expect(config({}).approvals).toEqual({ required: 1, from: [], stakeholders: true })
  expect(config({ approvals: { "all-of": [{ from: ["@lea"] }] } }).approvals.required).toBe(0)
})

test("a component has people of its own", () => {
  const components = {
    api: { path: "api/**", approvals: { from: ["@acme/sre"] } },
    web: { path: "web/**" },
  }
  const w = world((it) => {
    it.truth.admit("dora", "write", { teams: ["acme/sre"] })
    it.truth.config = config({ components })
    it.truth.tags.set("api-v1.0.0", { sha: it.truth.head, version: "1.0.0" })
    it.truth.tags.set("web-v1.0.0", { sha: it.truth.head, version: "1.0.0" })
  })
  w.merge(12, "feat: a", { files: ["api/a.ts"] }).run()
  expect(w.page().mayApprove).toMatchObject({ is: "people", people: [person("dora").login] })
  expect(w.click("approve", "ben").run().answer().counted).toBe(false)
  expect(w.click("approve", "dora").run().gate("approvals").state).toBe("passed")
})

const saidOf = (w: World) =>
  w.applied.flatMap((e) => (e.kind === "reply" && e.content.reply.is === "nobody left" ? [e.content.reply] : []))

test("the thread tells the admins once that nobody is left", () => {
  const w = world((it) => {
    for (const login of ["ben", "cleo"]) delete it.truth.standings[login]
    it.truth.admit("ann", "admin")
    it.truth.config = config({ slack: { mention: { Ann: "U012ABCDEF" } } })
  })
    .merge(12, "feat: pay")
    .run()
  expect(saidOf(w)).toEqual([])
  w.click("approve", "ann").run().click("approve", "ann").run()
  expect(saidOf(w)).toEqual([
    {
      is: "nobody left",
      because: "#12 was written by everybody who may approve (ann)",
      waysOut: [expect.stringContaining("second person"), expect.stringContaining("required: 0")],
      asks: [{ login: "ann", slack: "U012ABCDEF" }],
    },
  ])
})

test("while somebody is left nobody is told", () => {
  expect(saidOf(drafted({}).click("approve", "ann").run())).toEqual([])
})

const DOCS = { risk: { low: [{ paths: "docs/**" }] } }

/** One of `docs/` that nobody reviewed, and one of code. */
const mixed = (approvals: object, files: readonly string[]) =>
  world((w) => {
    w.truth.config = config({ approvals, ...DOCS })
  })
    .merge(12, "feat: pay", { files })
    .run()

test.each<[string, object, readonly string[], readonly string[], string]>([
  ["one of two for what is of high risk", { required: 1, high: 2 }, ["src/pay.ts"], ["ben"], "pending"],
  ["two of two for what is of high risk", { required: 1, high: 2 }, ["src/pay.ts"], ["ben", "cleo"], "passed"],
  ["one for what is of low risk", { required: 1, high: 2 }, ["docs/pay.md"], ["ben"], "passed"],
  ["fewer than all need changes nothing", { required: 2, high: 1 }, ["docs/pay.md"], ["ben"], "pending"],
  ["none but for what is of high risk", { required: 0, high: 1 }, ["src/pay.ts"], [], "pending"],
  ["one where none but for high risk is asked", { required: 0, high: 1 }, ["src/pay.ts"], ["ben"], "passed"],
  ["none for what is of low risk alone", { required: 0, high: 1 }, ["docs/pay.md"], ["ben"], "passed"],
])("by risk: %s", (_, approvals, files, logins, state) => {
  expect(clicked(mixed(approvals, files), logins).gate("approvals").state).toBe(state)
})

test("what could not be read is asked as many as what is of high risk", () => {
  const w = mixed({ required: 1, high: 2 }, ["docs/pay.md"])
  w.unreadable.set("brought:#12", "403")
  expect(clicked(w, ["ben"]).gate("approvals")).toMatchObject({
    state: "pending",
    because: "#12 by ann still needs 2 approvals of somebody else",
  })
})

test("a high number that is lowered was in force", () => {
  const w = mixed({ required: 1, high: 2 }, ["src/pay.ts"])
  w.commitFiles({ config: config({ approvals: { required: 1 }, ...DOCS }) }).run()
  expect(clicked(w, ["ben"]).gate("configuration").state).toBe("pending")
  expect(clicked(w, ["cleo"]).gate("configuration").state).toBe("passed")
})
