import { describe, expect, test } from "vitest"
import type { BulletinNews } from "../../src/model/bulletin.ts"
import { renderMail } from "../../src/render/mail.ts"
import { bulletin, NEWS } from "./bulletins.ts"
import { HOSTILE } from "./pages.ts"

const SUBJECT = "acme/shop 2.5.0 — Spring release"
const mail = (more: Parameters<typeof bulletin>[0] = {}, event = "announced", subject = SUBJECT) =>
  renderMail({ subject, event, bulletin: bulletin(more) })

/** What a reader sees of the HTML. */
const seen = (html: string): string =>
  html
    .replace(/<head>.*<\/head>/s, "")
    .replace(/<[^>]*>/g, "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")

test.each<[BulletinNews["is"], readonly string[]]>([
  [
    "coming",
    [
      "shop 2.5.0 is coming",
      "shop 2.5.0 is planned for Monday 30 November 2026, 09:00 (Europe/Berlin).",
      "Code freeze: Monday 23 November 2026, 01:00 (Europe/Berlin)",
      "Changes: 1 breaking change, 2 features, 5 fixes and 1 other change",
      "  - Pay by invoice",
      "  - the old checkout is gone",
      "Release notes: https://github.com/acme/shop/releases",
    ],
  ],
  ["published", ["shop 2.5.0 was published by cleo on Monday 30 November 2026, 11:00 (Europe/Berlin)."]],
  ["live", ["shop 2.5.0 is live in production.", "production: live since Monday 30 November 2026, 11:12"]],
  [
    "rolled back",
    [
      "shop 2.5.0 was taken out of production again: 2.4.1 is live there, as it was before.",
      "Rolled back from: 2.5.0",
      "Rolled back to: 2.4.1",
      "By: kim",
      "Reason: 2.5.0 was judged bad",
    ],
  ],
])("the e-mail of a release that is %s", (is, says) => {
  const { text, html } = mail({ news: NEWS[is] })
  for (const one of says) expect(text).toContain(one)
  for (const line of text.split("\n").filter((it) => it.trim() !== "" && it !== "-- "))
    for (const part of line
      .replace(/^ {2}- /, "")
      .split(/: (?=\S)/)
      .slice(0, 1))
      expect(seen(html)).toContain(part.replace(/:$/, ""))
})

test("all e-mails of a release have one subject, as answers to the first", () => {
  expect(mail().subject).toBe(SUBJECT)
  for (const event of ["published", "rolled-back-1"]) expect(mail({}, event).subject).toBe(`Re: ${SUBJECT}`)
})

test("the same in summer and in winter, each by its own clock", () => {
  const at = (iso: string) => mail({ news: { is: "published", at: iso, by: "cleo" } }).text
  expect(at("2026-10-25T00:30:00Z")).toContain("25 October 2026, 02:30 (Europe/Berlin)")
  expect(at("2026-10-25T01:30:00Z")).toContain("25 October 2026, 02:30 (Europe/Berlin)")
  expect(at("2026-10-25T02:30:00Z")).toContain("25 October 2026, 03:30 (Europe/Berlin)")
})

test("what is long is folded, with its true count", () => {
  const { text, html } = mail({ features: Array.from({ length: 60 }, (_, n) => `Feature ${n}`), breaking: [] })
  expect(text).toContain("  - Feature 14\n  … and 45 more")
  expect(seen(html)).toContain("… and 45 more")
  expect(text).not.toContain("Breaking changes")
})

test.each([
  ["nothing", { name: "", features: [], breaking: [], counts: { features: 0, fixes: 0, other: 0, breaking: 0 } }],
  ["40,000 characters", { name: "n".repeat(40_000), features: ["f".repeat(40_000)], breaking: ["b".repeat(40_000)] }],
  ["every script", { features: ["支払い", "الدفع", "тест", "👩‍👩‍👧", "ส่ง"], name: "Ἀθῆναι" }],
  ["no address", { name: "Spring", url: "javascript:alert(1)" }],
])("an e-mail of %s", (_, more) => {
  const { subject, text, html } = mail({ ...more, previous: null }, "announced", `acme/shop 2.5.0 — ${more.name}`)
  expect(subject.length).toBeLessThanOrEqual(200)
  expect(text.length).toBeLessThan(5_000)
  expect(html.length).toBeLessThan(12_000)
  expect(html).not.toContain("javascript:")
})

describe("text from outside is text", () => {
  const ATTACKS = [
    ...HOSTILE,
    "\r\nBcc: eve@evil.example\r\n\r\nhello",
    "\u2028Bcc: eve@evil.example",
    "</td></table><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!-- ",
    "\u202egnp.exe",
    "=?utf-8?Q?=0D=0ABcc:_eve=40evil.example?=",
    "\u0000\u001b[31m",
  ]

  const written = (text: string) => {
    const news: BulletinNews[] = [
      { is: "coming", timeline: [{ what: text, at: text }], date: text },
      { is: "published", at: text, by: text },
      { is: "live", environments: [{ name: text, since: text }] },
      { is: "rolled back", environment: text, to: text, by: text, at: text, because: text },
    ]
    const of = { name: text, component: text, version: text, previous: text, features: [text], breaking: [text] }
    return news.map((one) => mail({ ...of, news: one, url: text }, "published", text))
  }
  const tagsOf = (html: string) => [...html.matchAll(/<[a-z!/][a-z0-9]*/gi)].map(([tag]) => tag.toLowerCase())

  test.each(ATTACKS)("%j", (text) => {
    const harmless = written("x")
    for (const [at, { subject, text: body, html }] of written(text).entries()) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(`${subject}${body.replaceAll("\n", "")}`).not.toMatch(/[\u0000-\u001f\u007f\u2028\u2029\u202e]/)
      expect(body.split("\n").length).toBe(harmless[at]?.text.split("\n").length)
      expect(tagsOf(html)).toEqual(tagsOf(harmless[at]?.html ?? ""))
    }
  })
})
