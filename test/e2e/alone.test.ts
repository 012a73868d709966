import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A repository of one person. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

test("where nobody may approve, the page names the two ways out", async () => {
  const place = await stage.build("solo", {}, [])
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
  const place = await stage.build("solo-freed", {}, [])
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
  const place = await stage.build("solo-joined", {}, [])
  const { sha } = await place.merge("ana", "feat: mine alone")
  stage.github.addCollaborator(place.repo, "ben", "write")
  expect((await place.press("approve", "ben", sha)).conclusion).toBe("success")
  expect((await place.press("publish", "ana", sha)).title).toBe("0.1.0 is published")
})
