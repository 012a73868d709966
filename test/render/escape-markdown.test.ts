import fc from "fast-check"
import { expect, test } from "vitest"
import { escapeMarkdown } from "../../src/render/escape-markdown.ts"
import { tagsOf, textOf, toHtml } from "./github-markdown.ts"

/** What GitHub looks for after Markdown is rendered: in each text outside of code, which code keeps apart. */
const outsideCode = (html: string): string => html.replace(/<code>.*?<\/code>/gs, " ")
const MENTION = /@[A-Za-z0-9]/
const FOREIGN_REFERENCE = /[\w.-]#\d/

test.each([
  ["an image", "![x](https://evil.example/x.png)"],
  ["a script link", "[x](javascript:alert(1))"],
  ["HTML", "<img src=x onerror=alert(1)> <b>"],
  ["a comment", "<!-- hidden -->"],
  ["an autolink", "<https://evil.example>"],
  ["a bare address", "see https://evil.example/a_b and www.evil.example or me@evil.example"],
  ["a heading", "# Big"],
  ["a list", "- a"],
  ["a numbered list", "1. a"],
  ["another one", "12) a"],
  ["a rule", "---"],
  ["a quotation", "> a"],
  ["a task", "[ ] a"],
  ["a footnote", "[^1]: a"],
  ["a table cell", "a | b"],
  ["emphasis", "*a* **b** _c_ __d__ ~e~ ~~f~~"],
  ["backticks that do not end", "a ` b"],
  ["a fence", "```js"],
  ["a fence of another kind", "~~~ js"],
  ["an entity", "&lt;b&gt; &#60;b&#62;"],
  ["a backslash", "a\\"],
  ["backslashes before a mark", "\\*a\\*"],
  ["a line break", "a\nb\r\nc\u2028d"],
  ["a link over two lines", "[a\n](b)"],
  ["a formula", "$a$ $$b$$"],
  ["a reference", "[a][b]"],
])("%s is shown as it is written", (_, text) => {
  const html = toHtml(escapeMarkdown(text))
  expect(tagsOf(html)).toEqual(["<p", "</p"])
  expect(textOf(html)).toBe(text.replace(/\s+/gu, ""))
})

test.each([
  ["a person", "thanks @lea"],
  ["a team", "ask @acme/sre"],
  ["a package", "bump @types/node"],
  ["an address", "lea@example.com"],
  ["behind a backslash", "\\@lea"],
  ["behind a dot", ".@lea"],
  ["twice", "@@lea"],
])("%s is not notified", (_, text) => {
  expect(toHtml(escapeMarkdown(text))).not.toMatch(MENTION)
})

test.each([
  ["issues of others", "acme/app#12", "acme/app\u200b#12"],
  ["its own issues, which stay", "fixes #12 (#13)", "fixes #12 (#13)"],
  ["names with underscores, which stay", "use snake_case_names", "use snake_case_names"],
  ["code, which stays", "fix: `a_*b* @types/node <b>` now", "fix: `a_*b* @types/node <b>` now"],
  ["code with a marker, which does not", "`<!-- slipway:release -->`", "\\`&lt;!-- slipway:release --&gt;\\`"],
  ["arrows, which stay", "a -> b => c", "a -> b => c"],
  ["emoji, which stay whole", "🎉 👩‍👩‍👧 done", "🎉 👩‍👩‍👧 done"],
  ["half an emoji", "a\ud83d", "a\ufffd"],
  ["text from right to left, isolated", "fix שלום now", "\u2068fix שלום now\u2069"],
  ["characters that reorder, taken out", "a\u202eb\u2066c", "abc"],
  ["NUL and colours", "a\0b\u001b[31mc", "a b \\[31mc"],
])("%s", (_, text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected)
})

test("a long title survives whole", () => {
  expect(escapeMarkdown("é".repeat(1_000))).toBe("é".repeat(1_000))
})

const marks = fc.constantFrom(
  ...["*", "_", "`", "~", "[", "]", "(", ")", "!", "<", ">", "|", "#", "@", "&", "\\", "$", ":", "//", "-", "+", "."],
  ...[
    "a",
    "lea",
    "1",
    " ",
    "\n",
    "<!--",
    "-->",
    "http",
    "www.",
    "javascript:",
    "x.y",
    "&amp",
    ";",
    "é",
    "=",
    '"',
    "```",
  ],
)
const hostile = fc.oneof(
  fc.array(marks, { maxLength: 30 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 60 }),
)
const allowed = (...tags: string[]) => [...tags.flatMap((tag) => [`<${tag}`, `</${tag}`]), "<code", "</code"]

test.each([
  ["a paragraph", (text: string) => text, allowed("p")],
  ["a list item", (text: string) => `- ${text}\n- end`, allowed("ul", "li")],
  [
    "a quotation in a list item",
    (text: string) => `- a\n  > ${text}\\\n  > b`,
    [...allowed("ul", "li", "blockquote", "p"), "<br"],
  ],
  ["a table cell", (text: string) => `| a |\n| - |\n| ${text} |`, allowed("table", "thead", "tbody", "tr", "th", "td")],
])("whatever the text, in %s it is text", (_, within, tags) => {
  fc.assert(
    fc.property(hostile, (text) => {
      const html = toHtml(within(escapeMarkdown(text)))
      expect(tagsOf(html).filter((tag) => !tags.includes(tag))).toEqual([])
      expect(outsideCode(html)).not.toMatch(MENTION)
      expect(outsideCode(html).replace(/&#\d/g, "")).not.toMatch(FOREIGN_REFERENCE)
      expect(escapeMarkdown(text)).not.toContain("<!--")
    }),
    { numRuns: 1_500 },
  )
})

test("whatever the text, it is still there", () => {
  const seen = (text: string) => text.replace(/[`\s\p{Cc}\p{Cf}\ud800-\udfff\ufffd]+/gu, "")
  fc.assert(
    fc.property(hostile, (text) => {
      expect(seen(textOf(toHtml(`x ${escapeMarkdown(text)}`)))).toBe(seen(`x${text}`))
    }),
    { numRuns: 1_500 },
  )
})
