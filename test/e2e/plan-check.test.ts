import { afterAll, beforeAll, expect, test } from "vitest"
import { plainly } from "./support/gates.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Pull requests that change configuration or plan; each test is the next step of one story. */
let stage: Stage

const CONFIG = ".github/slipway.yml"
const AT = { owner: "acme", repo: "shop" }
const NAME = "Slipway / plan"

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { [CONFIG]: "approvals: { required: 2 }\n" } })
  await stage.merge("ben", "feat: pay by invoice")
})

afterAll(() => stage.close())

const open = async (title: string, files: { [path: string]: string | null }, base?: string) => {
  const commits = [{ message: title, files, author: "ben" }]
  const pull = await stage.github.openPullRequest({
    repo: stage.repo,
    by: "ben",
    title,
    commits,
    ...(base === undefined ? {} : { base }),
  })
  await stage.quiet()
  return pull
}

const checks = (sha: string) => stage.github.checkRuns(stage.repo, { name: NAME, sha })

/** What Slipway asks of GitHub while something is done, tokens aside. */
const asked = async (during: () => Promise<unknown>): Promise<string[]> => {
  stage.github.resetRequests()
  await during()
  return stage.github.requests
    .filter(({ by, path }) => by === "installation" && !path.includes("access_tokens"))
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop/", "").split("?")[0]}`)
}

test("one that touches neither costs no request more, opened or pushed to", async () => {
  let number = 0
  const opening = await asked(async () => {
    number = (await open("docs: x", { "docs/x.md": "x" })).number
  })
  expect(opening).toEqual(["POST check-runs"])
  const pushing = await asked(async () => {
    const commits = [{ message: "more", files: { "docs/y.md": "y" }, author: "ben" }]
    await stage.github.pushToPullRequest({ repo: stage.repo, number, by: "ben", commits })
    await stage.quiet()
  })
  expect(pushing).toEqual(["POST check-runs"])
})

let weak: Awaited<ReturnType<typeof open>>

test("a gate that is weakened is named, with what becomes of the open release and who approves it", async () => {
  const requests = await asked(async () => {
    weak = await open("chore: fewer eyes", { [CONFIG]: "approvals: { required: 1 }\n" })
  })
  expect(requests.sort()).toEqual([
    "GET contents/.github%2Fslipway.yml",
    `GET pulls/${weak.number}/files`,
    "POST check-runs",
    "POST check-runs",
  ])
  const [check, ...more] = checks(weak.headSha)
  expect(more).toEqual([])
  expect(check).toMatchObject({
    conclusion: "neutral",
    title: "Weakens the gates: lowers approvals.required from 2 to 1",
    actions: [],
  })
  const summary = plainly(check?.summary ?? "")
  expect(summary).toContain("🔓 **weaker**: lowers approvals.required from 2 to 1")
  expect(summary).toMatch(/Once merged, the change waits for its approval.*: 2 approvals for each change/)
  expect(summary).toMatch(
    /\*\*0\.1\.0\*\*\n\n\| Gate \| Now \| With this \|\n.*\n(?:\|.*\n)*\| configuration \| ✅ passed/,
  )
})

test("a mistake fails on its very line, and a push that mends it is looked at anew", async () => {
  const pull = await open("chore: typo", { [CONFIG]: "approvals: { required: 2 }\nplan:\n  requierd: true\n" })
  const [check] = checks(pull.headSha)
  expect(check).toMatchObject({ conclusion: "failure", title: "1 problem in slipway.yml" })
  expect(check?.annotations).toMatchObject([
    { path: CONFIG, start_line: 3, message: expect.stringContaining("required") },
  ])
  const files = { [CONFIG]: "approvals: { required: 2 }\nplan:\n  required: true\n" }
  const commits = [{ message: "mend", files, author: "ben" }]
  const sha = await stage.github.pushToPullRequest({ repo: stage.repo, number: pull.number, by: "ben", commits })
  await stage.quiet()
  expect(checks(sha)).toMatchObject([{ conclusion: "success", title: "Tightens the gates: turns plan.required on" }])
})

test("a branch made from another's end hides nothing", async () => {
  await stage.github.as("ben").rest.git.createRef({ ...AT, ref: "refs/heads/quiet", sha: weak.headSha })
  await stage.quiet()
  await stage.github.as("ben").rest.pulls.update({ ...AT, pull_number: weak.number, state: "closed" })
  await stage.quiet()
  const pull = await stage.github
    .as("ben")
    .rest.pulls.create({ ...AT, title: "docs: quiet", head: "quiet", base: "main" })
  await stage.quiet()
  const shown = checks(weak.headSha).find(({ externalId }) => externalId === `slipway:proposal:${pull.data.number}`)
  expect(shown?.title).toBe("Weakens the gates: lowers approvals.required from 2 to 1")
})

test("nothing of it decides: what the release is asked for is what stands on the branch", async () => {
  expect(plainly(stage.readiness().summary)).toMatch(/2 approvals for each change/)
})

test("a plan is compared as well, and shown against the open release", async () => {
  const plan = `release: { name: Spring }
communication: { pre_release: [{ channel: slack, audience: customers, date: 2026-12-01 }] }
features:
  - { id: PAY-1, status: in-progress }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
`
  const pull = await open("chore: plan", { "release-plan.yml": plan })
  const [check] = checks(pull.headSha)
  expect(check).toMatchObject({
    conclusion: "neutral",
    title: "Tightens the gates: brings a plan, with what it asks for",
  })
  expect(check?.annotations).toMatchObject([
    {
      path: "release-plan.yml",
      start_line: 2,
      annotation_level: "warning",
      message: expect.stringContaining("customers"),
    },
  ])
  expect(plainly(check?.summary ?? "")).toMatch(/\| features \| – \| ⏳ pending: /)
})
