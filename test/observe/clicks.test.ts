import { afterEach, beforeEach, expect, test } from "vitest"
import { look, startStage } from "./stage.ts"

const PLAN = `
release: { version: "1.0.0", name: First }
stakeholders: { ops: "@acme/sre" }
features:
  - { id: PAY, name: Pay, status: planned, issue: 1 }
rollback_plan: { procedure: docs/rollback.md }
`
const WORKFLOW = "on: push\njobs: {}\n"
const REPO = "acme/shop"

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage({
    "README.md": "shop",
    "docs/rollback.md": "go back",
    ".github/slipway.yml": 'approvals: { required: 1, from: ["@acme/sre", "@lea"] }\n',
    "release-plan.yml": PLAN,
    ".github/workflows/ci.yml": WORKFLOW,
    ".github/workflows/nightly.yml": "on: schedule\n",
  })
  await stage.github.openIssue({ repo: REPO, by: "lea", title: "Pay" })
})
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

type Commits = Parameters<typeof stage.github.openPullRequest>[0]["commits"]

async function merged(title: string, commits?: Commits, by = "ben") {
  const { number } = await stage.github.openPullRequest({
    repo: REPO,
    by,
    title,
    commits: commits ?? [{ message: title, files: { "a.txt": title } }],
  })
  return { number, ...(await stage.github.mergePullRequest({ repo: REPO, number, by: "lea" })) }
}

test("reads back configuration, plan, what they name, and CI", async () => {
  const { sha } = await merged("feat: pay")
  const { facts } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(facts.learned.configs?.main).toMatchObject({
    is: "valid",
    value: { approvals: { from: ["@acme/sre", "@lea"] } },
  })
  expect(facts.learned.plans?.main).toMatchObject({ is: "valid", path: "release-plan.yml" })
  expect(facts.learned.files).toEqual({ [`${sha}:docs/rollback.md`]: true })
  expect(facts.learned.issues).toEqual({ "#1": "open" })
  expect(facts.learned.ci?.main).toEqual({ workflows: [".github/workflows/ci.yml"], required: [] })
  expect(facts.learned.approvers?.teams).toEqual({ "acme/sre": [stage.person("ben")] })
})

test("an approval: everything afresh, and who wrote what", async () => {
  await merged("feat: old")
  await stage.run([look])
  const signed = "feat: pay\n\nCo-authored-by: Rosa <77+rosa@users.noreply.github.com>"
  const { number, sha } = await merged("feat: pay", [
    {
      message: signed,
      files: { "b.txt": "b" },
      author: { name: "Stranger", email: "stranger@nowhere.example" } as never,
    },
  ])
  await stage.run(stage.heard())
  await stage.github.reportCheck({ repo: REPO, sha, name: "test", conclusion: "success" })
  await stage.github.reportCheck({ repo: REPO, sha, name: "lint", conclusion: "failure" })
  await stage.github.setStatus({ repo: REPO, sha, context: "deploy/preview", state: "pending", by: "lea" })
  const own = {
    owner: "acme",
    repo: "shop",
    name: "Slipway / readiness",
    head_sha: sha,
    status: "in_progress",
  } as const
  await (await stage.client.for(stage.repo)).rest.checks.create(own)
  stage.heard()

  const { facts, requests } = await stage.run([stage.click("approve", stage.person("ben"))])
  expect(facts.unknown).toEqual([])
  expect(facts.learned.ledgers?.main?.head).toBe(sha)
  expect(facts.learned.evidence?.[sha]).toMatchObject([
    { kind: "status", name: "deploy/preview", state: "pending" },
    { kind: "check", name: "lint", app: "github-actions", state: "failed", word: "failure" },
    { kind: "check", name: "test", state: "passed" },
  ])
  expect(facts.learned.standings?.ben).toMatchObject({ permission: "write", teams: { "acme/sre": true } })
  expect(facts.learned.tags).toEqual({ "v1.0.0": null })
  expect(facts.learned.files).toEqual({ [`${sha}:docs/rollback.md`]: true })
  expect(facts.learned.issues).toEqual({ "#1": "open" })
  expect(facts.learned.ci?.main?.workflows).toEqual([".github/workflows/ci.yml"])
  expect(facts.learned.authorship?.[`#${number}`]).toMatchObject({
    logins: expect.arrayContaining(["ben", "rosa"]),
    unknown: [{ name: "Stranger" }],
  })
  const authors = requests.filter((r) => /pulls\/\d+\/commits|GET commits\?|GET compare/.test(r))
  expect(authors).toHaveLength(5)
  expect(requests.length - authors.length).toBeLessThanOrEqual(19)

  const again = await stage.run([stage.click("approve", stage.person("ben"))])
  expect(again.requests.filter((r) => r.includes("/commits?"))).toEqual([])
})

test("jobs of one name in two workflows, and a job that is still to come, are evidence of their own", async () => {
  const { sha } = await merged("feat: pay")
  await stage.run([look])
  const report = { repo: REPO, sha, name: "test" }
  await stage.github.reportCheck({ ...report, workflow: "ci", conclusion: "failure" })
  await stage.github.reportCheck({ ...report, workflow: "nightly", conclusion: "success", more: true })
  const heard = stage.heard()
  const { facts } = await stage.run([stage.click("hold", stage.person("lea"))])
  expect(facts.learned.evidence?.[sha]?.map((e) => [e.kind, e.state]).sort()).toEqual([
    ["check", "failed"],
    ["check", "passed"],
    ["suite", "pending"],
  ])
  expect(new Set(facts.learned.evidence?.[sha]?.map((e) => e.suite)).size).toBe(2)
  await stage.run(heard)
  expect(stage.state.evidence[sha]?.items.map((e) => e.kind).sort()).toEqual(["check", "check", "suite"])
  await stage.github.reportCheck({ ...report, name: "deploy", workflow: "nightly" })
  await stage.run(stage.heard())
  expect(stage.state.evidence[sha]?.items.map((e) => [e.kind, e.name]).sort()).toEqual([
    ["check", "deploy"],
    ["check", "test"],
    ["check", "test"],
  ])
})

test("a candidate keeps the workflows of its own commit", async () => {
  const { sha } = await merged("feat: pay")
  await stage.run([look])
  const { facts } = await stage.run([stage.click("approve", stage.person("lea"))])
  expect(facts.learned.workflows).toEqual({ [sha]: [".github/workflows/ci.yml"] })
  const again = await stage.run([stage.click("hold", stage.person("lea"))])
  expect(again.facts.learned.workflows).toBeUndefined()
})

test("a required check keeps the App that a rule names", async () => {
  const required_status_checks = [{ context: "cla", integration_id: 7 }, { context: "lint" }, { context: "lint" }]
  const parameters = { required_status_checks, strict_required_status_checks_policy: false }
  const ruleset = { ruleset_source_type: "Repository", ruleset_source: REPO, ruleset_id: 1 }
  stage.github.setBranchRules(REPO, "main", [{ type: "required_status_checks", parameters, ...ruleset }])
  const { facts } = await stage.run([look])
  expect(facts.learned.ci?.main?.required).toEqual([{ name: "cla", appId: "7" }, { name: "lint" }])
})

test("a plan's issue is ready when it was done, its pull request when it was merged", async () => {
  const { number } = await merged("feat: pay")
  const open = await stage.github.openPullRequest({
    repo: REPO,
    by: "ben",
    title: "feat: never",
    commits: [{ message: "feat: never", files: { "n.txt": "n" } }],
  })
  const features = [1, number, open.number].map((issue) => `  - { id: F${issue}, issue: ${issue} }`).join("\n")
  const files = { "release-plan.yml": PLAN.replace(/features:\n.*\n/, `features:\n${features}\n`) }
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: plan", files })
  const shop = { owner: "acme", repo: "shop" }
  await stage.github.as("lea").rest.pulls.update({ ...shop, pull_number: open.number, state: "closed" })
  await stage.github.closeIssue({ repo: REPO, by: "lea", number: 1, reason: "not_planned" })
  const { facts } = await stage.run([look])
  expect(facts.learned.issues).toEqual({
    "#1": "not planned",
    [`#${number}`]: "closed",
    [`#${open.number}`]: "not merged",
  })
})

test("an issue of another account is not even asked for: its owner would decide about a release of ours", async () => {
  await stage.github.createRepository({ owner: "ben", name: "mine", files: { "README.md": "mine" }, by: "ben" })
  const files = { "release-plan.yml": PLAN.replace(/features:\n.*\n/, "features: [{ id: F, issue: 'ben/mine#1' }]\n") }
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: plan", files })
  const { facts, requests } = await stage.run([look])
  expect(facts.unknown).toEqual([
    {
      what: "issue:ben/mine#1",
      because: "ben/mine#1 is in a repository of another account; only those of acme are looked at",
    },
  ])
  expect(requests.filter((request) => request.includes("mine"))).toEqual([])
})

test.each([
  ["approve", "rosa"],
  ["hold", "rosa"],
  ["recut", "rosa"],
  ["publish", "rosa"],
  ["approve", "stranger", "GET /users/acme"],
])("%s by somebody who may not costs no more than asking that: %s", async (button, login, ...more) => {
  await merged("feat: pay")
  await stage.run([look])
  const { facts, requests } = await stage.run([stage.click(button, stage.person(login))])
  expect(requests).toEqual([
    `GET /orgs/acme/memberships/${login}`,
    `GET /orgs/acme/teams/sre/memberships/${login}`,
    ...more,
    `GET /users/${login}`,
    `GET collaborators/${login}/permission`,
  ])
  expect(facts.unknown).toEqual([])
  expect(Object.keys(facts.learned)).toEqual(["standings"])
  expect(facts.learned.standings?.[login]).toMatchObject({ permission: "read", teams: { "acme/sre": false } })
  expect(stage.state.releases[0]?.answers.at(-1)).toMatchObject({ by: login, counted: false })
})

test("a bot's press on a release asks nothing", async () => {
  await merged("feat: pay")
  await stage.run([look])
  const { requests } = await stage.run([stage.click("approve", { login: "x[bot]", id: "9", type: "Bot" })])
  expect(requests).toEqual([])
  expect(stage.state.releases[0]?.answers.at(-1)).toMatchObject({ by: "x[bot]", counted: false })
})

test("who may not does not keep others, or other news, from being read", async () => {
  await merged("feat: pay", undefined, "lea")
  await stage.run([look])
  stage.heard()
  const plan = PLAN.replace("First", "Second")
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: plan", files: { "release-plan.yml": plan } })
  const clicks = ["rosa", "ben"].map((login) => stage.click("approve", stage.person(login)))
  const { facts, requests } = await stage.run([...clicks, ...stage.heard()])
  expect(facts.learned.plans?.main).toMatchObject({ value: { release: { name: "Second" } } })
  expect(Object.keys(facts.learned.standings ?? {}).sort()).toEqual(["ben", "rosa"])
  expect(facts.learned.tags).toEqual({ "v1.0.0": null })
  expect(requests.filter((request) => request.endsWith("/permission"))).toHaveLength(2)
})

test("who is named alone is asked about like everybody", async () => {
  const files = { ".github/slipway.yml": "approvals: { from: ['@Rosa'] }\n" }
  const other = await startStage({ "README.md": "shop", ...files })
  await other.github.pushCommit({ repo: REPO, by: "lea", message: "feat: pay", files: { p: "p" } })
  await other.run([look])
  const { facts } = await other.run([other.click("approve", other.person("rosa"))])
  await other.close()
  expect(facts.learned.ledgers?.main).toBeDefined()
})

test("a rollback asks only who pressed", async () => {
  await merged("feat: pay")
  await stage.run([look])
  const { facts, requests } = await stage.run([stage.click("rollback:production", stage.person("rosa"))])
  expect(requests).toEqual([
    "GET /orgs/acme/memberships/rosa",
    "GET /orgs/acme/teams/sre/memberships/rosa",
    "GET /users/rosa",
    "GET collaborators/rosa/permission",
  ])
  expect(facts.learned.standings?.rosa).toMatchObject({ permission: "read", teams: { "acme/sre": false } })
})

test("a bot's click, and one on a release that is no more, read nothing of a release", async () => {
  await merged("feat: pay")
  await stage.run([look])
  const bot = await stage.run([stage.click("rollback:production", { login: "x[bot]", id: "9", type: "Bot" })])
  expect(bot.requests).toEqual([])
  const old = await stage.run([stage.click("approve", stage.person("lea"), { externalId: "slipway:99:abc" })])
  expect(old.requests.filter((r) => !/memberships|permission|users/.test(r))).toEqual([])
})

test("a click finds that the branch has moved, and reads it back", async () => {
  await merged("feat: pay")
  await stage.run([look])
  const { sha } = await merged("feat: unheard")
  stage.heard()
  const { facts } = await stage.run([stage.click("hold", stage.person("lea"))])
  expect(facts.learned.ledgers?.main?.head).toBe(sha)
})

test("a publication reads again what those may who approved", async () => {
  await merged("feat: pay", undefined, "lea")
  await stage.run([look])
  await stage.run([stage.click("approve", stage.person("ben"))])
  expect(stage.state.releases[0]).toMatchObject({ phase: { is: "cut" }, approvals: [{ by: { login: "ben" } }] })
  stage.github.leaveTeam("acme", "sre", "ben")
  const { facts } = await stage.run([stage.click("publish", stage.person("lea"))])
  expect(facts.learned.standings).toMatchObject({
    ben: { permission: "write", teams: { "acme/sre": false } },
    lea: { permission: "admin" },
  })
  expect(facts.learned.evidence).toHaveProperty(stage.state.releases[0]?.approvals[0]?.sha ?? "none")
})

test.each([
  ["the configuration", ".github/slipway.yml", "version: { other: patch }\n", ["configs", "approvers"]],
  ["the plan", "release-plan.yml", PLAN.replace("First", "Second"), ["plans", "approvers", "files"]],
  ["a workflow", ".github/workflows/more.yml", WORKFLOW, ["ci"]],
  ["the rollback procedure", "docs/rollback.md", "go back faster", ["files"]],
  ["anything else", "src/pay.ts", "pay()", []],
])("a push that touches %s reads exactly that", async (_, path, content, learned) => {
  await stage.run([look])
  stage.heard()
  const sha = await stage.github.pushCommit({
    repo: REPO,
    by: "lea",
    message: "chore: touch",
    files: { [path]: content },
  })
  const { facts } = await stage.run(stage.heard())
  expect(facts.unknown).toEqual([])
  expect(Object.keys(facts.learned).sort()).toEqual(learned.toSorted())
  expect(stage.state.lines.main?.ledger?.head).toBe(sha)
})

test("a configuration that moves the plan reads the plan there", async () => {
  await stage.run([look])
  stage.heard()
  const files = {
    ".github/slipway.yml": "plan: { path: docs/plan.yml }\n",
    "docs/plan.yml": PLAN.replace("First", "Moved"),
  }
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: move", files })
  const { facts } = await stage.run(stage.heard())
  expect(facts.learned.plans?.main).toMatchObject({
    is: "valid",
    path: "docs/plan.yml",
    value: { release: { name: "Moved" } },
  })
})

test("a configuration that names another branch reads it back", async () => {
  await stage.run([look])
  const next = await stage.github.pushCommit({
    repo: REPO,
    by: "lea",
    branch: "next",
    message: "feat: n",
    files: { n: "n" },
  })
  await stage.run(stage.heard())
  const files = { ".github/slipway.yml": "branches: [main, { name: next, channel: rc }]\n" }
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: next", files })
  const { facts } = await stage.run(stage.heard())
  expect(facts.unknown).toEqual([])
  expect(facts.learned.ledgers?.next?.head).toBe(next)
  expect(facts.learned.ledgers?.main).toBeUndefined()
})

test.each([
  ["a directory", { ".github/slipway.yml/a": "a" }, "this is a directory, not a file"],
  ["an unknown key", { ".github/slipway.yml": "aprovals: {}" }, "did you mean `approvals`?"],
])("a configuration that is %s is invalid", async (_, files, message) => {
  const other = await startStage(files as never)
  const { facts } = await other.run([look])
  await other.close()
  expect(facts.learned.configs?.main).toMatchObject({
    is: "invalid",
    problems: [{ file: ".github/slipway.yml", message: expect.stringContaining(message) }],
  })
})
