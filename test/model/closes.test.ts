import { expect, test } from "vitest"
import { closedIn } from "../../src/model/closes.ts"

test.each([
  ["Closes #12", [12]],
  ["fixes: #12, resolves #3 and closed #12", [3, 12]],
  ["FIX #7", [7]],
  ["Fixes acme/app#5, closes other/app#6", [5]],
  ["Resolves https://github.com/Acme/App/issues/9", [9]],
  ["Closes https://github.com/other/app/issues/9", []],
  ["See #12; prefixes #13; un-closes #14; closes 15; closes#16", []],
  ["Closes #12, #13", [12]],
  ["<!-- Closes #1 --> Closes #2 <!-- Fixes #3", [2]],
  ["```\nCloses #1\n```\nCloses #2 `fixes #3`", [2]],
  ["<!--\nCloses #1\n-->\nCloses #2", [2]],
  ["~~~\nCloses #1", []],
  ["Closes #0123456789", []],
])("%s", (text, numbers) => {
  expect(closedIn(text, "acme/app")).toEqual(numbers)
})

test.each([
  ["closes ", "closes "],
  ["backticks", "`"],
  ["comments that do not end", "<!--"],
  ["fences", "```\n"],
  ["owners", "closes a/"],
  ["addresses", "closes https://a.b/"],
])("a megabyte of %s is read in a moment", (_, bait) => {
  const text = `#${bait.repeat(Math.ceil(1_000_000 / bait.length))}`
  expect(closedIn(text, "acme/app")).toEqual([])
})

test("no more than a release's page can hold", () => {
  expect(closedIn(Array.from({ length: 900 }, (_, n) => `Closes #${n + 1}`).join("\n"), "a/b")).toHaveLength(50)
})
