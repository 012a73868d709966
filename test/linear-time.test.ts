import { describe, expect, test } from "vitest"
import { readHolidays } from "../src/config/read-holidays.ts"
import { startsOnPush } from "../src/config/workflow-trigger.ts"
import { classifyText, firstLine } from "../src/decide/classify.ts"
import { withoutReverted } from "../src/decide/classify-reverts.ts"
import { contributorsOf } from "../src/decide/contributors.ts"
import { foldUpdates } from "../src/decide/dependency-updates.ts"
import { hinted, isUndoing, marked, statedIn as releaseAsIn } from "../src/decide/marks.ts"
import { messagesIn } from "../src/decide/messages.ts"
import { statementsOf } from "../src/decide/statements.ts"
import { suggestTitle } from "../src/decide/suggest-title.ts"
import { undoingOf } from "../src/decide/undoing.ts"
import { actionItemsIn } from "../src/model/action-items.ts"
import { closedIn } from "../src/model/closes.ts"
import { ownersOf, parseCodeowners } from "../src/model/codeowners.ts"
import { destructiveIn } from "../src/model/destructive-sql.ts"
import { matchesGlob } from "../src/model/glob.ts"
import { handOf, linesIn } from "../src/model/hand.ts"
import { rangeInName } from "../src/model/maintenance-range.ts"
import { percentagesIn } from "../src/model/percentages.ts"
import { isRefName } from "../src/model/ref-name.ts"
import { statedIn } from "../src/model/stated-in.ts"
import { versionOfTag } from "../src/model/tag.ts"
import { sumsIn } from "../src/observe/assets.ts"
import { readChangelog } from "../src/render/changelog-file.ts"
import { escapeMarkdown } from "../src/render/escape-markdown.ts"
import { markdownHtml } from "../src/render/html-text.ts"
import { escapeSlack, plainSlack } from "../src/render/slack-text.ts"
import { printable, widthOf } from "../src/render/terminal-text.ts"
import { cutWords } from "../src/render/words.ts"
import { createLog } from "../src/telemetry/log.ts"
import { direct, merged, person } from "./decide/changes.ts"

/*
 * Whatever is written into a commit, a pull request, a release or a file: reading it takes time in proportion to its
 * length. A pattern that goes back over what it has read takes 16 times as long for four times the text, and hours for
 * a megabyte.
 */

const log = createLog({ level: "info", destination: { write: () => {} } })
const edited = (text: string) =>
  `<!-- slipway:release repo=1 id=2 -->\n${text}\n<!-- /slipway:release of=${text.replace(/[^\w-]/g, "")} -->\n${text}`

/** All that reads text of others, by what it reads it for. */
const READERS: { readonly [what: string]: (text: string) => unknown } = {
  "what a message asks for": (text) => [classifyText(text), marked(text), hinted(text), releaseAsIn(text)],
  "the first line": (text) => [firstLine(text), classifyText(`fix: a\n\nBREAKING CHANGE: ${text}`)],
  "the messages in a message": (text) => messagesIn(`Two\n\n${text}`),
  "an override": (text) => [
    statedIn(text, "acme/app"),
    statedIn(`BEGIN_COMMIT_OVERRIDE\n${text}\nEND_COMMIT_OVERRIDE`, "acme/app"),
  ],
  holidays: (text) => [
    readHolidays(text, "h.ics"),
    readHolidays(`BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:${text}\nEND:VEVENT\nEND:VCALENDAR`, "h.ics"),
  ],
  "owners of code": (text) =>
    ownersOf(parseCodeowners(`${text} @ana\n/${text}/**/${text} @ana`, "CODEOWNERS"), text.slice(0, 1_000)),
  "what is stated": (text) => statementsOf(merged(1, { title: text, commits: [text], labels: [text] })),
  "what is taken back": (text) => [
    isUndoing(text),
    undoingOf(`Revert ${text}`),
    undoingOf(`Revert "a"\n\n${text}`),
    withoutReverted([direct(text), direct(`Revert "${text}"`)]),
  ],
  "who contributed": (text) => contributorsOf([direct(`a\n\n${text}`)]),
  "updates of a dependency": (text) =>
    [text, "Bump the group"].flatMap((title) => {
      const change = merged(1, { title, commits: [text, `Updates \`${text}`], author: person("renovate[bot]", "Bot") })
      return foldUpdates([{ change, entry: { text, sha: change.sha } }])
    }),
  "what a title was meant to be": (text) => suggestTitle(text, ["feat", "fix"]),
  "actions of a post-mortem": (text) => [
    actionItemsIn(text, "acme/app"),
    actionItemsIn(`## Actions\n- [ ] ${text}`, "acme/app"),
    actionItemsIn(`- [ ] a\n${text}`.repeat(2), "acme/app"),
  ],
  "issues that are closed": (text) => closedIn(text, "acme/app"),
  "a tag": (text) => [versionOfTag(text, "v{version}"), versionOfTag(`v1.0.0-${text}`, "v{version}")],
  "a branch": (text) => [isRefName(text), rangeInName(text), matchesGlob(text, "hotfix/*")],
  "a body that a person wrote": (text) => [handOf(text), handOf(edited(text)), linesIn(text)],
  "a title in Markdown": escapeMarkdown,
  "a title in Slack": (text) => [escapeSlack(text), escapeSlack(text, text.length), plainSlack(text, text.length)],
  "a title in a terminal": (text) => [printable(text), widthOf(text)],
  "a text that is cut": (text) => cutWords(text, text.length / 2),
  Markdown: markdownHtml,
  "a changelog": readChangelog,
  "sums of assets": (text) => sumsIn(text, "SHA256SUMS"),
  "a percentage": (text) => percentagesIn(text),
  "a workflow": (text) => startsOnPush(text, "main"),
  "SQL of a migration": (text) => [destructiveIn(text), destructiveIn(`ALTER TABLE t ADD ${text}`)],
  "a line of the log": (text) => log.info({ of: text }),
}

/** What patterns and parsers go back over, again and again. */
const PIECES: readonly string[] = [
  ..."a .0-_/:@#!*`~<>[](){}|&$%=+,;'\"\\^?é\0\t\r\n\u2028\u200b\u202eא",
  ...["a ", "a.", "a-", "1.", "0-", "a/", "a:", "@a", "#1 ", "&a", "-a", "a_"],
  ...["\n\n", "\r\n", " \n", "- a\n", "* ", "> ", "# ", "\n# ", "---\n", "```\n", "~~~\n", "\n    a", "1. a\n"],
  ...[
    "<a ",
    "</a>",
    "<!--",
    "-->",
    "<!-- slipway:",
    "<!-- slipway:release repo=1 id=2 -->\n",
    "<!-- /slipway:release -->",
  ],
  ...[
    "[a](",
    "![",
    "[a]: ",
    "](",
    "<https:",
    "https://a",
    "://",
    "www.",
    "**a",
    "*a_b~c",
    "*a ",
    "_a ",
    "~~a ",
    "`a``b",
  ],
  ...[
    "fix: a\n",
    "\nfix: a",
    "* fix: a\n",
    "fix(",
    "fix(a",
    "fix!",
    "!: ",
    "BREAKING CHANGE: ",
    "\nBREAKING CHANGE: a",
  ],
  ...["Revert ", 'Revert "', "This reverts commit ", "Reverts #1\n", "Reverts a/b", "\nRefs: a1b2c3d, ", "Reapply "],
  ...["Release-As: ", "slipway: ", "\nslipway: skip", "BEGIN_COMMIT_OVERRIDE\n", "END_COMMIT_OVERRIDE\n"],
  ...[
    "Co-authored-by: ",
    "\nCo-authored-by: a <a@b>",
    "\nCo-authored-by: a <",
    "closes #1 ",
    "closes a/",
    "fixes https://",
  ],
  ...["/*", "*/", "/* a ", "DROP ", "ALTER TABLE a ", "ADD (", "a int NOT NULL, ", "\n-- migrate:"],
  ...["bump ", "bump a from ", " from 1.0.0 to ", "Update dependency a to v", "build(deps): ", "1.0.0-", "v1.0.0"],
  ...[
    "eyJ-",
    "eyJaaaaaaaa.",
    "ghp_",
    "xoxb-",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "a://a:",
    "bearer ",
    "## [1.0.0]",
    "\n1.0.0\n===",
  ],
  ...["\u{1F600}", "\ud83d", "\u2067", "a\u0301", "on: [", "- *a\n", "&a [*a],"],
]

/** The same behind what makes somebody read on, and before what makes them turn back. */
const FRAMED: readonly (readonly [before: string, piece: string, behind: string])[] = [
  ["# ", " ", "\u2028x"],
  ["- ", " ", "\u2028x"],
  ["fix(", ")", ": x"],
  ["fix: a", " ", "(#1"],
  ['Revert "', '"', "x"],
  ["fix: a\n\nRelease-As: 1.0.0", " ", "x"],
  ["fix: a\n\nslipway:", " ", "x"],
  ["fix: a\n\nBREAKING CHANGE:", " \n", "x"],
  ["closes ", "a/", "#"],
  ["[a](https://", "a", " )"],
]

const BAIT = [...PIECES.map((piece) => ["", piece, "x"] as const), ...FRAMED]

const SMALL = 8_000
/** Less than this in milliseconds says nothing of how it grows. */
const TELLING = 150

const spent = (read: (text: string) => unknown, text: string): number => {
  // Of this thread: on a busy machine the clock on the wall says little.
  const begun = process.threadCpuUsage()
  read(text)
  const { user, system } = process.threadCpuUsage(begun)
  return (user + system) / 1_000
}

/** How many times as long four times the text takes, at best of five: others work on the machine, too. */
function growth(read: (text: string) => unknown, [before, piece, behind]: (typeof BAIT)[number]): number {
  const [small, large] = [SMALL, 4 * SMALL].map((length) => before + piece.repeat(length / piece.length) + behind)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5 && least > 9; round++) {
    const after = spent(read, large ?? "")
    least = Math.min(least, after < TELLING ? 0 : after / spent(read, small ?? ""))
  }
  return least
}

describe("four times the bait takes about four times as long", () => {
  test.each(Object.entries(READERS))("%s", (_, read) => {
    expect(BAIT.filter((bait) => growth(read, bait) > 9)).toEqual([])
  })
})
