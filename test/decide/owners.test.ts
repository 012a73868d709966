import { expect, test } from "vitest"
import type { Standing } from "../../src/model/approval.ts"
import { config, person } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const A = { owners: ["@ben"], path: "a/1.ts" }
const B = { owners: ["@acme/sre", "@cleo"], path: "b/1.ts" }
const NOBODYS = { owners: [], path: "README.md" }

/** #12 by ann touches what is given; ben and cleo write, dora is of `acme/sre` and writes, rosa is of it and reads. */
function drafted(approvals: object, parts: readonly object[] | undefined, more: object = {}): World {
  return world((w) => {
    w.truth.admit("dora", "write", { teams: ["acme/sre"] })
    w.truth.admit("rosa", "read", { teams: ["acme/sre"] })
    w.truth.config = config({ approvals, ...more })
    if (parts) w.truth.owners["#12"] = parts as never
  })
    .merge(12, "feat: pay")
    .run()
}

const clicked = (w: World, logins: readonly string[]): World => {
  for (const login of logins) w.click("approve", login).run()
  return w
}

const OWNERS = { from: ["codeowners"] }

test.each<[string, object, readonly object[], readonly string[], string]>([
  ["the owner", OWNERS, [A], ["ben"], "passed"],
  ["somebody else", OWNERS, [A], ["cleo"], "pending"],
  ["one of two sets of owners", OWNERS, [A, B], ["ben"], "pending"],
  ["both sets of owners", OWNERS, [A, B], ["ben", "dora"], "passed"],
  ["a person of the second set", OWNERS, [A, B], ["ben", "cleo"], "passed"],
  ["an owner who may not write", OWNERS, [B], ["rosa"], "pending"],
  ["anybody who may write, of what nobody owns", OWNERS, [NOBODYS], ["cleo"], "passed"],
  ["who else is named, of what nobody owns", { from: ["codeowners", "@acme/sre"] }, [NOBODYS], ["dora"], "passed"],
  ["who is not named, of what nobody owns", { from: ["codeowners", "@acme/sre"] }, [NOBODYS], ["ben"], "pending"],
  ["who else is named, of what is owned", { from: ["codeowners", "@cleo"] }, [A], ["cleo"], "pending"],
  ["both, of a change that touches both", { from: ["codeowners", "@cleo"] }, [A, NOBODYS], ["ben", "cleo"], "passed"],
  ["no path at all", OWNERS, [], ["cleo"], "passed"],
  ["two owners of two", { required: 2, from: ["codeowners"] }, [B], ["cleo", "dora"], "passed"],
  ["one owner of two, and somebody else", { required: 2, from: ["codeowners"] }, [B], ["cleo", "ben"], "pending"],
  ["a group of owners beside others", { required: 1, "all-of": [OWNERS] }, [A], ["cleo"], "pending"],
  ["a group of owners, and somebody", { required: 2, "all-of": [OWNERS] }, [A], ["cleo", "ben"], "passed"],
  ["any of two groups", { "any-of": [OWNERS, { from: ["@cleo"] }] }, [A], ["cleo"], "passed"],
])("%s", (_, approvals, parts, logins, state) => {
  expect(clicked(drafted(approvals, parts), logins).gate("approvals").state).toBe(state)
})

const before = (...owners: string[]) => ({ owners, path: "a/1.ts", before: true })

/** The same, with ada and alf, who administer, and tina, whom the file before named and who has left. */
function inherited(approvals: object, parts: readonly object[], author = "ann"): World {
  return world((w) => {
    for (const login of ["ada", "alf"]) w.truth.admit(login, "admin")
    w.truth.admit("dora", "write", { teams: ["acme/sre"] })
    w.truth.goneTeams.push("acme/old")
    w.truth.config = config({ approvals })
    w.truth.owners["#12"] = parts as never
  })
    .merge(12, "feat: pay", { author })
    .run()
}

const TWO = { required: 2, from: ["codeowners"] }

test.each<[string, object, readonly object[], readonly string[], string, string?]>([
  ["by an admin, where the only one has left", OWNERS, [before("@tina")], ["ada"], "passed"],
  ["by nobody who only writes", OWNERS, [before("@tina")], ["cleo"], "pending"],
  ["by an admin, where the only one wrote it", OWNERS, [before("@ann")], ["ada"], "passed"],
  ["by an admin, where their team is gone", OWNERS, [before("@acme/old")], ["ada"], "passed"],
  ["by no admin, where their team is out of sight", OWNERS, [before("@acme/hidden")], ["ada"], "pending"],
  ["by no admin, where one of two teams is out of sight", OWNERS, [before("@acme/old", "@x/y")], ["ada"], "pending"],
  ["by no admin, where somebody is left", OWNERS, [before("@tina", "@ben")], ["ada"], "pending"],
  ["by who is left", OWNERS, [before("@tina", "@ben")], ["ben"], "passed"],
  ["by who is left of a team", OWNERS, [before("@acme/old", "@acme/sre")], ["dora"], "passed"],
  ["by no admin who wrote it", OWNERS, [before("@tina")], ["ada"], "pending", "ada"],
  ["by another admin, where an admin wrote it", OWNERS, [before("@tina")], ["alf"], "passed", "ada"],
  ["by who is left of two, and an admin", TWO, [before("@tina", "@ben")], ["ben", "ada"], "passed"],
  ["not round who is left of two", TWO, [before("@tina", "@ben")], ["alf", "ada"], "pending"],
  ["not by who is left of two alone", TWO, [before("@tina", "@ben")], ["ben"], "pending"],
  ["by two admins, where nobody of two is left", TWO, [before("@tina")], ["alf", "ada"], "passed"],
  ["by no admin, where the newest file names them", OWNERS, [{ ...A, owners: ["@tina"] }], ["ada"], "pending"],
  ["beside who owns it now", OWNERS, [A, before("@tina")], ["ada"], "pending"],
  ["together with who owns it now", OWNERS, [A, before("@tina")], ["ada", "ben"], "passed"],
  ["by an owner who is an admin, for both", OWNERS, [{ ...A, owners: ["@ada"] }, before("@tina")], ["ada"], "passed"],
])("owners of before are replaced %s", (_, approvals, parts, logins, state, author) => {
  expect(clicked(inherited(approvals, parts, author), logins).gate("approvals").state).toBe(state)
})

test("who may approve in the place of owners of before is said, with the reason", () => {
  const w = clicked(inherited(OWNERS, [before("@tina")]), ["cleo"])
  expect(w.answer()).toMatchObject({ counted: false })
  w.click("approve", "ada").run()
  const approval = w.page().approvals.find(({ by }) => by === "ada")
  expect(approval).toMatchObject({ counts: true, because: expect.stringContaining("an admin of the repository") })
  const still = clicked(inherited(TWO, [before("@tina")]), ["ada"])
  expect(still.gate("approvals").because).toMatch(
    /from @tina \(who owned a\/1.ts at the release before, and of whom too few are left .* or from an admin of the/,
  )
  expect(still.page().mayApprove).toMatchObject({ is: "people", people: ["ada", "alf"] })
})

test.each<[string, (w: World) => void]>([
  ["who may write was not read", (w) => w.omitted.add("approvers")],
  ["it cannot be read who wrote it", (w) => w.unreadable.set("authors:#12", "403")],
])("nobody replaces owners of before where %s", (_, make) => {
  const w = inherited(OWNERS, [before("@tina")])
  if (w.known.approvers) w.state = { ...w.known, approvers: { ...w.known.approvers, admins: undefined as never } }
  make(w)
  expect(clicked(w, ["ada"]).gate("approvals").state).not.toBe("passed")
})

test.each<[string, (w: World) => void, string]>([
  ["who was suspended", (w) => tina(w, "suspended"), "passed"],
  ["who is one of the organisation", (w) => tina(w, "member"), "pending"],
  ["who was outside, and cannot be read now", (w) => w.unreadable.set("standing:tina", "502"), "pending"],
])("whether an admin stands in for an owner of before %s", (_, make, state) => {
  const w = inherited(OWNERS, [before("@tina")])
  tina(w, "outside")
  w.hear({ kind: "look", because: "again" }).run()
  make(w)
  w.hear({ kind: "look", because: "again" }).run()
  expect(clicked(w, ["ada"]).gate("approvals").state).toBe(state)
})

/** tina may write, whatever she is to the organisation. */
function tina(w: World, belongs: "member" | "outside" | "suspended"): void {
  w.truth.admit("tina", "write")
  w.truth.standings.tina = { ...(w.truth.standings.tina as Standing), belongs }
}

test("of two who are asked, and one is left, the page says that it is too few", () => {
  const w = clicked(drafted({ required: 2, from: ["@ann", "@ben"] }, undefined), ["ben"])
  expect(w.page().mayApprove).toMatchObject({
    is: "nobody",
    because: "too few of those who may approve (ann and ben) wrote none of #12: 2 approvals are asked for",
  })
})

test.each<[string, readonly object[], readonly RegExp[]]>([
  [
    "named by the newest file",
    [{ ...A, owners: ["@ann"] }],
    [/name somebody for a\/1.ts in CODEOWNERS .* press Re-cut/],
  ],
  ["of a team", [{ ...A, owners: ["@acme/old"] }], [/in CODEOWNERS/, /add such a person to @acme\/old/]],
  ["of before, and both admins wrote it", [before("@tina")], [/make somebody who wrote none of it an admin/]],
])("the ways out where nobody is left of owners %s", (_, parts, ways) => {
  const w = inherited(OWNERS, parts)
  const logins = ["ann", "ada", "alf"]
  w.truth.authorship["#12"] = { logins, ids: logins.map((login) => person(login).id), unknown: [] }
  clicked(w, ["cleo"])
  const may = w.page().mayApprove
  expect(may).toMatchObject({ is: "nobody", waysOut: ways.map((way) => expect.stringMatching(way)) })
})

test("owners cover each change that they did not write", () => {
  const w = drafted(OWNERS, [A])
  w.truth.owners["#13"] = [A]
  w.merge(13, "feat: b", { author: "ben" }).run()
  clicked(w, ["ben"])
  expect(w.gate("approvals")).toMatchObject({ state: "pending", because: expect.stringContaining("#13 by ben") })
})

test("the gate says whom it asks, and for what", () => {
  const w = drafted({ required: 1, from: ["codeowners"] }, [B])
  clicked(w, ["ben"])
  expect(w.answer()).toMatchObject({ counted: false })
  expect(clicked(drafted(OWNERS, [A, B]), ["ben"]).gate("approvals").because).toBe(
    "waits for 1 approval from @acme/sre and @cleo (who own b/1.ts)",
  )
})

test.each<[string, (w: World) => void, RegExp]>([
  ["nobody read it", (w) => delete (w.truth.owners as { [id: string]: unknown })["#12"], /#12 touches is read when/],
  ["it cannot be read", (w) => w.unreadable.set("owners:#12", "CODEOWNERS:3: no owner"), /CODEOWNERS:3: no owner/],
])("owners are unknown where %s, and the page says so", (_, make, because) => {
  const w = drafted({ required: 1, from: ["codeowners", "@cleo"] }, [A])
  make(w)
  clicked(w, ["cleo"])
  expect(w.gate("approvals")).toMatchObject({ state: "unknown", because: expect.stringMatching(because) })
  expect(w.page().mayApprove).toMatchObject({ is: "unknown", because: expect.stringMatching(because) })
})

test("owners that were read for another end of the release are none of this one", () => {
  const w = clicked(drafted(OWNERS, [A]), ["ben"])
  expect(w.gate("approvals").state).toBe("passed")
  const key = `#12@${w.release().id}`
  const owned = w.known.owners?.[key]
  if (!owned) throw new Error("no owners are known")
  w.truth.owners["#12"] = undefined as never
  w.state = { ...w.known, owners: { [key]: { ...owned, tip: "f".repeat(40) } } }
  expect(w.run().gate("approvals").state).toBe("unknown")
})

test.each<[string, readonly string[], string, boolean]>([
  ["anybody who may write", ["codeowners"], "cleo", true],
  ["nobody who may only read", ["codeowners"], "rosa", false],
  ["who else is named", ["codeowners", "@acme/sre"], "rosa", true],
  ["nobody who is not named", ["codeowners", "@acme/sre"], "cleo", false],
])("while owners are not read, of Hold is heard %s", (_, from, login, isHeld) => {
  const w = drafted({ from }, undefined)
  w.click("hold", login).run()
  expect(w.release().hold?.by.login).toBe(isHeld ? login : undefined)
})

test("owners that are known hold alone, and while they are not, an Approve of another does not count", () => {
  const known = clicked(drafted(OWNERS, [A]), ["ben"])
  known.click("hold", "cleo").run()
  expect(known.release().hold).toBeUndefined()
  const unread = clicked(drafted({ from: ["codeowners", "@ben"] }, undefined), ["cleo"])
  expect(unread.answer()).toMatchObject({ counted: false })
})

test("the page names the owners that nobody is left of", () => {
  const w = drafted(OWNERS, [{ owners: ["@ann"], path: "a/1.ts" }])
  clicked(w, ["cleo"])
  expect(w.page().mayApprove).toMatchObject({ is: "nobody", because: expect.stringContaining("#12") })
})

test("taking the owners out of the rule is approved by the owners", () => {
  const w = drafted(OWNERS, [A])
  w.commitFiles({ config: config({}) })
  const change = w.truth.head
  w.truth.owners[change] = [A]
  w.run()
  expect(clicked(w, ["cleo"]).gate("configuration").state).not.toBe("passed")
  expect(clicked(w, ["ben"]).gate("configuration").state).toBe("passed")
})

test("whoever may roll back is not asked by what they own", () => {
  expect(() => config({ environments: { live: { approvals: { from: ["codeowners"] } } } })).toThrow()
})
