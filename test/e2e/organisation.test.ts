import { afterEach, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Two repositories of one installation: one of them is the organisation's own, and the other extends its file. */
let stage: Stage

afterEach(() => stage.close())

const ABOVE = "acme/.github"
const EXTENDS = "extends: acme/.github\n"

const setOrganisation = async (above: string | null, own = EXTENDS): Promise<Stage> => {
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": own },
    before: async (github) => {
      await github.createRepository({
        owner: "acme",
        name: ".github",
        defaultBranch: "main",
        files: { "README.md": "# acme\n", ...(above === null ? {} : { "slipway.yml": above }) },
        by: "ana",
      })
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
    },
  })
  return stage
}
const pushAbove = async (text: string | null): Promise<string> => {
  const sha = await stage.github.pushCommit({
    repo: ABOVE,
    by: "ana",
    message: "chore: the organisation's defaults",
    files: { "slipway.yml": text },
    author: "ana",
  })
  await stage.quiet()
  return sha
}
/** Nobody can publish it. */
const held = (sha: string): void => {
  expect(stage.readiness(sha).conclusion).not.toBe("success")
  expect(stage.readiness(sha).actions.map(({ identifier }) => identifier)).not.toContain("publish")
  expect(Object.keys(stage.world().tags)).toEqual(["v1.0.0"])
}
const asked = () => stage.github.requests.map(({ method, path }) => `${method} ${path}`)

test("the floor holds: what would loosen it is an error on its line, and nothing goes out; tightened it goes", async () => {
  await setOrganisation("approvals: { required: 2 }\n", `${EXTENDS}approvals:\n  required: 1\n`)
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /❌.*\.github\/slipway\.yml:3: “approvals\.required” must be at least 2: slipway\.yml of “acme\/\.github” sets it/,
  )
  expect(stage.check("Slipway / plan").annotations).toMatchObject([
    {
      path: ".github/slipway.yml",
      start_line: 3,
      message: expect.stringContaining("may tighten that but not loosen it"),
    },
  ])
  held(sha)

  const mended = await stage.push("ben", "chore: two approve", { ".github/slipway.yml": EXTENDS })
  expect(gate(stage.readiness(mended), "configuration")).toMatch(/✅/)
  await stage.press("approve", "cleo", mended)
  expect(gate(stage.readiness(mended), "approvals")).toMatch(/⏳/)
  await stage.press("approve", "ana", mended)
  await stage.press("publish", "cleo", mended)
  expect(stage.world().tags).toMatchObject({ "v1.1.0": mended })
})

test("a stop reaches a release that is ready, says why, by whom and since when, and is lifted by the push that takes it away", async () => {
  await setOrganisation("approvals: { required: 1 }\n")
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(stage.readiness(sha).conclusion).toBe("success")

  const set = await pushAbove('stop: { because: "payments are down", except: [acme/other, hotfix] }\n')
  expect(gate(stage.readiness(sha), "stop")).toMatch(
    /❌.*acme\/\.github stops all releases since \d{4}-\d\d-\d\d \d\d:\d\d UTC, by ana: payments are down/,
  )
  expect(plainly(stage.readiness(sha).summary)).toContain(`${ABOVE}/commit/${set}`)
  held(sha)

  await stage.restart()
  stage.github.resetRequests()
  await pushAbove("approvals: { required: 1 }\n")
  expect(asked().filter((one) => one.startsWith("GET /repos/acme/"))).toEqual([
    expect.stringContaining("/repos/acme/shop/contents/.github%2Fslipway.yml?ref="),
    "GET /repos/acme/.github/contents/slipway.yml",
    expect.stringMatching(/\/repos\/acme\/shop\/collaborators\?.*permission=push/),
    expect.stringMatching(/\/repos\/acme\/shop\/collaborators\?.*affiliation=outside/),
  ])
  expect(gate(stage.readiness(sha), "stop")).toMatch(/✅/)
  expect(stage.readiness(sha).conclusion).toBe("success")
  await stage.press("publish", "cleo", sha)
  expect(stage.world().tags).toMatchObject({ "v1.1.0": sha })
})

test("a stop whose webhook was lost is met by the click on Publish", async () => {
  await setOrganisation("approvals: { required: 1 }\n")
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  await stage.stop()
  await stage.github.pushCommit({
    repo: ABOVE,
    by: "ana",
    message: "chore: stop",
    files: { "slipway.yml": 'stop: { because: "payments are down" }\n' },
    author: "ana",
  })
  await stage.github.settled()
  await stage.restart()
  await stage.press("publish", "cleo", sha)
  expect(Object.keys(stage.world().tags)).toEqual(["v1.0.0"])
  expect(gate(stage.readiness(sha), "stop")).toMatch(/❌.*payments are down/)
})

test("a file that is not there, or has a mistake, is never one that asks for nothing; recovers when it is mended", async () => {
  await setOrganisation(null)
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /❔|❓|unknown|slipway\.yml” of acme\/\.github cannot be read/,
  )
  held(sha)

  await pushAbove("aprovals: { required: 2 }\n")
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /❌.*slipway\.yml:1: acme\/\.github: slipway\.yml:1:1: unknown key “aprovals”/,
  )
  await pushAbove("approvals: { required: 1 }\n")
  // It was approved when nobody could read what it has to hold.
  expect(gate(stage.readiness(sha), "configuration")).toMatch(/⏳.*waits for 1 approval/)
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(/✅/)
})

test("a floor that rises behind an approval voids it", async () => {
  await setOrganisation("approvals: { required: 1 }\n")
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  await pushAbove("approvals: { required: 2 }\n")
  expect(stage.readiness(sha).conclusion).not.toBe("success")
  expect(gate(stage.readiness(sha), "configuration")).toContain(
    "the gates in slipway.yml or in acme/.github were changed",
  )
  held(sha)
  await stage.press("approve", "cleo", sha)
  await stage.press("approve", "ana", sha)
  await stage.press("publish", "cleo", sha)
  expect(stage.world().tags).toMatchObject({ "v1.1.0": sha })
})

test("the file of another account is never reached", async () => {
  stage = await setStage({
    slack: false,
    files: { ".github/slipway.yml": "extends: evil/.github\napprovals: { required: 1 }\n" },
    before: async (github) => {
      github.createOrganization("evil", { owners: ["ana"] })
      await github.createRepository({
        owner: "evil",
        name: ".github",
        by: "ana",
        files: { "slipway.yml": "approvals: { required: 0 }\n" },
      })
    },
  })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo", sha)
  expect(gate(stage.readiness(sha), "configuration")).toMatch(
    /❌.*slipway\.yml:1: “extends” must name a repository of acme: the files of other accounts are not read/,
  )
  expect(asked().filter((one) => one.includes("/evil/"))).toEqual([])
})

test("a merge costs as much as it does without", async () => {
  await setOrganisation("approvals: { required: 1 }\n")
  await stage.merge("ben", "feat: one")
  stage.github.resetRequests()
  await stage.merge("ben", "fix: two")
  expect(asked().filter((one) => !one.includes("access_tokens"))).toHaveLength(2)
})
