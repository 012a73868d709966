import { afterEach, expect, test } from "vitest"
import type { AuditEntry } from "../../src/model/decision.ts"
import { plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Stories of people who go round Slipway, as GitHub lets them: it is seen, said once, and kept. */
let stage: Stage

afterEach(async () => {
  const { problems } = stage.github
  await stage.close()
  expect(problems).toEqual([])
})

const repo = "acme/shop"
const CONFIG = "environments: { staging: , production: }\n"

const start = async (config = CONFIG): Promise<void> => {
  stage = await setStage({ files: { ".github/slipway.yml": config } })
  const sha = stage.world().branches.main ?? ""
  await stage.github.createTag({ repo, by: "ana", name: "v1.0.0", sha })
  await stage.quiet()
}

const draftId = () => stage.releases().find(({ draft }) => draft)?.id ?? 0
const rounds = async () =>
  (await stage.threads()).flatMap(({ replies }) => replies.filter(({ text }) => text.includes("Went round Slipway")))
const audited = async () =>
  (await stage.app.store.db.selectFrom("slipway.audit").select("entry").execute())
    .map(({ entry }) => entry as AuditEntry)
    .filter(({ what }) => what === "went round")
    .map(({ by, facts }) => [facts.kind, by])

test("a draft that somebody publishes by hand is on the check, in the thread and in the audit, once", async () => {
  await start()
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.github.publishRelease({ repo, releaseId: draftId(), by: "cleo" })
  await stage.quiet()
  const check = stage.readiness(sha)
  expect(check).toMatchObject({ conclusion: "failure", title: "1.1.0 is published; somebody went round Slipway" })
  expect(plainly(check.summary)).toMatch(
    /\| 🚧 The draft of v1\.1\.0 was published by hand: no gate was asked\. \| \[cleo\]/,
  )
  const said = await rounds()
  expect(said.at(-1)?.text).toContain("published by hand")
  expect(await audited()).toContainEqual(["published by hand", "cleo"])
  await stage.merge("ben", "fix: mind the gap")
  expect(await rounds()).toHaveLength(said.length)
  expect(stage.releases().map(({ tagName, draft }) => [tagName, draft])).toEqual([
    ["v1.1.0", false],
    ["v1.1.1", true],
  ])
})

test("a candidate that waits for approval, and that its author publishes by hand, does not pass for approved", async () => {
  await start()
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.merge("ben", "feat: pay by card")
  await stage.press("approve", "ben", stage.world().branches.main)
  await stage.github.publishRelease({ repo, releaseId: draftId(), by: "cleo" })
  await stage.quiet()
  const check = stage.readiness(stage.world().branches.main)
  expect(check.conclusion).toBe("failure")
  expect(check.summary).toContain("went round Slipway")
  expect(sha).not.toBe("")
})

test("a commit that is no release, deployed to production, is a finding; one to a preview is not", async () => {
  await start()
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  for (const environment of ["preview-12", "production"]) {
    const deploymentId = await stage.github.createDeployment({ repo, by: "cleo", ref: sha, environment })
    for (const state of ["in_progress", "success"] as const)
      await stage.github.setDeploymentStatus({ repo, deploymentId, state, by: "cleo" })
  }
  await stage.quiet()
  const summary = plainly(stage.readiness(sha).summary)
  expect(summary).toContain(
    `A deployment of ${sha.slice(0, 7)} to production was made, and it is no release that Slipway knows of.`,
  )
  expect(summary).not.toContain("preview-12")
  expect(await rounds()).toHaveLength(1)
  expect(await audited()).toEqual([["deployed around", "cleo"]])
})

test("a deployment of another system that never reports a status is a finding at once, on the release's thread", async () => {
  stage = await setStage({
    files: {
      ".github/slipway.yml":
        "approvals: { required: 0 }\nenvironments: { staging: , production: { approvals: { required: 1 } } }\n",
    },
  })
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.press("approve", "ben", sha)
  await stage.press("publish", "ben", sha)
  await stage.later(2 * MINUTE)
  const asked = stage.github.requests.length
  await stage.github.createDeployment({ repo, by: "cleo", ref: sha, environment: "staging" })
  await stage.quiet()
  expect([await rounds(), stage.github.requests.length]).toEqual([[], asked])
  await stage.github.createDeployment({ repo, by: "cleo", ref: sha, environment: "production" })
  await stage.quiet()
  expect((await rounds()).map(({ text }) => text)).toEqual([
    expect.stringMatching(/A deployment of .* to production was made, and Slipway did not let it in: .*approvals/s),
  ])
  expect(await audited()).toEqual([["deployed around", "cleo"]])
})

test("a version tag that somebody pushes is said once, also after a restart, and ends when it is deleted", async () => {
  await start()
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.github.createTag({ repo, by: "cleo", name: "v0.9.0", sha })
  await stage.quiet()
  const said = (await rounds()).length
  expect(said).toBe(1)
  await stage.restart()
  await stage.merge("ben", "fix: mind the gap")
  expect(await rounds()).toHaveLength(said)
  await stage.github.deleteTag({ repo, by: "ana", name: "v0.9.0" })
  await stage.quiet()
  expect(plainly(stage.readiness().summary)).toContain("☑️ The tag v0.9.0 was deleted by ana.")
})

test("a protection rule that an admin takes away is found within a day, at no cost for merges, and its return ends it", async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      github.setTagRuleset(repo)
      for (const name of ["staging", "production"]) {
        github.protect(repo, name)
        github.setEnvironment(repo, name, { canAdminsBypass: false })
      }
    },
  })
  await stage.merge("cleo", "feat: pay by invoice")
  const asked = () =>
    stage.github.requests.filter(({ path }) => /\/(environments\/|rulesets)/.test(path)).map(({ path }) => path)
  expect(asked()).toEqual([])
  await stage.later(2 * MINUTE)
  expect(asked()).toHaveLength(6)
  expect(plainly(stage.readiness().summary)).toContain("1 cannot be seen (bypass of “Release tags”)")
  stage.github.protect(repo, "production", false)
  await stage.merge("ben", "fix: mind the gap")
  expect(asked()).toHaveLength(6)
  expect(await rounds()).toEqual([])
  await stage.later(DAY)
  const summary = plainly(stage.readiness().summary)
  expect(summary).toContain("🚧 A way round Slipway stands open, and was closed before: production: protection rule.")
  expect(summary).toContain("Settings › Environments › production: switch on Slipway's deployment protection rule")
  expect((await rounds()).map(({ text }) => text)).toEqual([expect.stringContaining("production: protection rule")])
  stage.github.protect(repo, "production")
  await stage.later(DAY)
  expect(plainly(stage.readiness().summary)).toContain(
    "☑️ production: protection rule: Slipway's protection rule is on.",
  )
})

test("onBypass: revert turns a draft back that somebody published, removes its tag, and releases it as it should be", async () => {
  await start("onBypass: revert\n")
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.github.publishRelease({ repo, releaseId: draftId(), by: "cleo" })
  await stage.quiet()
  await stage.later(MINUTE)
  const { tags, releases } = stage.world()
  expect(Object.keys(tags)).toEqual(["v1.0.0"])
  expect(releases.map(({ tagName, draft }) => [tagName, draft])).toEqual([["v1.1.0", true]])
  expect(plainly(stage.readiness(sha).summary)).toContain(
    "Slipway turned v1.1.0 back into a draft and removed its tag.",
  )
  await stage.press("approve", "ben", sha)
  await stage.press("publish", "ben", sha)
  expect(stage.releases().map(({ tagName, draft }) => [tagName, draft])).toEqual([["v1.1.0", false]])
  expect(stage.readiness(sha)).toMatchObject({ conclusion: "success" })
})

test.each([
  [
    "was deployed",
    /v1\.1\.0 was published by hand, with no gate asked; it is a draft again, but its tag stays: it was deployed to production/,
  ],
  ["is immutable", /it could not be taken back: .*immutable release/],
])("onBypass: revert leaves what %s, says so and marks it", async (how, says) => {
  await start("onBypass: revert\n")
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  if (how === "is immutable") stage.github.setImmutableReleases(repo, true)
  await stage.github.publishRelease({ repo, releaseId: draftId(), by: "cleo" })
  if (how === "was deployed")
    await stage.github.createDeployment({ repo, by: "cleo", ref: "v1.1.0", environment: "production" })
  await stage.quiet()
  await stage.later(MINUTE)
  expect(stage.world().tags["v1.1.0"]).toBe(sha)
  const check = stage.readiness(sha)
  expect(check.conclusion).toBe("failure")
  expect(plainly(check.summary)).toMatch(says)
  expect(stage.releases()[0]?.body).toContain("Published round Slipway by cleo: no gate was asked.")
})

test("a release that Slipway let into an environment is no finding; one that came by no job is", async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": "approvals: { required: 0 }\nenvironments: { staging: }\n" },
    before: async (github) => github.protect(repo, "staging"),
  })
  const { sha } = await stage.merge("cleo", "feat: pay by invoice")
  await stage.press("approve", "ben", sha)
  await stage.press("publish", "ben", sha)
  await stage.later(2 * MINUTE)
  const tag = Object.keys(stage.world().tags)[0] ?? ""
  stage.github.startDeploying({ repo, by: "ben", ref: tag, environment: "staging" })
  await stage.quiet()
  await stage.later(MINUTE)
  expect(stage.world().deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(["in_progress"])
  expect(await rounds()).toEqual([])
  const deploymentId = await stage.github.createDeployment({ repo, by: "cleo", ref: tag, environment: "staging" })
  await stage.github.setDeploymentStatus({ repo, deploymentId, state: "success", by: "cleo" })
  await stage.quiet()
  expect((await rounds()).map(({ text }) => text)).toEqual([expect.stringContaining("Slipway did not let it in")])
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE + MINUTE
