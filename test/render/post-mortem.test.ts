import { expect, test } from "vitest"
import type { PostMortem } from "../../src/model/message.ts"
import { postMortemMarker, renderPostMortem } from "../../src/render/post-mortem.ts"
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
  releaseUrl: "https://github.com/acme/shop/releases/tag/v1.5.0",
  ...more,
})

test("title, marker, timeline, changes, and what people are to fill in", () => {
  const { title, body } = renderPostMortem(report(), "11:7")
  expect(title).toBe("Post-mortem: 1.5.0 rolled back from production on 2026-11-30")
  expect(body.startsWith("<!-- slipway:post-mortem 11:7 -->\n")).toBe(true)
  for (const part of [
    "**acme/shop** in **production** was rolled back from **1.5.0** (`ccccccc`) to **1.4.2** (`eeeeeee`) by kim, 2026-11-30 10:14 UTC – 2026-11-30 10:18 UTC (4 min).",
    "| 2026-11-30 10:12 UTC | deployment to production: failure |",
    "- pay by invoice (#12) by lea",
    "- a direct commit",
    "[release 1.5.0](https://github.com/acme/shop/releases/tag/v1.5.0)",
    "## Causes",
    "## Actions\n\n- [ ]",
  ])
    expect(body).toContain(part)
  expect(body).not.toContain("@")
})

test("the issue in which the rollback was asked for is named", () => {
  expect(renderPostMortem(report({ issue: 7 }), "11:7").body).toContain("**Asked for in:** #7")
})

test("nothing recorded is said", () => {
  const { body } = renderPostMortem(report({ timeline: [], changes: [] }), "11:7")
  expect(body.match(/_Nothing was recorded\._/g)).toHaveLength(2)
})

test("a marker holds nothing that could end its comment", () => {
  expect(postMortemMarker("1:7 --><b>")).toBe("<!-- slipway:post-mortem 1:7--b -->")
})

test("500 changes fit, with the true count of those left out", () => {
  const changes = Array.from({ length: 500 }, (_, at) => ({ text: "x".repeat(400), number: at, author: "lea" }))
  const { body } = renderPostMortem(report({ changes }), "11:7")
  expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(65_536)
  const short = renderPostMortem(report({ changes: changes.map((c) => ({ ...c, text: "short" })) }), "11:7").body
  expect(short).toContain("- … and 300 more changes")
})

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("hostile text comes out as text: %j", (_, text) => {
  const calm = new Set(tagsOf(toHtml(renderPostMortem(report(), "11:7").body)))
  const { notice } = report()
  const hostile = report({
    notice: { ...notice, service: text, environment: text, by: text, because: text, next: text, begun: text },
    timeline: [{ at: text, what: text }],
    changes: [{ text, author: text }],
    releaseUrl: text,
  })
  const { title, body } = renderPostMortem(hostile, text)
  expect(tagsOf(toHtml(body)).filter((tag) => !calm.has(tag) && tag !== "<code" && tag !== "</code")).toEqual([])
  expect(body).not.toMatch(/@[A-Za-z]/)
  expect(toHtml(body)).not.toMatch(/(?:href|src)="(?!https:\/\/github\.com\/)/)
  expect(title.length).toBeLessThanOrEqual(256)
})
