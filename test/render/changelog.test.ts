import fc from "fast-check"
import { expect, test } from "vitest"
import type { Notes } from "../../src/model/notes.ts"
import { withRelease } from "../../src/render/changelog.ts"

const COMPARE = "https://github.com/acme/app/compare/v1.4.1...v1.5.0"
const notes = (more: Partial<Notes> = {}): Notes => ({
  version: "1.5.0",
  previous: { version: "1.4.1", tag: "v1.4.1" },
  tag: "v1.5.0",
  repository: "acme/app",
  breaking: [],
  sections: [
    { title: "Features", folded: true, entries: [{ text: "pay by invoice", number: 7, sha: "a".repeat(40) }] },
  ],
  contributors: ["ann"],
  compareUrl: COMPARE,
  changes: 1,
  ...more,
})
const written = (existing: string | null, more: Partial<Notes> = {}): string => {
  const is = withRelease(existing, notes(more), "2026-11-21")
  if (is.is !== "written") throw new Error(JSON.stringify(is))
  return is.text
}
const BODY = "### Features\n\n- pay by invoice (#7)\n"

test("a new file is one that Keep a Changelog describes", () => {
  expect(written(null)).toBe(`# Changelog

All notable changes to this project are documented in this file. Its form is that of
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/), its versions follow
[Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [1.5.0] - 2026-11-21

${BODY}
[1.5.0]: ${COMPARE}
`)
})

test("Keep a Changelog: below Unreleased, with a link among the links", () => {
  const top = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n- by hand\n\n"
  const old = "## [1.4.1] - 2026-01-01\n\n### Fixed\n\n- it\n\n"
  const links = "[1.4.1]: https://example.com/1.4.1\n[1.4.0]: https://example.com/1.4.0\n"
  expect(written(`${top}${old}[unreleased]: https://example.com/next\n${links}`)).toBe(
    `${top}## [1.5.0] - 2026-11-21\n\n${BODY}\n${old}[unreleased]: https://example.com/next\n[1.5.0]: ${COMPARE}\n${links}`,
  )
})

test.each([
  [
    "release-please",
    "# Changelog\n\n",
    "## [1.4.1](https://x/c) (2026-01-01)\n\n\n### Bug Fixes\n\n* it\n",
    `## [1.5.0](${COMPARE}) (2026-11-21)`,
  ],
  [
    "conventional-changelog",
    "",
    "## [1.4.1](https://x/c) (2026-01-01)\n\n* it\n\n# [1.4.0](https://x/c) (2026-01-01)\n",
    `## [1.5.0](${COMPARE}) (2026-11-21)`,
  ],
  [
    "standard-version with anchors",
    "",
    '<a name="1.4.1"></a>\n## [1.4.1](https://x/c) (2026-01-01)\n',
    `## [1.5.0](${COMPARE}) (2026-11-21)`,
  ],
  ["changesets", "# app\n\n", "## 1.4.1\n\n### Patch Changes\n\n- it\n", "## 1.5.0"],
  ["a v before the version", "# Log\n\n", "## v1.4.1 - 2026-01-01\n\n- it\n", "## v1.5.0 - 2026-11-21"],
  ["express", "", "1.4.1 / 2026-01-01\n==================\n\n  * it\n", "# 1.5.0 / 2026-11-21"],
  ["a heading of level three", "# Log\n\n", "### 1.4.1 (2026-01-01)\n\n- it\n", "### 1.5.0 (2026-11-21)"],
  ["two numbers", "# Log\n\n", "## 1.4 (2026-01-01)\n\n- it\n", "## 1.5.0 (2026-11-21)"],
  ["a comment that looks like a release", "<!--\n## 9.9.9\n-->\n\n```md\n## 8.8.8\n```\n\n", "## 1.4.1\n", "## 1.5.0"],
])("in the style of %s", (_, top, old, heading) => {
  const level = heading.split(" ", 1)[0]
  expect(written(top + old)).toBe(`${top}${heading}\n\n${BODY.replace("###", `${level}#`)}\n${old}`)
})

test.each([
  [
    "no link where nobody knows the repository",
    "# L\n\n## [1.4.1]\n",
    "# L\n\n## [1.5.0]\n\n### Features\n\n- pay by invoice (#7)\n\n## [1.4.1]\n",
  ],
  [
    "only Unreleased",
    "# L\n\n## Unreleased\n\n- x",
    "# L\n\n## Unreleased\n\n- x\n\n## 1.5.0 - 2026-11-21\n\n### Features\n\n- pay by invoice (#7)\n",
  ],
  [
    "Unreleased, then an appendix",
    "## Unreleased\n\n- x\n\n## Thanks\n\nAll.\n",
    "## Unreleased\n\n- x\n\n## 1.5.0 - 2026-11-21\n\n### Features\n\n- pay by invoice (#7)\n\n## Thanks\n\nAll.\n",
  ],
])("%s", (_, existing, expected) => {
  const { compareUrl: _url, ...bare } = notes()
  expect(withRelease(existing, bare, "2026-11-21")).toEqual({ is: "written", text: expected })
})

test("Windows line ends and a byte order mark stay", () => {
  const old = "\ufeff# Log\r\n\r\n## 1.4.1\r\n\r\n- it\r\n"
  const text = written(old)
  expect(text).toBe(`\ufeff# Log\r\n\r\n## 1.5.0\r\n\r\n${BODY.replaceAll("\n", "\r\n")}\r\n## 1.4.1\r\n\r\n- it\r\n`)
})

test.each(["## [1.5.0] - 2026-11-20", "## v1.5.0", "# 1.5.0+build.7 (2020-01-01)", "## [1.5.0](https://x) (2026)"])(
  "a version that is there is not added twice: %s",
  (heading) => {
    expect(withRelease(`# Log\n\n${heading}\n\n- x\n`, notes(), "2026-11-21")).toEqual({ is: "present" })
  },
)

test.each([
  ["bytes", "# Log\n\0", /NUL/],
  ["a conflict", "<<<<<<< HEAD\n## 1.4.1\n=======\n## 1.4.2\n>>>>>>> x\n", /merge conflict/],
  ["the oldest first", "## 1.0.0\n\n## 1.1.0\n\n## 1.2.0\n", /oldest release stands first/],
])("%s: refused with the reason", (_, existing, because) => {
  expect(withRelease(existing, notes(), "2026-11-21")).toEqual({
    is: "refused",
    because: expect.stringMatching(because),
  })
})

const piece = fc.constantFrom(
  ..."# Log|## [Unreleased]|## [1.4.1] - 2026-01-01|# 1.4.0|### Fixed|- it|[1.4.1]: https://x|[a]: https://y|```|<!--|-->|text| |1.2.0|====|\ufeff".split(
    "|",
  ),
)
const file = fc
  .tuple(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), fc.constantFrom("\n", "\r\n", "\n\n"))
  .map(([lines, end]) => lines.join(end))

test("whatever the file, what stands in it stays, and a second time changes nothing", () => {
  fc.assert(
    fc.property(file, (existing) => {
      const is = withRelease(existing, notes(), "2026-11-21")
      if (is.is !== "written") return
      const rest = existing.trim() === "" ? existing : leftOf(is.text, existing)
      expect(rest).toBe(existing)
      if (!/```|~~~|<!--/.test(existing)) expect(withRelease(is.text, notes(), "2026-11-22")).toEqual({ is: "present" })
    }),
    { numRuns: 2_000 },
  )
})

/** `whole` without what was put in: at most two places. */
function leftOf(whole: string, part: string): string {
  let at = 0
  for (let i = 0; i < whole.length && at < part.length; i++) if (whole[i] === part[at]) at++
  return part.slice(0, at)
}
