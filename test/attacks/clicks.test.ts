import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "../e2e/support/gates.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Clicks that GitHub signed, and that were not made on the page that stands, or not now. */
let stage: Stage
let place: Place
let head: string

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const drafted = async (name: string): Promise<void> => {
  place = await stage.build(name)
  head = (await place.merge("ben", "feat: pay by invoice")).sha
}

/** The newest webhook of a pressed button. */
function lastClick() {
  const found = stage.github.deliveries.findLast(({ action }) => action === "requested_action")
  if (!found) throw new Error("no button was pressed")
  return found
}

test("a click that is replayed under another name does not count for what has moved since", async () => {
  await drafted("replayed")
  await place.press("approve", "cleo", head)
  await place.press("hold", "ana", head)
  const { payload } = lastClick()
  await place.push("ben", "chore: two", {
    ".github/slipway.yml": "approvals: { required: 1 }\nplan: { required: true }\n",
  })
  await place.push("ben", "chore: a plan", { "release-plan.yml": PLAN })
  expect(gate(place.readiness(head), "approvals")).toMatch(/⏳/)
  const { sender } = lastClick().payload as { sender: object }
  const { data: cleo } = await stage.github.as("cleo").rest.users.getAuthenticated()
  const by = { ...sender, login: "cleo", id: cleo.id }
  await stage.github.send("check_run", { ...payload, requested_action: { identifier: "approve" }, sender: by })
  await stage.quiet()
  const page = place.readiness(head)
  expect(gate(page, "approvals")).toMatch(/⏳/)
  expect(plainly(page.summary)).toMatch(/not counted.*moved since the page was drawn/)
})

test("a click that comes again under another name, while the page is unchanged, is no second press", async () => {
  await drafted("sent-again")
  await place.press("approve", "cleo", head)
  const { payload } = lastClick()
  await place.press("hold", "cleo", head)
  await stage.github.send("check_run", payload)
  await stage.quiet()
  expect(place.readiness(head).conclusion).toBe("failure")
  expect(gate(place.readiness(head), "approvals")).not.toMatch(/✅/)
})
const PLAN = "release: { name: Spring }\ntesting: { required: [] }\nrollback_plan: { procedure: docs/rollback.md }\n"

test("a click on an old check run leads to the one that stands, and cuts nothing", async () => {
  await drafted("old-page")
  const old = place.readiness(head)
  const { sha } = await place.merge("cleo", "fix: round")
  await stage.github.clickAnyway({ repo: place.repo, checkRunId: old.id, identifier: "approve", by: "ana" })
  await stage.quiet()
  expect(place.readiness(head)).toMatchObject({ conclusion: "neutral", title: "No longer the current check" })
  expect(place.readiness(sha)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.1.0") })
  expect(place.world().tags).toEqual({})
})

test("a click on a check run of another App with our name is that App's business", async () => {
  await drafted("another-app")
  const ours = place.readiness(head)
  await place.press("hold", "ana", head)
  const { payload } = lastClick()
  const forged = structuredClone(payload) as { check_run: { external_id: string; app: { id: number } }; sender: object }
  await stage.github.reportCheck({ repo: place.repo, sha: head, name: ours.name, app: "evil", conclusion: "success" })
  await stage.quiet()
  forged.check_run.app.id = 666
  const by = await stage.github.as("cleo").rest.users.getAuthenticated()
  await stage.github.send("check_run", {
    ...forged,
    requested_action: { identifier: "approve" },
    sender: { ...forged.sender, login: "cleo", id: by.data.id },
  })
  await stage.quiet()
  const page = stage.github.checkRuns(place.repo, { sha: head, name: ours.name }).find(({ app }) => app === "slipway")
  expect(page?.summary).not.toMatch(/cleo.* pressed/)
  expect(place.world()).toMatchObject({ tags: {}, releases: [{ draft: true }] })
})
