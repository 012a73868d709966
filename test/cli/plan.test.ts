import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone } from "./local-clone.ts"

const PLAN = `release: { version: "2.5.0", name: "Spring release" }
timeline: { code_freeze: "2026-11-20T00:00:00Z" }
features:
  - { id: PAY-1, name: Pay, team: Pay, status: ready, risk: low }
  - { id: PAY-2, name: Pay more, team: Pay, status: in-progress, risk: low, dependencies: [PAY-1] }
  - { id: PAY-3, name: Pay less, team: Pay, status: ready, risk: low, issue: 812 }
testing:
  unit_tests: passed
  security_tests: { check: CodeQL }
  required: [unit_tests, security_tests]
rollback_plan: { procedure: docs/rollback.md }
`

function planIn(text: string): LocalClone {
  const clone = new LocalClone()
  clone.write("docs/rollback.md", "Go back.\n")
  writeFileSync(join(clone.directory, "release-plan.yml"), text)
  return clone
}

test("a valid plan: its gates as far as a file can tell", async () => {
  const { valid, gates } = await callJson(planIn(PLAN).directory, "plan", "check", "release-plan.yml")
  expect(valid).toBe(true)
  expect(gates).toMatchObject([
    { name: "checks", state: "unknown" },
    { name: "code freeze", state: "pending" },
    { name: "tests", state: "unknown", because: expect.stringContaining("security_tests") },
    { name: "features", state: "unknown", because: expect.stringContaining("PAY-3") },
    { name: "dependencies", state: "passed" },
    { name: "rollback plan", state: "passed" },
    { name: "approvals", state: "unknown" },
  ])
})

test("a checklist: its files are looked for, and what GitHub knows is unknown", async () => {
  const checklist = `checklist:
  before: [{ item: Guide, file: docs/rollback.md }, { item: Soon, file: docs/soon.md }]
`
  const { gates } = await callJson(planIn(PLAN + checklist).directory, "plan", "check", "release-plan.yml")
  const because = "1 of 2 items ticked; “Soon” waits for docs/soon.md, which is not there here"
  expect(gates).toContainEqual({ name: "checklist", state: "pending", because, evidence: [expect.anything()] })
  const bound = checklist.replace("file: docs/soon.md", "issue: 4")
  const { gates: others } = await callJson(planIn(PLAN + bound).directory, "plan", "check", "release-plan.yml")
  expect(others).toContainEqual(expect.objectContaining({ name: "checklist", state: "unknown" }))
})

test("whom it tells is looked for in the configuration beside it", async () => {
  const told = `${PLAN}communication:
  pre_release:
    - { channel: slack, audience: custmers, date: 2026-11-19 }
    - { channel: email, audience: partners, date: 2026-11-19 }
`
  const clone = planIn(told)
  const check = () => call(clone.directory, "plan", "check", "release-plan.yml")
  expect((await check()).out).not.toContain("nobody is told")
  clone.write(".github/slipway.yml", "audiences: { customers: '#customers', partners: partners@acme.example }\n")
  const { code, out } = await check()
  expect(code).toBe(0)
  expect(out).toMatch(
    /\nnobody is told:\nrelease-plan\.yml:14:35: communication\.pre_release\[0\]\.audience: “custmers” is no channel, .* \(did you mean “customers”\?\): nobody is told\n$/,
  )
  const { warnings } = await callJson(clone.directory, "plan", "check", "release-plan.yml")
  expect(warnings).toMatchObject([{ line: 14, message: expect.stringContaining("custmers") }])
  clone.write(".github/slipway.yml", "extends: acme/.github\n")
  expect((await check()).out).not.toContain("nobody is told")
})

test("what people read", async () => {
  const { code, out, err } = await call(planIn(PLAN).directory, "plan", "check", "release-plan.yml")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toMatch(/^2\.5\.0 · Spring release: a valid plan, 3 features\n\n/)
  expect(out).toMatch(/^ {2}✓ passed {3}rollback plan {2}docs\/rollback\.md is there/m)
})

test("what is to be done during and after the release is shown, since no gate waits for it", async () => {
  const checklist = "checklist:\n  during: [{ item: Watch, check: queue }]\n  after: [{ item: Tell, issue: 9 }]\n"
  const { out } = await call(planIn(PLAN + checklist).directory, "plan", "check", "release-plan.yml")
  expect(out).toMatch(/\n\nduring the release:\n {2}☐ Watch \(queue\)\n\nafter the release:\n {2}☐ Tell \(#9\)\n$/)
  expect(out).not.toMatch(/checklist/)
})

test("a rollback procedure that is not there fails its gate, not the plan", async () => {
  const { valid, gates } = await callJson(
    planIn(PLAN.replace("rollback.md", "nowhere.md")).directory,
    ...["plan", "check", "release-plan.yml"],
  )
  expect(valid).toBe(true)
  expect(gates).toContainEqual({
    name: "rollback plan",
    state: "failed",
    because: "docs/nowhere.md does not exist here",
  })
})

test("mistakes are told by file, line and column, and the exit code says so", async () => {
  const clone = planIn(PLAN.replace("status: ready", "status: redy").replace("testing:", "testin:"))
  const { code, out, err } = await call(clone.directory, "plan", "check", "release-plan.yml")
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).toMatch(/^release-plan\.yml:4:\d+: .*`ready`/m)
  expect(err).toMatch(/^release-plan\.yml:7:1: .*`testing`/m)
  expect(err).toMatch(/^2 problems in release-plan\.yml$/m)
})

test.each([
  ["no verb", ["plan"], "slipway plan check FILE"],
  ["another verb", ["plan", "show", "x"], "slipway plan check FILE"],
  ["no such file", ["plan", "check", "nowhere.yml"], "nowhere.yml: there is no such file\n"],
  ["a folder", ["plan", "check", "."], ".: that is a folder; name a file in it"],
])("wrong: %s", async (_, args, says) => {
  expect(await call(new LocalClone().directory, ...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) })
})
