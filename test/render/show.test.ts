import fc from "fast-check"
import { expect, test } from "vitest"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { checkHtml, issueHtml, releaseHtml } from "../../src/render/html-github.ts"
import { pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import { markdownHtml } from "../../src/render/html-text.ts"
import { renderNotes } from "../../src/render/notes.ts"
import { renderPostMortem } from "../../src/render/post-mortem.ts"
import { renderReply } from "../../src/render/reply.ts"
import { checkForTerminal, markdownForTerminal, threadForTerminal } from "../../src/render/terminal.ts"
import { widthOf } from "../../src/render/terminal-text.ts"
import type { CheckView, ThreadView } from "../../src/render/views.ts"
import { textOf, toHtml } from "./github-markdown.ts"
import { filledWith, HOSTILE, notesOf, readiness } from "./pages.ts"

const PLAIN = { colour: false, width: 100 }
const at = "2026-11-30T10:12:00Z"

const check = (more: Partial<CheckView> = {}): CheckView => ({
  name: "Slipway / readiness",
  sha: "c".repeat(40),
  conclusion: "action_required",
  ...renderCheck({ page: readiness() }),
  buttons: [{ label: "Approve", description: "Release 1.5.0" }],
  ...more,
})

const thread = (text: string): ThreadView => ({
  channel: "#releases",
  first: {
    at,
    edited: true,
    blocks: renderAnnouncement({
      repository: "acme/shop",
      version: text,
      previous: text,
      name: text,
      type: "minor",
      state: "cut",
      says: text,
      features: [{ id: text, name: text, status: "ready" }],
      fixes: { count: 1 },
      counts: { features: 1, fixes: 1, other: 0, breaking: 0 },
      tests: [{ name: text, state: "passed" }],
      timeline: [],
      environments: [{ name: text, says: text }],
      links: { release: "https://github.com/acme/shop/releases", check: text },
    }).blocks,
  },
  replies: [
    { at, broadcast: true, blocks: renderReply({ is: "approved", by: text, sha: text, at, covers: text }).blocks },
  ],
})

test("a check run as its page: name, conclusion, buttons, title, table", () => {
  const html = checkHtml(check())
  for (const part of [
    "<b>Slipway / readiness</b>",
    "<code>ccccccc</code>",
    "action required",
    "<b>Approve</b><small>Release 1.5.0</small>",
    '<h2 class="title">1.5.0 waits for approvals</h2>',
    "<td>✅ passed</td>",
  ])
    expect(html).toContain(part)
})

test("a check run in the terminal: framed, every line as wide as the frame", () => {
  const text = checkForTerminal(check(), PLAIN)
  const lines = text.split("\n")
  expect(lines[0]).toMatch(/^╭─ Slipway \/ readiness on ccccccc ─+╮$/)
  expect(new Set(lines.map(widthOf))).toEqual(new Set([100]))
  for (const part of ["⚠️ 1.5.0 waits for approvals  (action required)", "[ Approve ]", "1 of 2 passed", "all 2 passed"])
    expect(text).toContain(part)
  expect(text).not.toContain("\u001b")
  expect(checkForTerminal(check(), { colour: true })).toContain("\u001b[1m")
})

test("a thread in the terminal: the first message, then replies", () => {
  const text = threadForTerminal(thread("1.5.0"), PLAIN)
  expect(text).toMatch(
    /#releases[\s\S]*\(edited\)[\s\S]*\[ Release notes \][\s\S]*also sent to the channel[\s\S]*Approved by @1\.5\.0/,
  )
})

const documents: readonly [string, string][] = [
  ["a readiness page", renderCheck({ page: readiness() }).summary],
  ["a full page", renderCheck({ page: filledWith("calm `code` words") }).summary],
  ["its text", renderCheck({ page: filledWith("some words") }).text ?? ""],
  ["hostile pages", HOSTILE.map((text) => renderCheck({ page: filledWith(text) }).summary).join("\n\n")],
  [
    "notes",
    renderNotes(
      notesOf(["a", "b `c`", ...HOSTILE], {
        breaking: [{ text: "gone", sha: "a", migration: "Use *this*.\n\nOr that." }],
      }),
    ),
  ],
  [
    "a post-mortem",
    renderPostMortem(
      {
        notice: {
          is: "rolled back",
          service: "s",
          environment: "e",
          from: { version: "2", sha: "a" },
          to: { version: "1", sha: "b" },
          by: "kim",
          because: "it",
          begun: at,
          ended: at,
          next: "n",
        },
        release: "2",
        timeline: [{ at, what: "x" }],
        changes: [],
        gates: [],
        approvals: [],
        channels: [],
        times: { sign: { at, what: "x" }, asked: at, over: { at, verified: false } },
        releaseUrl: "https://github.com/r",
      },
      "1",
      [],
    ).body,
  ],
  [
    "what people write",
    "Hello **all**,\n\n1. one\n2. two\n\n```\n<b>code</b>\n```\n\n> quoted\n\n---\n\n- a\n  - b\n- [x] done",
  ],
]

/** Tags of an HTML text that say how it is read; frames of ours and attributes aside. */
const structure = (html: string): string[] =>
  [
    ...html
      .replace(/<div class="scroll">|<input[^>]*>/g, "")
      .matchAll(/<(h\d|strong|em|del|code|a|li|ol|ul|td|th|tr|details|summary|blockquote|pre|hr)\b/g),
  ].map((m) => m[1] ?? "")

test.each(documents)("%s reads here as it does on GitHub", (_, markdown) => {
  const ours = markdownHtml(markdown)
  const theirs = toHtml(markdown)
  expect(textOf(ours.replace(/&#39;/g, "'"))).toBe(
    textOf(theirs.replace(/<!--[\s\S]*?-->/g, "").replace(/\[!\w+\]/g, "")),
  )
  expect(structure(ours)).toEqual(structure(theirs))
})

/** Tags that no page of ours has, attributes that run, and addresses that lead elsewhere than to the web. */
const evilIn = (html: string): string[] => [
  ...(html.match(/<(?:script|img|iframe|svg|object|base|form)\b/gi) ?? []),
  ...[...html.matchAll(/<[a-z][^>]*>/gi)]
    .map(([tag]) => tag.replace(/"[^"]*"/g, '""'))
    .filter((tag) => /\son\w+=/i.test(tag)),
  ...[...html.matchAll(/href="([^"]*)"/g)].map((m) => m[1] ?? "").filter((url) => !/^(?:https?:|#)/.test(url)),
]

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))(
  "hostile text is text in the page and in the terminal: %j",
  (_, text) => {
    const html = [
      checkHtml(
        check({
          name: text,
          title: text,
          summary: text,
          text,
          conclusion: text,
          buttons: [{ label: text, description: text }],
          annotations: [{ path: text, start_line: 1, message: text }],
        }),
      ),
      releaseHtml({ name: text, tag: text, is: "draft", body: text }),
      issueHtml({
        number: 1,
        title: text,
        body: text,
        labels: [text],
        comments: [{ by: text, body: text }],
        files: [{ path: text, text }],
      }),
      threadHtml({ ...thread(text), channel: text }),
      pageHtml(text, text, [{ id: text, heading: text, says: text, html: "" }]),
    ].join("\n")
    expect(evilIn(html)).toEqual([])
    const shown = [
      checkForTerminal(check({ title: text, summary: text, text, name: text }), PLAIN),
      threadForTerminal(thread(text), PLAIN),
      markdownForTerminal(text, PLAIN),
    ].join("\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  },
)

test("no Markdown breaks the reader, and none brings in a tag that was not meant", () => {
  const words = fc.array(
    fc.constantFrom(
      "*",
      "**",
      "_",
      "~~",
      "`",
      "[",
      "](https://x.test)",
      "](javascript:x)",
      "|",
      "\n",
      "\n\n",
      "- ",
      "> ",
      "<b>",
      "<details>",
      "</details>",
      "<!--",
      "-->",
      "# ",
      "a",
      " ",
      "\\",
      "&lt;",
      "1. ",
      "```\n",
      "| --- |",
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(words, (parts) => {
      const html = markdownHtml(parts.join(""))
      expect(html).not.toMatch(/<b>|href="javascript/)
      const open = [...html.matchAll(/<(\w+)[^>]*?>/g)]
        .map((m) => m[1])
        .filter((tag) => tag !== "br" && tag !== "hr" && tag !== "input")
      const closed = [...html.matchAll(/<\/(\w+)>/g)].map((m) => m[1])
      expect(closed.sort()).toEqual(open.sort())
      const lines = markdownForTerminal(parts.join(""), { colour: false, width: 40 }).split("\n")
      expect(lines.every((line) => widthOf(line) <= 60)).toBe(true)
    }),
    {
      numRuns: 300,
      examples: [[["```\n", "](javascript:x)", "](javascript:x)", "](javascript:x)", "](https://x.test)"]]],
    },
  )
})

test("the page stands alone", () => {
  const html = pageHtml("Slipway", "intro", [{ id: "one", heading: "One", says: "says", html: "<p>x</p>" }])
  expect(html).toContain("default-src 'none'")
  expect(html).not.toMatch(/<(?:script|link|img)\b|@import|url\(/)
  expect(html).toContain('<a href="#one">One</a>')
})
