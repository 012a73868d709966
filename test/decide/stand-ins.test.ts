import { expect, test } from "vitest"
import { config, person } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const asking = (...from: string[]) => ({ approvals: { from } })
const NOW = asking("@cleo")

interface Story {
  readonly before: object
  readonly now?: object
  /** Of #12; the change of the configuration is emil's. */
  readonly author?: string
}

/** tina and tom have left, acme/old is gone; ada and alf administer; ann, ben and cleo write. #12 comes, then other people. */
function replacing({ before, now = NOW, author = "emil" }: Story): World {
  return world((w) => {
    for (const login of ["ada", "alf"]) w.truth.admit(login, "admin")
    w.truth.admit("dora", "write", { teams: ["acme/sre"] })
    w.truth.left.push("tina", "tom")
    w.truth.goneTeams.push("acme/old")
    w.truth.config = config(before)
  })
    .merge(12, "feat: pay", { author })
    .run()
    .commitFiles({ config: config(now), author: "emil" })
    .run()
}

const clicked = (w: World, logins: readonly string[]): World => {
  for (const login of logins) w.click("approve", login).run()
  return w
}

const two = (...from: string[]) => ({ approvals: { required: 2, from } })
const all = (...groups: object[]) => ({ approvals: { required: 0, "all-of": groups } })
const any = (...groups: object[]) => ({ approvals: { required: 0, "any-of": groups } })
const TINA = asking("@tina")

test.each<[string, Story, readonly string[], "passed" | "pending"]>([
  ["by an admin, where the only one has left", { before: TINA }, ["ada"], "passed"],
  ["by nobody who only writes", { before: TINA }, ["cleo"], "pending"],
  ["by no admin who wrote a part of it", { before: TINA, author: "ada" }, ["ada"], "pending"],
  ["by another admin, where one wrote a part of it", { before: TINA, author: "ada" }, ["ada", "alf"], "passed"],
  ["by an admin, where their login is written in another way", { before: asking("@Tina") }, ["ada"], "passed"],
  ["by an admin, where the team is gone", { before: asking("@acme/old") }, ["ada"], "passed"],
  [
    "by no admin, where the team is there, and might have others",
    { before: asking("@acme/release") },
    ["ada"],
    "pending",
  ],
  ["by no admin, where a team is out of sight", { before: asking("@tina", "@x/y") }, ["ada"], "pending"],
  ["by no admin, where a team is there beside them", { before: asking("@tina", "@acme/sre") }, ["ada"], "pending"],
  ["by no admin, where somebody is left", { before: asking("@tina", "@ben") }, ["ada"], "pending"],
  ["by who is left", { before: asking("@tina", "@ben") }, ["ben"], "passed"],
  ["by no admin, where anybody who may write is asked", { before: two() }, ["ada"], "pending"],
  ["by who is left of two, and an admin", { before: two("@tina", "@ben") }, ["ben", "ada"], "passed"],
  ["not round who is left of two", { before: two("@tina", "@ben") }, ["ada", "alf"], "pending"],
  ["not by who is left of two alone", { before: two("@tina", "@ben") }, ["ben"], "pending"],
  ["by two admins, where nobody of two is left", { before: two("@tina", "@tom") }, ["ada", "alf"], "passed"],
  ["not by one admin, where nobody of two is left", { before: two("@tina", "@tom") }, ["ada"], "pending"],
  // What is merged stays in the releases to come: who wrote it could never be covered for by those whom the rule names.
  [
    "by an admin beside who is left, who wrote a part",
    { before: asking("@tina", "@ben"), author: "ben" },
    ["ben", "ada"],
    "passed",
  ],
  [
    "by no admin without who is left, who wrote a part",
    { before: asking("@tina", "@ben"), author: "ben" },
    ["ada"],
    "pending",
  ],
  [
    "not by who is left alone, who wrote a part",
    { before: asking("@tina", "@ben"), author: "ben" },
    ["ben"],
    "pending",
  ],
  [
    "by an admin beside the only one, who wrote a part",
    { before: asking("@ben"), author: "ben" },
    ["ben", "ada"],
    "passed",
  ],
  [
    "by no admin, where another one wrote none of it",
    { before: asking("@ann", "@ben"), author: "ben" },
    ["ben", "ada"],
    "pending",
  ],
  ["in a group", { before: all({ from: ["@tina"] }, { from: ["@ben"] }) }, ["ben", "ada"], "passed"],
  ["in a group, and in no other one", { before: all({ from: ["@tina"] }, { from: ["@ben"] }) }, ["ada"], "pending"],
  ["in one of several groups", { before: any({ from: ["@tina"] }, { from: ["@acme/sre"] }) }, ["ada"], "passed"],
  [
    "by no admin, where who approves stays the same",
    { before: TINA, now: { ...TINA, risk: { high: [{ paths: "db/**" }] } } },
    ["ada"],
    "pending",
  ],
  [
    "by an admin, where nobody is to be asked any more",
    { before: TINA, now: { approvals: { required: 0 } } },
    ["ada"],
    "passed",
  ],
])("who can approve no more in the rule in force is replaced %s", (_, story, logins, state) => {
  expect(clicked(replacing(story), logins).gate("configuration").state).toBe(state)
})

test.each<[string, (w: World) => void]>([
  ["who may write was not read", (w) => w.unreadable.set("approvers", "403")],
  ["it cannot be read who wrote it", (w) => w.unreadable.set("authors:#12", "403")],
  ["it was not read that they left", (w) => w.truth.left.splice(0)],
  ["what the admin may do cannot be read", (w) => w.unreadable.set("standing:ada", "403")],
])("nobody stands in where %s", (_, make) => {
  const w = replacing({ before: TINA })
  make(w)
  expect(clicked(w, ["ada"]).gate("configuration").state).not.toBe("passed")
})

test("who has come back by the time of the publication has to be asked", () => {
  const w = clicked(replacing({ before: TINA }), ["ada", "cleo"])
  expect(w.gate("configuration").state).toBe("passed")
  w.truth.left.splice(0)
  w.click("publish", "cleo").run()
  expect(w.release("1").phase.is).toBe("cut")
  expect(w.gate("configuration").state).toBe("pending")
})

test("an admin in the place of somebody covers nothing for the rule that is to follow", () => {
  const w = clicked(replacing({ before: TINA }), ["ada"])
  expect(w.gate("approvals").state).toBe("pending")
  clicked(w, ["cleo"]).click("publish", "cleo").run()
  expect(w.release("1").phase.is).toBe("published")
  expect(w.known.lines.main?.inForce.config?.value.approvals.from).toEqual(["@cleo"])
})

test("that an admin stands in is said by the gate, the page, the thread and the audit", () => {
  const w = replacing({ before: two("@tina", "@ben") })
  expect(w.page().mayApprove).toMatchObject({ is: "people", people: expect.arrayContaining(["ada", "alf", "ben"]) })
  clicked(w, ["cleo", "ada"])
  expect(w.gate("configuration").because).toMatch(
    /from @tina and @ben \(of whom too few are left who can approve it\) or from an admin of the repository in their place/,
  )
  expect(w.gate("configuration").because).toMatch(/from @tina and @ben \(those who are left/)
  expect(clicked(w, ["ben"]).gate("configuration").because).toMatch(
    /admins of the repository in the place of @tina and @ben, of whom too few are left/,
  )
  expect(w.page().approvals.find(({ by }) => by === "ada")?.because).toMatch(
    /an admin of the repository, for approvers/,
  )
  const told = w.applied.flatMap((e) =>
    e.kind === "reply" && e.content.reply.is === "stood in" ? [e.content.reply] : [],
  )
  expect(told).toMatchObject([{ by: "ada", for: "@tina and @ben" }])
  expect(w.audit.filter(({ what }) => what === "stood in")).toMatchObject([
    { by: "ada", release: "1", facts: { for: "@tina, @ben" } },
  ])
})

test("where nobody is left to approve, the page says how others come in", () => {
  const w = world((it) => {
    it.truth.left.push("tina")
    it.truth.config = config(TINA)
  })
  clicked(w.merge(12, "feat: pay").run(), ["cleo"])
  expect(w.page().mayApprove).toMatchObject({
    is: "nobody",
    because: "nobody is allowed to approve (@tina)",
    waysOut: [
      expect.stringMatching(
        /name others under “approvals” .* by a change of somebody else: admins .* stand in for those of @tina/,
      ),
      expect.anything(),
    ],
  })
})

test("where no admin is left to stand in, the page says so", () => {
  const w = replacing({ before: TINA })
  const logins = ["emil", "ada", "alf"]
  w.truth.authorship["#12"] = { logins, ids: logins.map((login) => person(login).id), unknown: [] }
  clicked(w, ["cleo"])
  expect(w.page().mayApprove).toMatchObject({
    is: "nobody",
    waysOut: [expect.stringMatching(/make somebody who wrote none of it an admin .* in force asks @tina/)],
  })
})
