import fc from "fast-check"
import { expect, test } from "vitest"
import type { Notes, NotesEntry } from "../../src/model/notes.ts"
import { noteLine } from "../../src/render/note-line.ts"
import { fitNotes, renderNotes } from "../../src/render/notes.ts"
import { tagsOf, toHtml } from "./github-markdown.ts"

const entry = (text: string, more: Partial<NotesEntry> = {}): NotesEntry => ({ text, sha: "a".repeat(40), ...more })

const notes = (more: Partial<Notes> = {}): Notes => ({
  version: "1.5.0",
  previous: { version: "1.4.1", tag: "v1.4.1" },
  tag: "v1.5.0",
  repository: "acme/app",
  breaking: [],
  sections: [],
  contributors: [],
  compareUrl: "https://github.com/acme/app/compare/v1.4.1...v1.5.0",
  changes: 1,
  ...more,
})

const section = (title: string, folded: boolean, ...texts: string[]) => ({
  title,
  folded,
  entries: texts.map((text) => entry(text)),
})

test("notes in Markdown, breaking changes first, what is folded last", () => {
  const markdown = renderNotes(
    notes({
      breaking: [{ ...entry("drop v1", { scope: "api", number: 9, author: "lea" }), migration: "Use v2.\n\nOr *v3*." }],
      sections: [
        {
          title: "Features",
          folded: false,
          entries: [entry("add x", { number: 7, author: "ada", authorName: "Ada" })],
        },
        { title: "Bug Fixes", folded: false, entries: [entry("mend y", { authorName: "Mo <mo@example.com>" })] },
        section("Documentation", true, "explain z"),
        section("Other Changes", true, "Tidy up"),
      ],
      contributors: ["ada", "lea"],
    }),
  )
  expect(markdown).toBe(`### ⚠ Breaking Changes

- **api:** drop v1 (#9) by @lea
  > Use v2.
  >
  > Or \\*v3\\*.

### Features

- add x (#7) by @ada

### Bug Fixes

- mend y by Mo &lt;mo@\u200bexample.com>

<details>
<summary>2 other changes</summary>

#### Documentation

- explain z

#### Other Changes

- Tidy up

</details>

**Contributors:** @ada, @lea

**Full changelog:** https://github.com/acme/app/compare/v1.4.1...v1.5.0
`)
})

test("GitHub would show it as it is meant", () => {
  const html = toHtml(
    renderNotes(notes({ breaking: [{ ...entry("a"), migration: "b\nc" }], sections: [section("Docs", true, "d")] })),
  )
  const breaking = "<h3 </h3 <ul <li <blockquote <p <br </p </blockquote </li </ul"
  const folded = "<details <summary </summary <h4 </h4 <ul <li </li </ul </details"
  expect(tagsOf(html).join(" ")).toBe(`${breaking} ${folded} <p <strong </strong <a </a </p`)
})

test("where all is folded, nothing is", () => {
  const markdown = renderNotes(notes({ sections: [section("Other Changes", true, "Tidy up")] }))
  expect(markdown).toMatch(/^### Other Changes\n\n- Tidy up\n/)
  expect(markdown).not.toContain("<details>")
})

test("no changes", () => {
  const { compareUrl: _, ...bare } = notes({ changes: 0 })
  expect(renderNotes(bare)).toBe("No changes.\n")
})

test.each([
  ["everything", { number: 7, author: "ada" }, "{title} (#{number}) by @{author}", "x (#7) by @ada"],
  ["no number", { author: "ada" }, "{title} (#{number}) by @{author}", "x by @ada"],
  ["no author", { number: 7 }, "{title} (#{number}) by @{author}", "x (#7)"],
  ["nothing", {}, "{title} (#{number}) by @{author}", "x"],
  ["a name without a login", { authorName: "Ada L." }, "{title} by @{author}", "x by Ada L."],
  ["a login that is none", { author: "a b", authorName: "@ops" }, "{title} by @{author}", "x by @\u200bops"],
  ["an App", { author: "dependabot[bot]" }, "{title} by @{author}", "x by @dependabot\\[bot\\]"],
  ["another order", { number: 7, author: "ada" }, "[#{number}] {title}, {sha}", "[#7] x, aaaaaaa"],
  ["another order without", {}, "[#{number}] {title}", "x"],
  ["a scope", { scope: "api" }, "{title}", "**api:** x"],
  ["a scope of its own", { scope: "api" }, "{scope}: {title}", "api: x"],
  ["no such scope", {}, "{scope}: {title}", "x"],
  ["a type", { type: "fix" }, "{type}: {title}", "fix: x"],
  ["no such type", {}, "{type}: {title}", "x"],
  ["an end", { number: 7 }, "{title} (#{number})!", "x (#7)!"],
  ["a hostile scope", { scope: "a**\n# b" }, "{title}", "**a\\*\\* # b:** x"],
])("a line with %s", (_, more, template, line) => {
  expect(noteLine(entry("x", more), template)).toBe(line)
})

test.each([
  ["nothing", ""],
  ["blanks", " \n\t"],
  ["control characters", "\0\u001b"],
  ["marks that nobody sees", "\u200b\u202e\ufeff"],
])("a change that says %s has a line that says so", (_, text) => {
  expect(noteLine(entry(text, { number: 7, scope: "api" }), "{title} (#{number})")).toBe("**api:** (no message) (#7)")
})

const many = (count: number, text: string) => Array.from({ length: count }, (_, index) => entry(`${text} ${index}`))
const huge = (text = "change number, in some more words than usual") =>
  notes({
    changes: 4_030,
    breaking: many(30, "break").map((it) => ({ ...it, migration: "m".repeat(15_000) })),
    sections: [
      { title: "Features", folded: false, entries: many(1_000, text) },
      { title: "Bug Fixes", folded: false, entries: many(2_000, text) },
      { title: "Other Changes", folded: true, entries: many(1_000, text) },
    ],
    contributors: many(300, "p").map(({ text: name }) => name.replace(" ", "")),
  })

/** Lines that stand for one change, and what the text says of the rest. */
function tally(markdown: string) {
  const listed = markdown.split("\n").filter((line) => line.startsWith("- ") && !line.startsWith("- … and")).length
  const counted = [...markdown.matchAll(/^- … and (\d+) more change/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
  const said = Number(/: (\d+) of 4030 changes are only counted/.exec(markdown)?.[1])
  return { listed, counted, said }
}

test.each([
  ["plain text", "change number, in some more words than usual", 125_000],
  ["text of four bytes a character", "🎉".repeat(40), 125_000],
  ["little room", "change number", 3_000],
])("notes that are too long fold from the bottom, with true counts: %s", (_, text, limit) => {
  const markdown = fitNotes(huge(text), limit)
  const { listed, counted, said } = tally(markdown)
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit)
  expect(Buffer.byteLength(markdown)).toBeGreaterThan(limit * 0.8)
  expect(listed + counted).toBe(4_030)
  expect(said).toBe(counted)
  expect(markdown).toContain("All of them: https://github.com/acme/app/compare/v1.4.1...v1.5.0")
  expect(markdown).toContain("- break 0\n")
  expect(markdown).toMatch(/^- … and 1000 more changes\n\n<\/details>/m)
})

test("notes that fit are left alone, to the byte", () => {
  const whole = renderNotes(huge())
  expect(fitNotes(huge(), Buffer.byteLength(whole))).toBe(whole)
  expect(fitNotes(huge(), Buffer.byteLength(whole) - 1)).not.toBe(whole)
})

test("where only the long texts do not fit, every change is listed", () => {
  const breaking = many(30, "break").map((it) => ({ ...it, migration: "m".repeat(15_000) }))
  const markdown = fitNotes(notes({ changes: 30, breaking }))
  expect(tally(markdown)).toMatchObject({ listed: 30, counted: 0 })
  expect(markdown).toContain("long texts are cut")
})

test("where there is no room at all, one line says how many there are", () => {
  expect(fitNotes(huge(), 100).trim().split("\n")).toEqual([expect.stringContaining("4030 of 4030 changes")])
})

test("whatever the notes, they fit and every change is listed or counted", () => {
  const sections = fc.array(
    fc.record({
      title: fc.constantFrom("Features", "A", "B"),
      folded: fc.boolean(),
      n: fc.integer({ min: 1, max: 80 }),
    }),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(
      sections,
      fc.string({ unit: "grapheme", maxLength: 80 }),
      fc.integer({ min: 2_000, max: 8_000 }),
      (parts, text, limit) => {
        const changes = parts.reduce((sum, { n }) => sum + n, 0)
        const markdown = fitNotes(
          notes({ changes, sections: parts.map(({ n, ...rest }) => ({ ...rest, entries: many(n, `x ${text}`) })) }),
          limit,
        )
        const { listed, counted } = tally(markdown)
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit)
        expect(listed + counted).toBe(changes)
      },
    ),
  )
})

test("notes that are too long say where the whole of them is", () => {
  const last = (more: Partial<Notes>) => /_These notes are shortened.*_/.exec(fitNotes({ ...huge(), ...more }))?.[0]
  expect(last({ changelog: "docs/CHANGELOG_2.md" })).toMatch(
    / only counted\. All of them are in docs\/CHANGELOG_2\.md_$/,
  )
  expect(last({})).toMatch(
    / only counted\. All of them: https:\/\/github\.com\/acme\/app\/compare\/v1\.4\.1\.\.\.v1\.5\.0_$/,
  )
})
