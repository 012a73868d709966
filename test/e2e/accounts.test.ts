import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Place, placeAt } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** One process serves two accounts, each with an installation of its own; each test is the next step of one story. */
let stage: Stage
let theirs: Place

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    env: { ALLOWED_ACCOUNTS: "acme,globex" },
    before: async (github) => {
      for (const login of ["gus", "gil"]) github.createUser(login)
      github.createOrganization("globex", { owners: ["gus"], members: ["gil"] })
      await github.createRepository({ owner: "globex", name: "shop", by: "gus" })
      github.addCollaborator("globex/shop", "gil", "write")
    },
  })
  stage.github.installApp("globex")
  const { github, slack, quiet } = stage
  theirs = placeAt("globex/shop", { github, slack, quiet, channel: "releases", settle: true })
  await github.pushCommit({ repo: theirs.repo, by: "gus", message: "feat: one", files: { "one.txt": "1\n" } })
  await quiet()
})
afterAll(() => stage.close())

test("each account has its own release of a repository that is called alike", async () => {
  const ours = await stage.merge("ben", "fix: round half up")
  const other = await theirs.push("gil", "feat: search faster", { "search.txt": "Fast.\n" })
  expect(stage.releases().map(({ tagName, draft }) => [tagName, draft])).toEqual([["v0.1.0", true]])
  expect(theirs.releases().map(({ tagName, draft }) => [tagName, draft])).toEqual([["v0.1.0", true]])
  expect(theirs.readiness(other).summary).not.toContain("acme")
  expect(stage.readiness(ours.sha).summary).not.toContain("globex")
})

test("who may write in one account may approve nothing in the other", async () => {
  const head = theirs.world().branches.main ?? ""
  const { id } = theirs.readiness(head)
  await stage.github.clickAnyway({ repo: theirs.repo, checkRunId: id, identifier: "approve", by: "cleo" })
  await stage.quiet()
  expect(gate(theirs.readiness(head), "approvals")).not.toContain("✅")
  expect(plainly(theirs.readiness(head).summary)).toMatch(/cleo.*not counted/)
})

test("what is published in one account is out there alone, with the token of its own installation", async () => {
  const head = theirs.world().branches.main ?? ""
  stage.github.resetRequests()
  for (const by of ["gus", "gil"]) await theirs.press("approve", by, head)
  await theirs.press("publish", "gus", head)
  expect(theirs.world().tags).toEqual({ "v0.1.0": head })
  expect(stage.world().tags).toEqual({})
  const elsewhere = stage.github.requests.filter(({ path }) => /^\/(?:repos|orgs)\/acme\b/.test(path))
  expect(elsewhere).toEqual([])
})

test("an installation that is taken away ends there, and goes on here", async () => {
  stage.github.uninstall("globex")
  await stage.quiet()
  const { sha } = await stage.merge("ben", "fix: mind the gap")
  expect(stage.readiness(sha)).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("0.1.0") })
  stage.github.resetRequests()
  await stage.later(24 * 60 * 60_000)
  expect(stage.github.requests.filter(({ path }) => path.includes("globex"))).toEqual([])
})
