import { afterEach, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Somebody who may write takes away the gate that stands in the way of a candidate. */
let stage: Stage

afterEach(() => stage.close())

test("who drops a gate behind a candidate does not approve that alone; with somebody else it counts", async () => {
  stage = await setStage({
    slack: false,
    files: {
      ".github/slipway.yml": "publish: { manifests: [package.json] }\n",
      "package.json": '{ "name": "shop", "version": "1.0.0" }\n',
    },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "manifests")).toContain("says 1.0.0")

  await stage.merge("cleo", "chore: no manifests", { files: { ".github/slipway.yml": "approvals: { required: 1 }\n" } })
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /the gates in slipway\.yml were changed.*by cleo still needs 1/,
  )
  expect(stage.readiness(sha).conclusion).toBe("action_required")

  await stage.press("approve", "ana", sha)
  await stage.press("publish", "cleo", sha)
  expect(stage.world().tags["v1.1.0"]).toBe(sha)
})
