import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { plainly } from "../e2e/support/gates.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Issues that are to take a good release down. olaf is a stranger; 0.1.1 is live, and 0.1.0 has a known hole. */
let stage: Stage

const CONFIG = "impact: false\nincident: { label: incident }\nenvironments: { production: {} }\n"
const SAYS = "Release: live\nEnvironment: production\nBecause: <!channel> @acme/everybody ![x](https://evil.test/p)"

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      github.createUser("olaf")
    },
  })
  for (const title of ["feat: pay by invoice", "fix: a hole"]) {
    await stage.merge("ben", title)
    await stage.press("approve", "cleo")
    await stage.press("publish", "cleo")
    await stage.deploy("production", Object.keys(stage.world().tags).at(-1) ?? "")
    stage.pass(60_000)
  }
})
afterAll(() => stage.close())

let before = 0
const deployments = () => stage.world().deployments.filter(({ task }) => task === "rollback")
beforeEach(() => {
  before = deployments().length
})

/** What Slipway says on an issue, and that it did nothing. */
function answer(issue: number): string {
  const said = stage.world().comments.filter((one) => one.issue === issue)
  expect(deployments()).toHaveLength(before)
  expect(said.map(({ author }) => author)).toEqual(["slipway[bot]"])
  expect(said[0]?.body).not.toMatch(/@[a-z]|<!channel>|!\[/)
  return plainly(said[0]?.body ?? "")
}

const labels = async (number: number, by: string) => {
  await stage.github.labelIssue({ repo: stage.repo, number, by, label: "incident" })
  await stage.quiet()
}

test("a stranger whose issue a form labels, or a bot, brings nothing back, and is not told what is live", async () => {
  const labels = ["incident"]
  const issue = await stage.github.openByForm({ repo: stage.repo, by: "olaf", title: "9.9.9", body: SAYS, labels })
  await stage.quiet()
  const said = answer(issue)
  expect(said).toContain("olaf cannot ask for it: they are no member of the organisation")
  expect(said).not.toContain("0.1")
  const event = stage.github.deliveries.findLast(({ event, action }) => event === "issues" && action === "labeled")
  const sender = { ...(event?.payload.sender as object), login: "helpful[bot]", id: 99, type: "Bot" }
  await stage.github.send("issues", { ...event?.payload, sender })
  await stage.quiet()
  expect(answer(issue)).toContain("helpful[bot] is no person")
})

test("a stranger who rewrites their issue as somebody labels it is not followed", async () => {
  const issue = await stage.github.openIssue({ repo: stage.repo, by: "olaf", title: "A typo on the help page" })
  await stage.github.editIssue({ repo: stage.repo, number: issue, by: "olaf", body: SAYS })
  await labels(issue, "ben")
  expect(answer(issue)).toContain(
    "what it says is by olaf, and is not followed (they are no member of the organisation",
  )
})

test("a colleague who rewrites theirs does not choose the release that comes back", async () => {
  const issue = await stage.github.openIssue({ repo: stage.repo, by: "cleo", title: "0.1.1 in production" })
  await stage.github.editIssue({ repo: stage.repo, number: issue, by: "cleo", body: "Back to: 0.1.0" })
  await labels(issue, "ben")
  expect(answer(issue)).toContain("“Back to” counts only in an issue of one's own, and this one is cleo's")
})
