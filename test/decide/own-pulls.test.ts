import { expect, test } from "vitest"
import { changesOfRelease } from "../../src/decide/release-changes.ts"
import { world } from "./support/world.ts"

const OURS = { author: "slipway[bot]", type: "Bot", from: "slipway/changelog/main" } as const

test("what Slipway itself merged is neither noted nor does it ask for a version", () => {
  const w = world().merge(12, "feat: this would be a minor", OURS).run()
  expect(w.known.releases).toEqual([])
  w.merge(13, "fix: rounding").run()
  expect(w.release()).toMatchObject({ tag: "v1.0.1" })
  expect(w.page().notes.sections.flatMap((s) => s.entries.map((e) => e.text))).toEqual(["rounding"])
})

test("what people pushed to a branch of Slipway's still needs four eyes", () => {
  const w = world()
    .merge(12, "chore: release", { ...OURS, authors: ["ben"] })
    .merge(13, "fix: rounding", { author: "ann" })
    .run()
  expect(changesOfRelease(w.known.lines.main as never, w.release())).toHaveLength(1)
  w.click("approve", "ben").run()
  expect(w.gate("approvals")).toMatchObject({ state: "pending", because: expect.stringContaining("#12") })
  w.click("approve", "cleo").run()
  expect(w.gate("approvals").state).toBe("passed")
})
