import { expect, test } from "vitest"
import { config, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/**
 * Somebody who may write tries to get their own change out by moving what belongs to which component, or what the gates
 * are. Mallory is the attacker; ben's change is in the same release, so that her approval counts for something.
 */
const COMPONENTS = { api: { path: "services/api/**" }, web: { path: "services/web/**" } }
const divided = (components: object, more: object = {}) => config({ components, ...more })

const begin = (written = divided(COMPONENTS)) =>
  world((it) => {
    it.truth.config = written
    it.truth.tags.clear()
    for (const tag of ["api-v1.0.0", "web-v1.0.0"]) it.truth.tags.set(tag, { sha: sha(1), version: "1.0.0" })
    it.truth.admit("mallory", "write")
  })

const inFolder = (author: string, ...files: readonly string[]) => ({ author, files })
const of = (w: World, component: string) => {
  const found = w.known.releases.find((r) => r.component === component && r.phase.is !== "published")
  if (!found) throw new Error(`no release of ${component} is open`)
  return found.id
}
const press = (w: World, component: string, button: string, login: string) =>
  w.click(button, login, w.readiness(of(w, component)))

/** Ben's fix and mallory's back door, approved by her: the back door still waits for somebody else. */
const approvedByMallory = (written?: ReturnType<typeof config>) => {
  const w = begin(written)
    .merge(11, "fix: a rounding", inFolder("ben", "services/api/rounding.ts"))
    .merge(12, "feat: a back door", inFolder("mallory", "services/api/door.ts"))
    .run()
  press(w, "api", "approve", "mallory").run()
  expect(w.gate("approvals", of(w, "api")).because).toContain("#12 by mallory still needs 1 approval")
  return w
}

test("the fixture: a component's release is published with four eyes", () => {
  const w = approvedByMallory()
  press(w, "api", "approve", "ben").run()
  press(w, "api", "publish", "mallory").run()
  expect(w.truth.tags.get("api-v1.1.0")).toMatchObject({ sha: w.truth.head })
})

test("a configuration that moves the paths after the cut takes no change out of what is covered", () => {
  const w = approvedByMallory()
  const moved = divided({
    ...COMPONENTS,
    api: { path: "services/api/rounding.ts" },
    bin: { path: "services/api/door.ts" },
  })
  w.commitFiles({ config: moved, author: "mallory" }).run()
  expect(w.gate("approvals", of(w, "api")).state).not.toBe("passed")
  press(w, "api", "approve", "mallory").run()
  press(w, "api", "publish", "mallory").run()
  expect([...w.truth.tags.keys()]).not.toContain("api-v1.1.0")
})

test("what lies outside all components is covered with each, though it came with something inside of one", () => {
  const w = begin()
    .merge(12, "feat: a back door", inFolder("mallory", "services/api/door.ts", "build.sh"))
    .merge(13, "fix: a colour", inFolder("ben", "services/web/colour.ts"))
    .run()
  press(w, "web", "approve", "mallory").run()
  press(w, "web", "publish", "mallory").run()
  expect([...w.truth.tags.keys()]).not.toContain("web-v1.0.1")
})

test("a page that was drawn before the paths moved does not cut", () => {
  const w = begin()
    .merge(11, "fix: a rounding", inFolder("ben", "services/api/rounding.ts"))
    .merge(12, "fix: a back door", inFolder("mallory", "services/api/door.ts"))
    .run()
  const page = w.readiness(of(w, "api"))
  const moved = divided({
    ...COMPONENTS,
    api: { path: "services/api/rounding.ts" },
    bin: { path: "services/api/door.ts" },
  })
  w.commitFiles({ config: moved, author: "mallory" }).click("approve", "mallory", page).run()
  expect(w.answer(of(w, "api")).because).toContain("look at it again")
  expect(w.release(of(w, "api")).phase.is).toBe("drafted")
})
