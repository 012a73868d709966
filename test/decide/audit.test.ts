import { expect, test } from "vitest"
import { gatesHash } from "../../src/decide/candidate.ts"
import { publishingEvidence } from "../../src/model/release-evidence.ts"
import { config, report } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const CONFIG = ".github/slipway.yml"
const recorded = (w: World, what: string) => w.audit.filter((entry) => entry.what === what)

function publishedBy(w: World): World {
  w.merge(12, "feat: pay by invoice").run()
  w.truth.checks.set(w.truth.head, [report("e2e", { id: "77", word: "success" })])
  return w.click("approve", "ben").run().click("publish", "ann").run()
}

test("a publication records every gate with its evidence, the checks, the approvals and who wrote what", () => {
  const w = publishedBy(world())
  const [entry, ...more] = recorded(w, "publishing")
  expect(more).toEqual([])
  const evidence = publishingEvidence.parse(entry?.facts)
  expect(evidence).toMatchObject({ tag: "v1.1.0", version: "1.1.0", sha: w.truth.head, branch: "main", required: 1 })
  expect(evidence.gates.map(({ name, state }) => [name, state])).toEqual([
    ["configuration", "passed"],
    ["checks", "passed"],
    ["approvals", "passed"],
  ])
  expect(evidence.approvals).toMatchObject([
    { by: "ben", id: "id-ben", does: "approve", counts: true, sha: w.truth.head, candidate: evidence.candidate },
  ])
  expect(evidence.changes).toMatchObject([
    {
      id: "#12",
      title: "feat: pay by invoice",
      pull: { number: 12, author: "ann" },
      wrote: ["ann"],
      coveredBy: ["ben"],
    },
  ])
  expect(evidence.checks).toMatchObject([{ name: "e2e", id: "77", state: "passed", word: "success" }])
  expect(recorded(w, "published")).toMatchObject([
    { release: "1", by: "ann", facts: { version: "1.1.0", sha: w.truth.head } },
  ])
})

test("an approval records what every gate said when it was given, and which page was clicked", () => {
  const w = publishedBy(world())
  expect(recorded(w, "approved")).toMatchObject([
    {
      by: "ben",
      facts: { sha: w.truth.head, id: "id-ben", checkRun: expect.stringMatching(/^\d+$/), gates: expect.any(Array) },
    },
  ])
})

test("every record of a branch says under which configuration and plan it was decided", () => {
  const w = world((it) => (it.truth.config = config({ approvals: { required: 1 } })))
  publishedBy(w)
  expect(w.audit.length).toBeGreaterThan(3)
  for (const { under } of w.audit) {
    expect(under?.config).toMatch(new RegExp(`^${CONFIG}@`))
    expect(under?.plan).toBe("absent")
    expect(under?.gates).toMatch(/^[0-9a-f]{64}$/)
  }
  const before = w.audit[0]?.under
  w.commitFiles({ config: config({ approvals: { required: 2 } }) }).run()
  w.merge(13, "fix: round up").run().click("hold", "ben").run()
  const after = recorded(w, "held").at(-1)?.under
  expect(after?.gates).not.toBe(before?.gates)
  expect(after?.config).not.toBe(before?.config)
})

test("a change of low risk is recorded with the review that covers it", () => {
  const w = world(
    (it) =>
      (it.truth.config = config({
        risk: { low: [{ paths: ["docs/**"] }] },
        changes: [{ when: { title: "*" }, bump: "patch" }],
      })),
  )
  w.truth.review(12, ["ben"])
  w.merge(12, "docs: how to pay", { files: ["docs/a.md"] }).run()
  w.click("approve", "ann").run().click("publish", "ann").run()
  const evidence = publishingEvidence.parse(recorded(w, "publishing")[0]?.facts)
  expect(evidence.changes).toMatchObject([{ id: "#12", wrote: ["ann"], risk: { is: "low" }, coveredBy: ["ben"] }])
})

test.each([
  [true, { version: "1.1.0", asked: expect.any(String), attempt: 1 }],
  [false, undefined],
])("with publish.audit: %s a publication is told whether to carry where the trail stands", (audit, told) => {
  const w = world((it) => (it.truth.config = config({ publish: { audit } })))
  publishedBy(w)
  const publish = w.applied.find(({ kind }) => kind === "publish")
  expect(publish?.kind === "publish" && publish.content.audit).toEqual(told)
})

test("to do without is a change of the gates", () => {
  expect(gatesHash(config({ publish: { audit: false } }))).not.toBe(gatesHash(config()))
  expect(gatesHash(config({ publish: { audit: true } }))).toBe(gatesHash(config()))
})
