import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A tag never stands on a tree that says another version; each test is the next step of one story. */
let stage: Stage
let candidate: string

const packageAt = (version: string) => `{ "name": "shop", "version": "${version}" }\n`

beforeAll(async () => {
  stage = await setStage({
    files: {
      ".github/slipway.yml": "publish: { manifests: [package.json] }\nimpact: false\n",
      "package.json": packageAt("1.0.0"),
    },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
})

afterAll(async () => {
  await stage.close()
})

test("the steady state reads no manifest", async () => {
  await stage.merge("ben", "feat: pay by invoice")
  stage.github.resetRequests()
  const { sha } = await stage.merge("ben", "fix: round")
  const asked = stage.github.requests.filter((r) => r.by === "installation").map((r) => r.operationId)
  expect(asked.sort()).toEqual(["checks/create", "repos/update-release"])
  expect(gate(stage.readiness(sha), "manifests")).toContain("is read when the release is cut")
})

test("a candidate whose manifest says the old version fails, and says which of two to choose", async () => {
  const page = await stage.press("approve", "ana")
  candidate = page.headSha
  expect(page.conclusion).toBe("failure")
  expect(gate(page, "manifests")).toContain(`package.json says 1.0.0 at ${candidate.slice(0, 7)}, not 1.1.0`)
  expect(gate(page, "manifests")).toContain("publish.mode: pull-request")
})

test("a commit that sets it before the cut is published with it", async () => {
  await stage.merge("ben", "chore: 1.1.0", { files: { "package.json": packageAt("1.1.0") } })
  await stage.press("recut", "ana", candidate)
  const sha = stage.world().branches.main ?? ""
  const page = await stage.press("approve", "ana", sha)
  expect(gate(page, "manifests")).toContain("package.json: 1.1.0")
  await stage.press("publish", "cleo", sha)
  expect(stage.world().tags).toMatchObject({ "v1.1.0": sha })
})
