import fc from "fast-check"
import { expect, test } from "vitest"
import type { Page, ReadinessPage } from "../../src/model/page.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { bytesOf } from "../../src/render/fit-bytes.ts"
import { tagsOf, toHtml } from "./github-markdown.ts"
import { filledWith, HOSTILE, notesOf, readiness } from "./pages.ts"

const summary = (more: Partial<ReadinessPage>) => renderCheck({ page: readiness(more) }).summary

test.each<[string, Partial<ReadinessPage>, string]>([
  ["drafted", { phase: "drafted", notes: notesOf(["a", "b"]) }, "Next: 1.5.0 — 2 changes"],
  ["drafted with one", { phase: "drafted" }, "Next: 1.5.0 — 1 change"],
  ["waiting", {}, "1.5.0 waits for approvals"],
  [
    "waiting for more",
    {
      gates: [
        { name: "tests", state: "pending", because: "" },
        { name: "approvals", state: "pending", because: "" },
      ],
    },
    "1.5.0 waits for tests and approvals",
  ],
  [
    "failed",
    {
      gates: [
        { name: "checks", state: "failed", because: "" },
        { name: "tests", state: "unknown", because: "" },
      ],
    },
    "1.5.0 is blocked: checks failed",
  ],
  [
    "unknown",
    { gates: [{ name: "rollback plan", state: "unknown", because: "" }] },
    "1.5.0 is blocked: rollback plan could not be read",
  ],
  [
    "held",
    {
      gates: [
        { name: "hold", state: "failed", because: "" },
        { name: "checks", state: "failed", because: "" },
      ],
    },
    "1.5.0 is on hold",
  ],
  ["ready", { phase: "ready" }, "1.5.0 is ready to publish"],
  ["published", { phase: "published" }, "1.5.0 is published"],
  ["rolled back", { phase: "rolled back" }, "1.5.0 was rolled back"],
])("the title when %s", (_, more, title) => {
  expect(renderCheck({ page: readiness(more) }).title).toBe(title)
})

test("what to do next stands first, then the gates with symbol, word, reason and evidence", () => {
  const text = summary({ todo: ["Do this.", "Then that."] })
  expect(text).toMatch(/^## What to do next\n\n1\. Do this\.\n2\. Then that\.\n/)
  expect(text).toContain("## Gates: 1 of 2 passed")
  expect(text).toContain("| checks | ✅ passed | all 2 passed | [CI / build](https://ci.test/1) |")
  expect(text).toContain("| approvals | ⏳ pending | 0 of 1 |  |")
})

test("an approval that no longer counts is struck through, says why, and has no tick", () => {
  const approval = { by: "kim", does: "approve", at: "2026-11-21T09:14:22Z", sha: "d".repeat(40) } as const
  const line = summary({ approvals: [{ ...approval, counts: false, because: "it was for ddddddd" }] })
    .split("\n")
    .find((each) => each.includes("kim](") && each.startsWith("|"))
  expect(line).toContain("~~[kim](https://github.com/kim)~~ | ~~approved~~ | ~~2026-11-21 09:14 UTC~~")
  expect(line).toContain("🚫 no: it was for ddddddd")
  expect(line).not.toContain("✅")
  expect(summary({ approvals: [{ ...approval, counts: true, because: "covers 1 change" }] })).toContain(
    "✅ yes: covers 1 change",
  )
})

test("commits and people are on the GitHub that the page is read on", () => {
  const answer = { by: "lea", did: "approve", counted: true, because: "covers 1", at: "2026-11-21T09:14:22Z" }
  const text = summary({ webUrl: "https://ghe.acme.example", answers: [answer] })
  expect(text).toContain(`(https://ghe.acme.example/acme/shop/commit/${"c".repeat(40)})`)
  expect(text).toContain("[lea](https://ghe.acme.example/lea)")
  expect(text).not.toContain("https://github.com")
})

test("commits are seven characters, linked; people are named without being called", () => {
  const text = summary({
    answers: [{ by: "lea", did: "approve", counted: false, because: "lea wrote #12", at: "2026-11-21T09:14:22Z" }],
  })
  expect(text).toContain(`[\`ccccccc\`](https://github.com/acme/shop/commit/${"c".repeat(40)})`)
  expect(text).toContain(
    "2026-11-21 09:14 UTC: [lea](https://github.com/lea) pressed *approve* — 🚫 **not counted**: lea wrote #12",
  )
  expect(text).not.toContain("@")
})

test.each<[string, ReadinessPage["mayApprove"], RegExp]>([
  [
    "people",
    { is: "people", people: ["mo", "kim"], more: 2, rule: "writers" },
    /Who may approve:\*\* \[mo\]\(.*\), \[kim\]\(.*\) and 2 more — writers/,
  ],
  [
    "nobody, with the ways out",
    { is: "nobody", because: "you are alone", waysOut: ["invite somebody", "set `approvals: { required: 0 }`"] },
    /Nobody can approve this:\*\* you are alone\. Ways out:\n\n- invite somebody\n- set `approvals: { required: 0 }`/,
  ],
  ["unknown", { is: "unknown", because: "GitHub answered 403" }, /could not be read: GitHub answered 403/],
  ["not needed", { is: "not needed", because: "required is 0" }, /No approval is needed:\*\* required is 0/],
])("who may approve: %s", (_, mayApprove, expected) => {
  expect(summary({ mayApprove })).toMatch(expected)
})

test("the thread in Slack is a link, trouble is words", () => {
  expect(summary({ announcements: "one thread: https://acme.slack.com/archives/C1/p1" })).toContain(
    "**Announcements:** [one thread](https://acme.slack.com/archives/C1/p1)",
  )
  expect(summary({ announcements: "not possible: the bot is not in #releases" })).toContain(
    "not possible: the bot is not in #releases",
  )
})

test("the text says why it is this version, with the true count, and holds the notes", () => {
  const { text = "" } = renderCheck({ page: readiness({ becauseCount: 4, stated: "1.5.0" }) })
  expect(text).toContain("The plan states 1.5.0.")
  expect(text).toContain("- **minor**: feat: pay by invoice ([`aaaaaaa`]")
  expect(text).toContain("… and 3 more changes that ask for the same")
  expect(text).toContain("- pay by invoice (#1) by @lea")
  expect(text).not.toContain("<details>")
})

test("long notes are shown closed", () => {
  const notes = notesOf(Array.from({ length: 60 }, (_, at) => `change ${at}`))
  const { text = "" } = renderCheck({ page: readiness({ notes }) })
  expect(text).toContain("<details>\n<summary>Show the notes</summary>\n\n")
  expect(text.trimEnd()).toMatch(/<\/details>$/)
})

const environment = (more: object = {}): Page => ({
  is: "environment",
  repository: "acme/shop",
  environment: "production",
  version: "1.5.0",
  sha: "c".repeat(40),
  state: "failed",
  since: "2026-11-30T10:12:00Z",
  lastKnownGood: { version: "1.4.2", sha: "e".repeat(40) },
  detail: ["Its deployment ended as `failure`."],
  answers: [],
  ...more,
})

test.each([
  ["failed", "1.5.0 failed in production", /\*\*Last known good:\*\* 1\.4\.2 at \[`eeeeeee`\]/],
  ["live", "1.5.0 is live in production", /✅ \*\*1\.5\.0\*\*/],
  ["verifying", "1.5.0 is being verified in production", /🔎/],
  ["rolling back", "1.5.0 is being rolled back in production", /↩️/],
  ["rolled back", "1.5.0 was rolled back in production", /since 2026-11-30 10:12 UTC/],
  ["drill", "1.5.0 is in a drill in production", /🧪/],
  ["replaced", "1.5.0 was replaced in production", /⏭️/],
  ["in progress", "1.5.0 is being deployed to production", /⏳/],
])("an environment that is %s", (state, title, expected) => {
  const output = renderCheck({ page: environment({ state }) })
  expect(output.title).toBe(title)
  expect(output.summary).toMatch(expected)
})

test("no last known good is said", () => {
  expect(renderCheck({ page: environment({ lastKnownGood: null }) }).summary).toContain("nothing to roll back to")
})

const problem = (line: number) => ({
  file: ".github/slipway.yml",
  line,
  column: 3,
  endLine: line,
  path: "aprovals",
  message: "unknown key `aprovals`; did you mean `approvals`?",
})

test("problems are annotations on their lines, and in words", () => {
  const output = renderCheck({ page: { is: "problems", files: [".github/slipway.yml"], problems: [problem(4)] } })
  expect(output.title).toBe("1 problem in slipway.yml")
  expect(output.annotations).toEqual([
    {
      path: ".github/slipway.yml",
      start_line: 4,
      end_line: 4,
      annotation_level: "failure",
      title: "aprovals",
      message: "unknown key `aprovals`; did you mean `approvals`?",
    },
  ])
  expect(output.summary).toContain(
    "- .github/slipway.yml, line 4, column 3: unknown key `aprovals`; did you mean `approvals`?",
  )
})

test("more than fifty problems: fifty annotations, the rest in the text, none left out", () => {
  const problems = Array.from({ length: 120 }, (_, at) => problem(at + 1))
  const output = renderCheck({ page: { is: "problems", files: [".github/slipway.yml"], problems } })
  expect(output.annotations).toHaveLength(50)
  expect(output.summary).toContain("… and 70 more problems")
  for (const { line } of problems) expect(output.summary + output.text).toContain(`line ${line},`)
})

test("no problems, one file or two", () => {
  const title = (files: string[]) => renderCheck({ page: { is: "problems", files, problems: [] } }).title
  expect(title([".github/slipway.yml"])).toBe("slipway.yml is valid")
  expect(title([".github/slipway.yml", "release-plan.yml"])).toBe("slipway.yml and release-plan.yml are valid")
})

test("nothing to release says since when, why, and what is wrong", () => {
  const page = {
    is: "empty",
    repository: "acme/shop",
    branch: "main",
    sha: "c".repeat(40),
    because: "No change asks for it.",
    warnings: ["no history"],
  } as const
  expect(renderCheck({ page: { ...page, previous: "1.4.2" } })).toMatchObject({
    title: "Nothing to release since 1.4.2",
    summary: expect.stringMatching(/^No change asks for it\.[\s\S]*⚠️ no history/),
  })
  expect(renderCheck({ page: { ...page, previous: null } }).title).toBe("Nothing to release yet")
})

/** The tags that a page of harmless text has: hostile text may add none. */
const expectedTags = (page: ReadinessPage) => {
  const { summary: s, text } = renderCheck({ page })
  return [...new Set([...tagsOf(toHtml(s)), ...tagsOf(toHtml(text ?? ""))])].sort()
}

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("hostile text comes out as text: %j", (_, text) => {
  const calm = expectedTags(filledWith("calm `code` words"))
  const tags = expectedTags(filledWith(text))
  expect(tags.filter((tag) => !calm.includes(tag))).toEqual([])
  const { summary: s, text: t = "", title } = renderCheck({ page: filledWith(text) })
  expect(s + t + title).not.toMatch(/<!--|<img|<script|@octocat|@acme/)
  const bars = s
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.match(/(?<!\\)\|/g)?.length)
  expect(bars).toEqual([5, 5, 5, 6, 6, 6])
  const links = [...(toHtml(s) + toHtml(t)).matchAll(/(?:href|src)="([^"]*)"/g)].map((m) => m[1] ?? "")
  expect(links.filter((url) => !/^https:\/\/(?:github\.com|ci\.test)\//.test(url))).toEqual([])
})

test("limits hold whatever is in it", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 400 }), fc.constantFrom(...HOSTILE))
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 40 }), (words, times) => {
      const output = renderCheck({ page: filledWith(words, times) })
      expect(bytesOf(output.summary)).toBeLessThanOrEqual(65_535)
      expect(bytesOf(output.text ?? "")).toBeLessThanOrEqual(65_535)
      expect([...output.title].length).toBeLessThanOrEqual(120)
    }),
    { numRuns: 40 },
  )
})

test.each([0, 1, 500])("%i long changes and approvals fit, and what is missing is said", (times) => {
  const output = renderCheck({ page: filledWith("ü".repeat(300), times) })
  expect(bytesOf(output.summary)).toBeLessThanOrEqual(65_535)
  expect(bytesOf(output.text ?? "")).toBeLessThanOrEqual(65_535)
  if (times === 500) {
    expect(output.summary).toContain("too long for GitHub")
    expect(output.text).toContain("notes are shortened")
    const open = (output.text ?? "").match(/<details>/g)?.length ?? 0
    expect((output.text ?? "").match(/<\/details>/g)?.length ?? 0).toBe(open)
  }
})
