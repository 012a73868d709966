import { afterEach, expect, test } from "vitest"
import { look, startStage } from "./stage.ts"

const ROLE = "acme/role:CI/CD admin"
let stage: Awaited<ReturnType<typeof startStage>>
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

/** `CI/CD admin` of acme is Rosa; `granted`: the App may read roles, which it is not asked for by app.yml. */
async function start(granted: boolean, role = ROLE): Promise<void> {
  stage = await startStage({ "README.md": "", ".github/slipway.yml": `approvals: { from: ["@${role}"] }\n` })
  stage.github.assignRole("acme", "CI/CD admin", ["rosa"])
  if (granted) {
    const reads = ["metadata", "contents", "checks", "statuses", "pull_requests", "issues", "actions", "members"]
    const permissions = Object.fromEntries([...reads, "organization_custom_org_roles"].map((name) => [name, "read"]))
    Object.assign(stage.repo, { installation: String(stage.github.installApp("acme", { permissions })) })
  }
  await stage.github.pushCommit({ repo: "acme/shop", by: "ben", message: "feat: pay", files: { p: "" } })
  await stage.run([look])
}

test("who has the role may approve, and nobody else", async () => {
  await start(true)
  expect(stage.state.approvers?.teams[ROLE]?.map(({ login }) => login)).toEqual(["rosa"])
  await stage.run([stage.click("approve", stage.person("lea"))])
  expect(stage.state.releases[0]?.answers.at(-1)).toMatchObject({ counted: false })
  await stage.run([stage.click("approve", stage.person("rosa"))])
  expect(stage.state.releases[0]?.approvals.map(({ by }) => by.login)).toEqual(["rosa"])
})

test.each<[string, boolean, string, RegExp]>([
  [
    "without the permission",
    false,
    ROLE,
    /grant Slipway’s App the organisation permission “Custom organization roles”/,
  ],
  ["that there is not", true, "acme/role:Nobody", /acme has no role “Nobody”/],
])("a role %s counts for nobody, and the answer says what to do", async (_, granted, role, because) => {
  await start(granted, role)
  await stage.run([stage.click("approve", stage.person("lea"))])
  expect(stage.state.releases[0]?.answers.at(-1)).toMatchObject({
    counted: false,
    because: expect.stringMatching(because),
  })
})
