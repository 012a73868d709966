import { afterEach, expect, test, vi } from "vitest"
import { storyOf } from "../../src/cli/audit/story.ts"
import { chained, EMPTY_CHAIN } from "../../src/model/audit-chain.ts"
import type { AuditEntry } from "../../src/model/decision.ts"
import type { PublishingEvidence } from "../../src/model/release-evidence.ts"
import { call } from "./call.ts"

afterEach(() => vi.unstubAllEnvs())

test.each<[string, string[], string]>([
  ["nothing", [], "it takes a repository"],
  ["no version", ["acme/shop"], "it takes a version"],
  ["no repository", ["shop", "1.0.0"], "it takes a repository"],
  ["too much", ["acme/shop", "1.0.0", "more"], "it takes two arguments"],
  ["two forms", ["acme/shop", "1.0.0", "--json", "--markdown"], "take one"],
  ["a file for a story", ["acme/shop", "1.0.0", "--file", "a.json"], "--file belongs to"],
  ["a date for a story", ["acme/shop", "1.0.0", "--before", "2025-01-31"], "--before belongs to"],
  ["a cut without a date", ["cut", "acme/shop"], "it takes --before"],
  ["a cut of everything", ["cut", "--before", "2025-01-31"], "it takes a repository"],
  ["a cut by no date", ["cut", "acme/shop", "--before", "31.01.2025"], "--before takes a date"],
  ["a cut of a day that is none", ["cut", "acme/shop", "--before", "2025-13-31"], "--before takes a date"],
  ["a cut of the future", ["cut", "acme/shop", "--before", "2027-01-31"], "has to be in the past"],
])("wrong usage: %s", async (_, args, said) => {
  const { code, err } = await call(".", "audit", ...args)
  expect(err).toContain(said)
  expect(code).toBe(2)
})

test("no database is made where there is none", async () => {
  vi.stubEnv("DATABASE_URL", "")
  vi.stubEnv("SLIPWAY_DATA_DIR", "/nowhere/at/all")
  expect(await call(".", "audit", "verify")).toMatchObject({
    code: 1,
    err: expect.stringContaining(
      "there is no database: DATABASE_URL is not set, and there is no folder /nowhere/at/all",
    ),
  })
})

const SHA = "a".repeat(40)
const risk = { is: "high", because: "nothing says that it is low" } as const
const evidence: PublishingEvidence = {
  tag: "v1.0.0",
  version: "1.0.0",
  sha: SHA,
  branch: "main",
  component: "",
  candidate: "c",
  attempt: 1,
  required: 1,
  audit: true,
  gates: ["configuration", "checks", "approvals"].map((name) => ({ name, state: "passed", because: "it is" })),
  approvals: [],
  changes: [{ id: "#1", sha: SHA, title: "feat: pay", wrote: ["ben"], coveredBy: ["ana"], risk }],
  checks: [],
  assets: [],
}
const cut: AuditEntry = { what: "cut", release: "1", facts: { tag: "v1.0.0", version: "1.0.0", sha: SHA } }
const publishing = (changes: Partial<PublishingEvidence> = {}): AuditEntry => ({
  what: "publishing",
  release: "1",
  facts: { ...evidence, ...changes },
})
const published: AuditEntry = {
  what: "published",
  release: "1",
  by: "ana",
  facts: { tag: "v1.0.0", version: "1.0.0", sha: SHA, head: { file: "slipway-audit.json" } },
}

test.each<[string, readonly AuditEntry[], readonly string[]]>([
  ["nothing", [cut, publishing(), published], []],
  ["the cut", [publishing(), published], ["when, at which commit and by whom it was cut"]],
  ["the publication", [cut, publishing()], ["that it was published"]],
  ["all of the evidence", [cut, published], ["what every gate said, who approved, and which checks had passed"]],
  [
    "evidence that can be read",
    [cut, { ...publishing(), facts: { tag: "v1.0.0", gates: ["checks: passed, it is"] } }, published],
    ["what every gate said, who approved, and which checks had passed"],
  ],
  [
    "a gate",
    [cut, publishing({ gates: evidence.gates.filter(({ name }) => name !== "checks") }), published],
    ["the gate checks"],
  ],
  [
    "a gate's passing",
    [cut, publishing({ gates: evidence.gates.map((gate) => ({ ...gate, state: "unknown" as const })) }), published],
    ["configuration", "checks", "approvals"].map((name) => `the gate ${name} passing: it was unknown`),
  ],
  ["changes", [cut, publishing({ changes: [] }), published], ["which changes are in it"]],
  [
    "an author and an approval",
    [cut, publishing({ changes: [{ id: SHA, sha: SHA, title: "x", wrote: [], coveredBy: [], risk }] }), published],
    ["who wrote aaaaaaa", "an approval of aaaaaaa by somebody who did not write it"],
  ],
  [
    "an approval that nobody asked for",
    [
      cut,
      publishing({ required: 0, changes: [{ id: "#1", sha: SHA, title: "x", wrote: ["ben"], coveredBy: [], risk }] }),
      published,
    ],
    [],
  ],
  [
    "that what was approved is what came out",
    [cut, publishing({ sha: "b".repeat(40) }), published],
    [`that what was approved, ${"b".repeat(40)}, is what came out, ${SHA}`],
  ],
  [
    "the file on the release",
    [cut, publishing(), { ...published, facts: { ...published.facts, head: null } }],
    ["slipway-audit.json on the release"],
  ],
  [
    "a file that the configuration did without",
    [cut, publishing({ audit: false }), { ...published, facts: { ...published.facts, head: null } }],
    [],
  ],
  [
    "a gate that was asked",
    [cut, { what: "published outside Slipway", release: "1", facts: { tag: "v1.0.0", sha: SHA } }],
    ["it was published outside Slipway: no gate was asked"],
  ],
])("what is missing is named: %s", (_, entries, missing) => {
  const records = chained(EMPTY_CHAIN, entries, { repository: "1", version: "1", at: "2026-03-01T10:00:00.000Z" })
  const name = { release: "1", tag: "v1.0.0" }
  expect(storyOf({ repository: "acme/shop", name }, records, []).missing).toEqual(missing)
})
