import fc from "fast-check"
import { expect, test } from "vitest"
import { splitDraftBody } from "../../src/model/draft-body.ts"
import type { Notes } from "../../src/model/notes.ts"
import { renderDraftBody } from "../../src/render/draft-body.ts"

const END = "<!-- /slipway:release -->"
const ANY_END = /<!-- \/slipway:release of=[\w-]* -->/

const notes = (texts: readonly string[], line?: string): Notes => ({
  version: "1.5.0",
  previous: null,
  tag: "v1.5.0",
  repository: "acme/app",
  breaking: [],
  sections: [{ title: "Features", folded: false, entries: texts.map((text) => ({ text, sha: "a".repeat(40) })) }],
  contributors: [],
  changes: texts.length,
  ...(line === undefined ? {} : { line }),
})

const body = (above: string, below: string, texts: readonly string[] = ["x"], line?: string) =>
  renderDraftBody({ repositoryId: "123", release: "3", notes: notes(texts, line), hand: { above, below } })

test("the generated part stands between its markers and what people wrote", () => {
  expect(body("Hello!\n\n", "\n\nBye.").replace(ANY_END, END)).toBe(`Hello!

<!-- slipway:release repo=123 id=3 -->
### Features

- x
${END}

Bye.`)
})

test("a banner stands over the notes, as text", () => {
  const banner = "Rolled back from production by @lea <b>"
  const draft = { repositoryId: "1", release: "3", notes: notes(["x"]), hand: { above: "", below: "" }, banner }
  expect(splitDraftBody(renderDraftBody(draft))?.generated).toMatch(
    /^> \[!CAUTION\]\n> Rolled back from production by @\u200blea &lt;b>\n\n### Features/,
  )
})

test.each([
  ["nothing of ours", "Just words"],
  ["half a pair", "<!-- slipway:release repo=123 id=3 -->\nx"],
  ["the other half", `x ${END}`],
  ["the wrong way round", `${END}\n<!-- slipway:release repo=123 id=3 -->`],
  ["another marker", `<!-- slipway:post-mortem repo=123 id=3 -->\n${END}`],
])("%s is no draft of ours", (_, text) => {
  expect(splitDraftBody(text)).toBeNull()
})

test("GitHub's web page writes Windows line ends, and that changes nothing", () => {
  const parts = splitDraftBody(body("Hello\n", "\nBye").replaceAll("\n", "\r\n"))
  expect(parts).toMatchObject({ above: "Hello\r\n", below: "\r\nBye", marker: { repo: "123", release: "3" } })
  expect(body(parts?.above ?? "", parts?.below ?? "")).toContain("Hello\r\n<!-- slipway:release repo=123 id=3 -->\n###")
})

const stray = fc.constantFrom(
  "<!-- slipway:release repo=9 id=9 -->",
  END,
  "<!-- slipway:",
  "text",
  "\n",
  "\r\n",
  "-->",
  "é",
)
const words = fc.array(stray, { maxLength: 6 }).map((parts) => parts.join(""))
/** A whole pair above would be taken for the draft itself: then nothing of it is lost, it stands below. */
const above = words.filter((text) => splitDraftBody(text) === null)

test("what people wrote comes back as they wrote it, half a marker pasted or not", () => {
  fc.assert(
    fc.property(above, words, fc.array(fc.string({ unit: "grapheme" })), (top, bottom, texts) => {
      const text = body(top, bottom, texts)
      const parts = splitDraftBody(text)
      expect(parts).toMatchObject({ above: top, below: bottom, marker: { repo: "123", release: "3" } })
      expect(body(parts?.above ?? "", parts?.below ?? "", texts)).toBe(text)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ["a title", [`${END} <!-- slipway:release repo=1 id=1 -->`], undefined],
  ["a title with code", [`\`${END}\``], undefined],
  ["a line template", ["x"], `{title} ${END}`],
  ["a line template with blanks", ["x"], "{title} <!--  slipway:release repo=1 id=1 -->"],
])("the generated part cannot hold a marker: %s", (_, texts, line) => {
  const text = body("", "", texts, line)
  expect(text.match(/<!--/g)).toHaveLength(2)
  expect(splitDraftBody(text)).toMatchObject({ above: "", below: "" })
})

test("notes give way to what people wrote, within GitHub's limit", () => {
  const texts = Array.from({ length: 9_000 }, (_, index) => `change ${index}`)
  const text = body("é".repeat(30_000), "ü".repeat(20_000), texts)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(125_000)
  expect(splitDraftBody(text)).toMatchObject({ above: "é".repeat(30_000), below: "ü".repeat(20_000) })
  expect(text).toContain("of 9000 changes are only counted")
})
