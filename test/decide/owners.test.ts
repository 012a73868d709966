import { expect, test } from "vitest"
import { config } from "./support/truth.ts"
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
