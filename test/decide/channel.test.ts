import { expect, test } from "vitest"
import { nextOnChannel } from "../../src/decide/channel.ts"
import type { Change } from "../../src/model/change.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import type { Base } from "../../src/model/ledger.ts"
import { direct } from "./changes.ts"

/** The history of a channel: messages, and versions in brackets where a tag stands behind the message before it. */
function next(
  history: readonly (string | [version: string])[],
  more: { base?: string | null; elsewhere?: readonly string[]; stated?: string; channel?: string } = {},
) {
  const { base = "1.4.1", elsewhere = [], stated, channel = "rc" } = more
  const changes: Change[] = []
  const marks: Base[] = []
  for (const one of history)
    if (typeof one === "string") changes.push(direct(one))
    else marks.push({ tag: `v${one[0]}`, version: one[0], sha: changes.at(-1)?.sha ?? "base" })
  const start = base === null ? null : { tag: `v${base}`, version: base, sha: "base" }
  return nextOnChannel({
    channel,
    base: start,
    marks,
    previous: marks.findLast(({ version }) => version.includes(`-${channel}.`)) ?? start,
    since: (sha) => changes.slice(changes.findIndex((change) => change.sha === sha) + 1),
    known: [...marks.map(({ version }) => version), ...elsewhere],
    config: DEFAULT_CONFIG,
    stated,
  })
}

test.each<[string, Parameters<typeof next>, string | null]>([
  ["the first of a channel", [["feat!: a"]], "2.0.0-rc.1"],
  ["the next one, whatever came since", [["feat!: a", ["2.0.0-rc.1"], "fix: b"]], "2.0.0-rc.2"],
  ["the core grows", [["feat: a", ["1.5.0-rc.1"], "fix: b", ["1.5.0-rc.2"], "feat!: c"]], "2.0.0-rc.1"],
  ["nothing since the last one", [["feat: a", ["1.5.0-rc.1"], "docs: b"]], null],
  ["nothing at all", [[]], null],
  ["no stable release yet", [["feat: a"], { base: null }], "0.1.0-rc.1"],
  ["its own counter beside another channel", [["feat: a", ["1.5.0-beta.1"], ["1.5.0-beta.2"], "fix: b"]], "1.5.0-rc.1"],
  ["a counter that is used elsewhere", [["feat: a"], { elsewhere: ["1.5.0-rc.1", "1.5.0-rc.7"] }], "1.5.0-rc.8"],
  ["more than nine", [["feat: a", ["1.5.0-rc.9"], ["1.5.0-rc.10"], "fix: b"]], "1.5.0-rc.11"],
  ["another core's counter is not its own", [["feat: a"], { elsewhere: ["1.4.2-rc.4"] }], "1.5.0-rc.1"],
  ["a core that is out stable on another branch", [["feat: a"], { elsewhere: ["1.5.0"] }], "1.6.0-rc.1"],
  [
    "promoted elsewhere: counted from what it was promoted from",
    [["feat!: a", ["2.0.0-rc.1"], "fix: b", ["2.0.0-rc.2"], "fix: c"], { elsewhere: ["2.0.0"] }],
    "2.0.1-rc.1",
  ],
  ["promoted, and nothing since", [["feat!: a", ["2.0.0-rc.1"]], { elsewhere: ["2.0.0"] }], null],
  [
    "what was reverted never lowers what is out",
    [["feat: a", ["1.5.0-rc.1"], 'Revert "feat: a"', "fix: b"]],
    "1.5.0-rc.2",
  ],
  ["a plan for the stable version", [["feat: a"], { stated: "3.0.0" }], "3.0.0-rc.1"],
  ["and for its next candidates", [["feat: a", ["3.0.0-rc.1"], "fix: b"], { stated: "3.0.0" }], "3.0.0-rc.2"],
  ["a plan for a candidate", [["feat: a"], { stated: "1.5.0-rc.5" }], "1.5.0-rc.5"],
  ["below 1.0.0", [["feat!: a"], { base: "0.4.0" }], "0.5.0-rc.1"],
  ["a prerelease without a counter", [["feat: a", ["1.5.0-rc"], "fix: b"]], "1.5.0-rc.1"],
])("%s", (_, given, version) => {
  expect(next(...given).next).toBe(version)
})

test("a plan for another channel is refused", () => {
  expect(next(["feat: a"], { stated: "1.5.0-beta.1" })).toMatchObject({
    next: "1.5.0-rc.1",
    refused: [{ what: "1.5.0-beta.1", by: "the plan" }],
  })
})

test("it names what asks for this candidate, and the release before it", () => {
  expect(next(["feat!: a", ["2.0.0-rc.1"], "fix: b"])).toMatchObject({
    current: "2.0.0-rc.1",
    bump: "patch",
    because: [{ subject: "fix: b" }],
  })
})
