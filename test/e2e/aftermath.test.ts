import { afterAll, beforeAll, expect, test } from "vitest"
import { releaseTo } from "./support/release-to.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What comes after a rollback, until it is settled; each test is the next step of one story. */
let stage: Stage
let bad: string

const CONFIG = `impact: false
environments: { production: {} }
`
const DAY = 24 * 60 * 60_000

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG } })
  await releaseTo(stage, "production", "feat: pay by invoice")
  bad = await releaseTo(stage, "production", "fix: round")
  await stage.pressOn(stage.check("Slipway / production", bad), "rollback:production", "cleo")
  const [deployment] = stage.world().deployments.filter(({ task }) => task === "rollback")
  await stage.github.setDeploymentStatus({
    repo: stage.repo,
    deploymentId: deployment?.id ?? 0,
    state: "success",
    by: "ana",
  })
  await stage.quiet()
})
afterAll(() => stage.close())

const issue = () => {
  const found = stage.world().issues.find(({ author }) => author === "slipway[bot]")
  if (!found) throw new Error("no post-mortem was opened")
  return found
}
const notesOf = (tag: string) => stage.world().releases.find(({ tagName }) => tagName === tag)?.body ?? ""
/** Replies below the message of a version. */
const said = async (version: string) => {
  const threads = await stage.slack.messages("releases")
  return threads.find(({ text }) => text.includes(version))?.replies.map(({ text }) => text) ?? []
}

test("the post-mortem is told from the audit trail", () => {
  const { title, body } = issue()
  expect(title).toMatch(/^Post-mortem: 0\.1\.1 rolled back from production on /)
  expect(body).toMatch(
    /\| [^|]+ \| cut by cleo \|[\s\S]*\| live in production by ana \|[\s\S]*\| rollback begun in production, to 0\.1\.0 by cleo: /,
  )
  expect(body).toMatch(/\*\*How:\*\* 0\\?\.1\.0 was deployed again/)
  expect(body).toMatch(/\| Detection \| live .*: cleo asked for the rollback \|/)
  expect(body).toMatch(/- approvals: ✅ passed, /)
  expect(body).toContain("its thread, all along, in \\#releases")
})

test("the good release is the latest again", () => {
  expect(stage.world().latest).toBe("v0.1.0")
  expect(notesOf("v0.1.1")).toContain("Rolled back from production to 0.1.0")
})

test("after a week the thread reminds of what the issue says is to be done", async () => {
  const { number, body } = issue()
  const linked = await stage.github.openIssue({ repo: stage.repo, by: "ana", title: "Test that rounds" })
  const placeholder = "- [ ] _What is done, by whom, until when?_"
  expect(body).toContain(placeholder)
  const written = (body ?? "").replace(placeholder, `- [ ] a test (#${linked})\n- [x] an alert`)
  await stage.github.editIssue({ repo: stage.repo, by: "ana", number, body: written })
  await stage.quiet()
  expect((await said("0.1.1")).filter((text) => text.includes("Still to be done"))).toEqual([])
  await stage.later(8 * DAY)
  expect((await said("0.1.1")).filter((text) => text.includes("Still to be done"))).toEqual([
    expect.stringContaining("1 of 2 actions open"),
  ])
  await stage.github.closeIssue({ repo: stage.repo, by: "ana", number: linked })
  await stage.quiet()
  expect((await said("0.1.1")).filter((text) => text.includes("All done"))).toHaveLength(1)
})

test("the release that closes the issue mends the bad one, and is the latest", async () => {
  await releaseTo(stage, "production", `fix: round half up, fixes #${issue().number}`)
  expect(notesOf("v0.1.1")).toMatch(/0\.1\.2 mends it/)
  expect((await said("0.1.1")).filter((text) => text.includes("Mended"))).toHaveLength(1)
  expect(stage.world().latest).toBe("v0.1.2")
})
