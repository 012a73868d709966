import { expect, test } from "vitest"
import type { AuditRecord } from "../../src/model/audit-chain.ts"
import type { PostMortem } from "../../src/model/post-mortem.ts"
import { postMortemMarker, renderPostMortem } from "../../src/render/post-mortem.ts"
import { renderPostMortemNote } from "../../src/render/post-mortem-note.ts"
import { tagsOf, toHtml } from "./github-markdown.ts"
import { HOSTILE } from "./pages.ts"

const report = (more: Partial<PostMortem> = {}): PostMortem => ({
  notice: {
    is: "rolled back",
    service: "acme/shop",
    environment: "production",
    from: { version: "1.5.0", sha: "c".repeat(40) },
    to: { version: "1.4.2", sha: "e".repeat(40) },
    by: "kim",
    because: "deployment of 1.5.0 failed",
    begun: "2026-11-30T10:14:00Z",
    ended: "2026-11-30T10:18:00Z",
    next: "Find out why.",
  },
  timeline: [
    { at: "2026-11-30T10:00:00Z", what: "published by kim" },
    { at: "2026-11-30T10:12:00Z", what: "deployment to production: failure" },
  ],
  changes: [{ text: "pay by invoice", number: 12, author: "lea" }, { text: "a direct commit" }],
  release: "2",
  releaseUrl: "https://github.com/acme/shop/releases/tag/v1.5.0",
  gates: [{ name: "checks", state: "passed", because: "unit passed" }],
  approvals: [{ by: "kim", at: "2026-11-30T09:58:00Z", says: "covers 2 changes" }],
  channels: ["#releases"],
  times: {
    live: "2026-11-30T10:02:00Z",
    sign: { at: "2026-11-30T10:12:00Z", what: "its deployment to production failed" },
    asked: "2026-11-30T10:14:00Z",
    over: { at: "2026-11-30T10:18:00Z", verified: true },
  },
  ...more,
})

test("title, marker, timeline, changes, and what people are to fill in", () => {
  const { title, body } = renderPostMortem(report(), "11:7", [])
  expect(title).toBe("Post-mortem: 1.5.0 rolled back from production on 2026-11-30")
  expect(body.startsWith("<!-- slipway:post-mortem 11:7 -->\n")).toBe(true)
  for (const part of [
    "**acme/shop** in **production** was rolled back from **1.5.0** (`ccccccc`) to **1.4.2** (`eeeeeee`) by kim, 2026-11-30 10:14 UTC – 2026-11-30 10:18 UTC (4 min).",
    "| 2026-11-30 10:12 UTC | deployment to production: failure |",
    "- pay by invoice (#12) by lea",
    "- a direct commit",
    "[release 1.5.0](https://github.com/acme/shop/releases/tag/v1.5.0)",
    "## Causes",
    "| Detection | live 2026-11-30 10:02 UTC | 2026-11-30 10:12 UTC: its deployment to production failed | 10 min |",
    "| Recovery | asked for 2026-11-30 10:14 UTC | 2026-11-30 10:18 UTC: shown to be well | 4 min |",
    "- checks: ✅ passed, unit passed",
    "- kim approved on 2026-11-30 09:58 UTC: covers 2 changes",
    "- its thread, all along, in \\#releases",
    "\n\n- [ ] _What is done, by whom, until when?_",
  ])
    expect(body).toContain(part)
  expect(body).not.toContain("@")
})

test("the issue in which the rollback was asked for is named", () => {
  expect(renderPostMortem(report({ issue: 7 }), "11:7", []).body).toContain("**Asked for in:** #7")
})

test("nothing recorded is said", () => {
  const { body } = renderPostMortem(report({ timeline: [], changes: [] }), "11:7", [])
  expect(body.match(/_Nothing was recorded\._/g)).toHaveLength(2)
})

test("a marker holds nothing that could end its comment", () => {
  expect(postMortemMarker("1:7 --><b>")).toBe("<!-- slipway:post-mortem 1:7--b -->")
})

test("a rollback that failed is told as one, and is not over", () => {
  const { live, sign, asked } = report().times
  const { title, body } = renderPostMortem(
    report({ failed: "its deployment ended as “failure”", times: { ...(live ? { live } : {}), sign, asked } }),
    "11:7",
    [],
  )
  expect(title).toBe("Post-mortem: 1.5.0 not rolled back from production on 2026-11-30")
  expect(body).toContain("was **not** rolled back, though it was tried, from **1.5.0**")
  expect(body).toContain("The rollback failed: its deployment ended as “failure”")
  expect(body).toContain("| Recovery | asked for 2026-11-30 10:14 UTC | not over: the rollback failed | – |")
})

const record = (what: string, facts: AuditRecord["entry"]["facts"], by?: string): AuditRecord => ({
  repository: "11",
  sequence: 1,
  version: "1",
  at: "2026-11-30T10:13:00.000Z",
  entry: { what, facts, release: "2", ...(by === undefined ? {} : { by }) },
  previous: "",
  hash: "",
})

test("the audit trail tells the timeline, what was asked at the entry, and who was told", () => {
  const { body } = renderPostMortem(report(), "11:7", [
    record("rollback begun", { environment: "production", to: "1.4.2", because: "it is slow" }, "kim"),
    record("live", { environment: "production", at: "2026-11-30T10:02:00Z" }),
    record("click did not count", { because: "nobody knows why" }),
    record("deployment approved", { environment: "production", gates: ["soak: passed, it soaked for an hour"] }),
    record("stakeholders told", { of: "published", addresses: 3 }),
    record("audience told", { by: "slack", audience: "engineering", places: 1 }),
    record("audience not told", { by: "email", audience: "customers", because: "no mail server is set" }),
  ])
  for (const part of [
    "| 2026-11-30 10:02 UTC | live in production |\n| 2026-11-30 10:13 UTC | rollback begun in production, to 1.4.2 by kim: it is slow |",
    "When it asked to enter:\n\n- 2026-11-30 10:13 UTC: deployment approved, production\n- soak: passed, it soaked for an hour",
    "- 2026-11-30 10:13 UTC: e-mail to 3 stakeholders: published",
    "- 2026-11-30 10:13 UTC: engineering by slack, 1 place",
    "- 2026-11-30 10:13 UTC: not told: customers by email, no mail server is set",
  ])
    expect(body).toContain(part)
  expect(body).not.toContain("nobody knows why")
})

const size = (text: string) => new TextEncoder().encode(text).length

test("500 of everything fit, with the true counts of what is left out, and people find their sections", () => {
  const long = "x<y ".repeat(100)
  const changes = Array.from({ length: 500 }, (_, at) => ({ text: long, number: at, author: "lea" }))
  const records = Array.from({ length: 500 }, () => record("live", { environment: long, because: long }))
  const { body } = renderPostMortem(report({ changes }), "11:7", records)
  expect(size(body)).toBeLessThanOrEqual(65_536)
  const shown = (body.match(/ by lea$/gm) ?? []).length
  expect(body).toContain(`- … and ${500 - shown} more changes`)
  const events = (body.match(/^\| 2026-11-30 10:13 UTC/gm) ?? []).length
  expect(body).toContain(`… ${500 - events} earlier events left out`)
  expect(body).toContain("## Actions")
  const short = renderPostMortem(report({ changes: changes.map((c) => ({ ...c, text: "short" })) }), "11:7", []).body
  expect(short).toContain("- … and 300 more changes")
})

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("hostile text comes out as text: %j", (_, text) => {
  const calm = new Set(tagsOf(toHtml(renderPostMortem(report(), "11:7", []).body)))
  const { notice } = report()
  const hostile = report({
    notice: { ...notice, service: text, environment: text, by: text, because: text, next: text, begun: text },
    failed: text,
    timeline: [{ at: text, what: text }],
    changes: [{ text, author: text }],
    gates: [{ name: text, state: "failed", because: text }],
    approvals: [{ by: text, at: text, says: text }],
    channels: [text],
    times: { live: text, sign: { at: text, what: text }, asked: text },
    releaseUrl: text,
  })
  const told = {
    environment: text,
    because: text,
    at: text,
    to: text,
    audience: text,
    by: text,
    of: text,
    gates: [text],
  }
  const records = ["audience told", "audience not told", "stakeholders told", text].map((what) =>
    record(what, told, text),
  )
  const { title, body } = renderPostMortem(hostile, text, records)
  expect(tagsOf(toHtml(body)).filter((tag) => !calm.has(tag) && tag !== "<code" && tag !== "</code")).toEqual([])
  expect(body).not.toMatch(/@[A-Za-z]/)
  expect(toHtml(body)).not.toMatch(/(?:href|src)="(?!https:\/\/github\.com\/)/)
  expect(title.length).toBeLessThanOrEqual(256)
})

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))(
  "hostile text in a note comes out as text: %j",
  (_, text) => {
    const notice = {
      ...report().notice,
      service: text,
      environment: text,
      by: text,
      because: text,
      how: text,
      begun: text,
    }
    const body = renderPostMortemNote({ issue: "post-mortem:7", marker: text, notice, failed: text })
    expect(
      tagsOf(toHtml(body)).filter(
        (tag) => !["<!", "<p", "</p", "<strong", "</strong", "<code", "</code"].includes(tag),
      ),
    ).toEqual([])
    expect(toHtml(body).match(/<!--/g)).toHaveLength(1)
    expect(body).not.toMatch(/@[A-Za-z]/)
  },
)
