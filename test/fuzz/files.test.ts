import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"
import { readHolidays } from "../../src/config/read-holidays.ts"
import { readOrganisation } from "../../src/config/read-organisation.ts"
import { readPlan } from "../../src/config/read-plan.ts"
import { startsOnPush } from "../../src/config/workflow-trigger.ts"
import { ownersOf, parseCodeowners } from "../../src/model/codeowners.ts"
import { destructiveIn } from "../../src/model/destructive-sql.ts"
import { isStorableText } from "../../src/model/storable.ts"
import { CORPUS, hostileJson, hostileText, textsIn } from "./corpus.ts"
import { fuzz, inTime } from "./fuzz.ts"

/** Files that somebody wrote into a repository: read, or every mistake with its place; in no time, whatever is in them. */
const KB = 1024
const READERS: { readonly [what: string]: (text: string) => { readonly ok: boolean } } = {
  "slipway.yml": (text) => readConfig(text, "f"),
  "an organisation's file": (text) => readOrganisation(text, "f"),
  "a plan": (text) => readPlan(text, "f"),
  holidays: (text) => readHolidays(text, "f"),
}

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("")
/** As large as a file may be, and a little less. */
const filling = (unit: string, before = "", behind = ""): string =>
  before + unit.repeat(Math.floor((255 * KB) / unit.length)) + behind

const BOMBS: { readonly [what: string]: string } = {
  "aliases that multiply": `a0: &a0 [x, x]\n${many(40, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`)}`,
  "aliases of a mapping that multiply": `a0: &a0 {x: 1}\n${many(40, (i) => `a${i + 1}: &a${i + 1} {x: *a${i}, y: *a${i}}\n`)}`,
  "an alias of itself": "a: &a [*a]",
  "an alias of what is not there": "a: *b",
  "aliases without end": filling("*a,", "a: &a [x]\nb: [", "]"),
  "anchors without end": many(9_000, (i) => `k${i}: &k${i} v\n`),
  "a merge key": "a: &a {x: 1}\nb: {<<: *a}",
  "merge keys that multiply": `a0: &a0 {x: 1}\n${many(40, (i) => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}]}\n`)}`,
  "a tag that runs code in JavaScript": 'a: !!js/function "function () { process.exit(1) }"',
  "a tag that runs code in Python": "a: !!python/object/apply:os.system [id]",
  "a tag that runs code in Ruby": "a: !ruby/object:Gem::Requirement {}",
  "a tag of bytes": `a: !!binary ${"QUJD".repeat(50_000)}`,
  "tags without end": filling("!!a ", "a: "),
  "a directive": "%TAG ! tag:evil.test,2026:\n---\na: !x 1",
  "directives without end": filling("%YAML 1.2\n"),
  "duplicate keys": filling("a: 1\n"),
  "duplicate keys in a list": filling("{a: 1, a: 2},", "x: [", "]"),
  "a key into the prototype": "__proto__: {x: 1}\nconstructor: {prototype: {y: 1}}",
  "quoted keys into the prototype": '"__proto__": {gates: []}\n? "constructor"\n: 1',
  brackets: filling("["),
  braces: filling("{a: "),
  dashes: filling("- "),
  "question marks": filling("? "),
  quotes: filling("'"),
  escapes: filling("\\n", 'a: "', '"'),
  "block texts": filling("a: |\n x\n"),
  "one line": filling("x"),
  "blank lines": filling("\n"),
  "carriage returns": filling("\r"),
  tabs: filling("\t", "a:\n"),
  "byte order marks": filling("\ufeff"),
  "documents without end": filling("---\n"),
  "unknown keys": many(9_000, (i) => `releasx${i}: v\n`),
  environments: `environments:\n${many(4_900, (i) => `  e${i}: { after: e${i - 1} }\n`)}`,
  components: `components:\n${many(3_000, (i) => `  a${i}: { path: a, tag: "${i}-{version}" }\n`)}`,
  "features that depend on each other": `release: {}\nfeatures:\n${many(120, (i) => `- {id: F${i}, dependencies: [${many(120, (j) => `F${j},`)}]}\n`)}`,
  tests: `release: {}\ntesting:\n${many(9_000, (i) => `  unit_test${i}: passed\n`)}`,
  "globs that go back": `components: { a: { path: "${"*a".repeat(2_000)}**/${"{a,b}".repeat(2_000)}" } }`,
  "10 MB": "release: { version: 1.0.0 }\n".repeat(400_000),
  "10 MB on one line": "a".repeat(10 * KB * KB),
  "10 MB of what counts several bytes": "é".repeat(5 * KB * KB),
  "10 MB of an event": `BEGIN:VCALENDAR\r\n${"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261130\r\nEND:VEVENT\r\n".repeat(160_000)}END:VCALENDAR`,
  "a day that ends in ten thousand years":
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231\nEND:VEVENT\nEND:VCALENDAR",
  "events in events": `BEGIN:VCALENDAR\n${filling("BEGIN:VEVENT\n")}END:VCALENDAR`,
  "a line that goes on": `BEGIN:VCALENDAR\n${filling("\n a")}END:VCALENDAR`,
}

describe.each(Object.entries(READERS))("%s", (_, read) => {
  const said = (result: { readonly ok: boolean }) => {
    if (result.ok) return
    const { problems } = result as unknown as { readonly problems: readonly { readonly message: string }[] }
    expect(problems.length).toBeGreaterThan(0)
    // What is said of a file stands in annotations, logs and terminals.
    for (const { message } of problems) expect(message).toMatch(/^[^\p{Cc}\u2028\u2029]+$/u)
    expect(textsIn(problems).filter((text) => !isStorableText(text))).toEqual([])
  }

  test.each(Object.entries(BOMBS))("of %s", (_, text) => {
    const result = inTime(() => read(text))
    said(result)
    expect(Object.hasOwn(Object.prototype, "x") || Object.hasOwn(Object.prototype, "gates")).toBe(false)
  })

  const top =
    "extends branches version components changes notes publish plan approvals risk environments hotfix slack release features testing rollback_plan communication audiences incident"
  const written = fc.dictionary(fc.constantFrom(...top.split(" ")), hostileJson, { noNullPrototype: true })
  const yaml = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom(
          ...top.split(" ").map((key) => `${key}: `),
          "\n",
          "\n  - ",
          "&a ",
          "*a",
          "!!map ",
          "? ",
          ": ",
          "{",
          "}",
          "[",
          "]",
          ",",
        ),
      ),
      { maxLength: 20 },
    )
    .map((all) => all.join(""))
  const calendar = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom(
          "\r\n",
          "BEGIN:VEVENT",
          "END:VEVENT",
          "DTSTART;VALUE=DATE:",
          "20261130",
          "DTEND:",
          "RRULE:",
          ";TZID=",
          "\n ",
        ),
      ),
      { maxLength: 20 },
    )
    .map((all) => `BEGIN:VCALENDAR\n${all.join("")}\nEND:VCALENDAR`)

  test("of anything", () =>
    fuzz(
      fc.oneof(
        hostileText,
        yaml,
        calendar,
        written.map((it) => JSON.stringify(it, null, 1)),
      ),
      600,
      read,
      said,
    ))
})

test("who owns code, what a workflow starts on and what a migration destroys is read from anything", () => {
  const text = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom("\n", " ", "* @ana", "/docs/** ", "on: ", "push", "DROP TABLE ", "/*", "--", "'"),
      ),
    )
    .map((all) => all.join(""))
  fuzz(fc.tuple(text, hostileText), 400, ([file, path]) => [
    ownersOf(parseCodeowners(file, "CODEOWNERS"), path),
    startsOnPush(file, path),
    destructiveIn(file),
  ])
  const migration = (bait: string) => (bait || "x").repeat(Math.floor((64 * KB) / (bait.length || 1)))
  for (const bait of CORPUS)
    inTime(() => [parseCodeowners(filling(bait || "x"), "CODEOWNERS"), destructiveIn(migration(bait))])
})
