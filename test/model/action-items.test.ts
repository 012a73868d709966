import { expect, test } from "vitest"
import { actionItemsIn, NO_ACTION_YET } from "../../src/model/action-items.ts"
import { renderPostMortem } from "../../src/render/post-mortem.ts"

const items = (body: string) =>
  actionItemsIn(body, "acme/shop").map(({ text, isTicked, refs }) => [text, isTicked, ...refs])

test.each<[string, string, readonly unknown[]]>([
  [
    "open and ticked",
    "## Actions\n- [ ] a\n- [x] b\n* [X] c",
    [
      ["a", false],
      ["b", true],
      ["c", true],
    ],
  ],
  [
    "numbered, and below others",
    "### Action items\n1. [ ] a\n   - [ ] b",
    [
      ["a", false],
      ["b", false],
    ],
  ],
  [
    "of their section alone",
    "- [ ] no\n## Actions:\n- [ ] a\n### Later\n- [x] b\n## Links\n- [ ] no",
    [
      ["a", false],
      ["b", true],
    ],
  ],
  [
    "of all of it, where the heading is gone",
    "- [ ] a\n\ntext\n- [x] b",
    [
      ["a", false],
      ["b", true],
    ],
  ],
  ["not in code", "## Actions\n```\n- [ ] no\n## Links\n```\n- [ ] a", [["a", false]]],
  ["not in code that is quoted by more", "````\n```\n- [ ] no\n````\n- [ ] a", [["a", false]]],
  ["not what nobody wrote down yet", `## Actions\n- [ ] ${NO_ACTION_YET}`, []],
  ["not what is no item", "## Actions\n- [] a\n- [-] b\n-[ ] c\n- [ ]\n[ ] d", []],
  [
    "with carriage returns",
    "## Actions\r\n- [ ] a\r\n- [x] b\r\n",
    [
      ["a", false],
      ["b", true],
    ],
  ],
  ["none", "", []],
])("actions are found: %s", (_, body, expected) => {
  expect(items(body)).toEqual(expected)
})

test.each<[string, readonly string[]]>([
  ["write a test (#45)", ["#45"]],
  ["see #45, #45 and acme/infra#7", ["#45", "acme/infra#7"]],
  ["acme/SHOP#3 is ours", ["#3"]],
  ["https://github.com/acme/shop/issues/8", ["#8"]],
  ["https://git.acme.dev/acme/infra/pull/9#issuecomment-1", ["acme/infra#9"]],
  ["not &#45; nor a#b nor #0", []],
  ["#1 #2 #3 #4 #5 #6", ["#1", "#2", "#3", "#4", "#5"]],
])("issues are found in %j", (text, refs) => {
  expect(actionItemsIn(`- [ ] ${text}`, "acme/shop")[0]?.refs).toEqual(refs)
})

test("a hundred are followed, each as far as it can be shown", () => {
  const many = actionItemsIn(`- [ ] ${"x".repeat(5_000)}\n`.repeat(13), "acme/shop")
  expect(many.map(({ text }) => text.length)).toEqual(Array(13).fill(200))
  expect(actionItemsIn("- [ ] a\n".repeat(500), "acme/shop")).toHaveLength(100)
})

test("an issue that Slipway has just opened has none", () => {
  const notice = {
    is: "rolled back",
    service: "- [ ] shop",
    environment: "production",
    from: { version: "2.0.0", sha: "a" },
    to: { version: "1.0.0", sha: "b" },
    by: "kim",
    because: "- [ ] it",
    begun: "",
    ended: "",
    next: "- [ ] see",
  } as const
  const changes = [{ text: "[ ] change" }, { text: "- [ ] change" }]
  const rest = { release: "1", releaseUrl: "", timeline: [], gates: [], approvals: [], channels: [] }
  const times = { sign: { at: "", what: "- [ ] x" }, asked: "" }
  expect(items(renderPostMortem({ notice, changes, times, ...rest }, "1:1", []).body)).toEqual([])
})
