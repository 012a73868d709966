import fc from "fast-check"
import { expect, test } from "vitest"
import { buildNotes } from "../../src/decide/notes.ts"
import type { Change } from "../../src/model/change.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import { renderNotes } from "../../src/render/notes.ts"
import { commit, direct, merged, person } from "./changes.ts"

const BOT = person("dependabot[bot]", "Bot")
const bump = (number: number, title: string, author = BOT): Change => merged(number, { title, author })
const build = (changes: readonly Change[], config = DEFAULT_CONFIG) =>
  buildNotes({ changes, version: "1.5.0", previous: null, tag: "v1.5.0", repository: "acme/app", config })
const lines = (changes: readonly Change[]) =>
  renderNotes(build(changes))
    .split("\n")
    .filter((line) => line.startsWith("- "))

test.each([
  ["Bump lodash from 4.17.20 to 4.17.21", "lodash 4.17.20 → 4.17.21"],
  ["build(deps-dev): bump @types/node from 22.1.0 to 22.2.0 in /docs", "@\u200btypes/node in /docs 22.1.0 → 22.2.0"],
  ["chore(deps): Bump actions/checkout from 4 to 5 in /", "actions/checkout 4 → 5"],
  ["Update rails requirement from ~> 6.0 to ~> 7.0", "rails \\~> 6.0 → \\~> 7.0"],
  ["chore(deps): update dependency lodash to v4.17.21", "lodash → v4.17.21"],
  ["fix(deps): update module golang.org/x/net to v0.2.0 [SECURITY]", "golang.org/x/net → v0.2.0"],
  ["Update actions/checkout action to v6", "actions/checkout → v6"],
])("a bot's %s", (title, line) => {
  expect(lines([bump(7, title)])).toEqual([`- ${line} (#7)`])
})

test.each([
  ["a person", bump(7, "Bump lodash from 4.17.20 to 4.17.21", person("ann"))],
  ["a bot that says something else", bump(7, "chore(deps): lock file maintenance")],
  ["a bot that updates no package", bump(7, "chore(deps): update all non-major dependencies")],
])("%s writes a line like any other", (_, change) => {
  const [section] = build([change]).sections
  expect(section?.title).not.toBe("Dependencies")
  expect(section?.entries[0]).not.toHaveProperty("package")
})

test("a package is one line, from the version that was out to the newest, with all its pull requests", () => {
  const changes = [
    bump(1, "Bump lodash from 1.2.0 to 1.3.0"),
    bump(2, "Bump left-pad from 1.0.0 to 1.0.1"),
    direct("feat: pay by invoice"),
    bump(3, "Bump lodash from 1.3.0 to 1.4.0"),
  ]
  const notes = build(changes)
  expect(notes.changes).toBe(4)
  expect(renderNotes(notes)).toContain(
    "<summary>3 other changes</summary>\n\n#### Dependencies\n\n- lodash 1.2.0 → 1.4.0 (#1, #3)\n- left-pad 1.0.0 → 1.0.1 (#2)\n",
  )
})

test("a grouped update is a line for each package, and counts once", () => {
  const message =
    "Bump the npm group with 2 updates\n\nBumps the npm group with 2 updates.\n\n\nUpdates `lodash` from 1.3.0 to 1.4.0\n- [Commits](x)\n\nUpdates `@acme/ui` from 2.0.0 to 3.0.0\n"
  const group = merged(9, { title: "Bump the npm group with 2 updates", author: BOT, commits: [commit(message)] })
  const notes = build([bump(1, "Bump lodash from 1.2.0 to 1.3.0"), group])
  expect(notes.changes).toBe(2)
  expect(renderNotes(notes)).toMatch(
    /- lodash 1\.2\.0 → 1\.4\.0 \(#1, #9\)\n- @\u200bacme\/ui 2\.0\.0 → 3\.0\.0 \(#9\)\n/,
  )
  expect(notes.sections[0]?.entries.map((entry) => entry.counts ?? 1)).toEqual([2, 0])
})

test("a breaking update stands with what breaks", () => {
  const notes = build([bump(1, "fix(deps)!: bump lodash from 1.2.0 to 2.0.0")])
  expect(notes.breaking).toMatchObject([{ text: "bump lodash from 1.2.0 to 2.0.0" }])
  expect(notes.sections).toEqual([])
})

test.each(["bump ".repeat(200_000), `bump a from ${"b ".repeat(500_000)}`, `update ${"a ".repeat(500_000)}`])(
  "hostile titles take no time",
  (title) => {
    expect(build([bump(1, title)]).changes).toBe(1)
  },
)

test("every change is accounted for exactly once, whatever is folded", () => {
  const name = fc.constantFrom("a", "b", "@acme/c")
  const one = fc
    .tuple(name, fc.boolean())
    .map(([it, known]) => (known ? `Bump ${it} from 1 to 2` : `update dependency ${it} to v3`))
  const grouped = fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((names) => ["Bump the x group", "", ...names.map((it) => `Updates \`${it}\` from 1 to 2`)].join("\n"))
  const message = fc.oneof(one, grouped, fc.constantFrom("feat: a", "fix!: b", "words"))
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const changes = messages.map((text, at) =>
        merged(at + 1, { title: text.split("\n")[0] ?? "", author: BOT, commits: [commit(text)] }),
      )
      const notes = build(changes)
      const entries = [...notes.breaking, ...notes.sections.flatMap((section) => section.entries)]
      expect(entries.reduce((sum, { counts = 1 }) => sum + counts, 0)).toBe(changes.length)
      const told = new Set(entries.flatMap(({ number, also = [] }) => [number, ...also.map((it) => it.number)]))
      expect([...told].sort()).toEqual(changes.map(({ pull }) => pull?.number).sort())
    }),
  )
})
