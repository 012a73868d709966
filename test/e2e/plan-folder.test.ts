import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Two releases, each by its own plan with its own checklist, from the first merge to the second publication. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const plan = (version: string, checklist: string) => `release: { version: ${version} }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
checklist:
${checklist}`

const FIRST = plan(
  "1.5.0",
  `  before:
    - { item: Load test, check: "load *", app: github-actions }
    - { item: Migration guide, file: docs/migrate.md }
  after: [{ item: Watch the queue, check: queue }]
`,
)

const row = (item: string): string =>
  plainly((place.readiness().summary ?? "").split("\n").find((line) => line.includes(`| ${item} |`)) ?? "")

test("the plan that is due states the version, and its checklist is waited for", async () => {
  place = await stage.build("ahead", {
    "docs/rollback.md": "Go back.",
    "release-plans/1.5.0.yml": FIRST,
    "release-plans/1.6.0.yml": plan("1.6.0", "  before: []\n"),
  })
  const { sha } = await place.merge("ben", "feat: pay by invoice")
  expect(place.readiness(sha).title).toBe("Next: 1.5.0 — 3 changes")
  expect(gate(place.readiness(sha), "checklist")).toMatch(
    /⏳.*0 of 2 items ticked; “Load test” waits for .*“Migration guide” waits for/,
  )
})

test("an item is ticked by what shows it, and by nothing else", async () => {
  const sha = await place.push("ben", "docs: how to migrate", { "docs/migrate.md": "Like this." })
  await stage.github.setStatus({ repo: place.repo, sha, context: "load test", by: "ana", state: "success" })
  await stage.quiet()
  expect(gate(place.readiness(sha), "checklist")).toMatch(/⏳.*1 of 2 items ticked; “Load test” waits for/)
  expect(row("Migration guide")).toMatch(/before.*✅ passed.*docs\/migrate\.md is there/)
  await place.report("load test", sha)
  expect(gate(place.readiness(sha), "checklist")).toMatch(/✅.*all 2 items are ticked/)
})

test("when it is out, the page says what is left to do, and ticks it", async () => {
  const { headSha: sha } = place.readiness()
  await place.press("approve", "cleo", sha)
  const out = await place.press("publish", "cleo", sha)
  expect(out.title).toBe("1.5.0 is published")
  expect(plainly(out.summary)).toMatch(/\| after \| Watch the queue \| ⏳ pending \|/)
  await place.report("queue", sha)
  expect(plainly(place.readiness(sha).summary)).toMatch(/\| after \| Watch the queue \| ✅ passed \|/)
})

test("the plan of the release that is out is spent, the next one is due, and two of them are none", async () => {
  const { sha } = await place.merge("ben", "fix: a rounding")
  expect(place.readiness(sha).title).toBe("Next: 1.6.0 — 1 change")
  const both = await place.push("ana", "chore: plan", { "release-plans/spring.yml": plan("1.6.0", "  after: []\n") })
  expect(gate(place.readiness(both), "configuration")).toMatch(
    /❌.*release-plans\/1\.6\.0\.yml and release-plans\/spring\.yml all speak of this release/,
  )
  const broken = await place.push("ana", "chore: plan", { "release-plans/spring.yml": "release:\n  nmae: Spring\n" })
  const check = place.check("Slipway / plan", broken)
  expect([check.conclusion, check.annotations.map(({ path, start_line }) => `${path}:${start_line}`)]).toEqual([
    "failure",
    ["release-plans/spring.yml:2"],
  ])
})
