import { expect, test } from "vitest"
import { incidentText } from "../../src/signals/incident-text.ts"

const NOTHING = { release: [], environment: [], component: [], to: [], because: [] }
const read = (body: string) => incidentText("Checkout is broken", body)

test.each<[string, string, object]>([
  ["a line", "Release: 1.4.2", { release: ["1.4.2"] }],
  ["in small letters, with the line breaks of a web form", "hello\r\nrelease: v1.4.2 \r\n", { release: ["v1.4.2"] }],
  ["in bold", "**Release:** 1.4.2\n**Environment**: production", { release: ["1.4.2"], environment: ["production"] }],
  ["an item of a list", "- Release: 1.4.2\n* Component: api", { release: ["1.4.2"], component: ["api"] }],
  ["as code", "Release: `api-v1.4.2`", { release: ["api-v1.4.2"] }],
  ["where to", "Back to: **1.3.0**\nBecause: it: hurts", { to: ["1.3.0"], because: ["it: hurts"] }],
  [
    "an issue form",
    "### Release\n\nv1.4.2\n\n### Environment\n\nproduction\n\n### Component\n\n_No response_\n\n### What happened\n\nIt broke.",
    { release: ["v1.4.2"], environment: ["production"] },
  ],
  ["two of them", "Release: 1.4.2\nRelease: 1.4.1\nRelease: 1.4.2", { release: ["1.4.2", "1.4.1"] }],
])("names by %s", (_, body, said) => {
  expect(read(body)).toEqual({ title: "Checkout is broken", ...NOTHING, ...said })
})

test.each([
  ["prose", "Since Release: 1.4.2 the checkout is broken"],
  ["a quotation", "> Release: 1.4.2"],
  ["a block of code", "```yaml\nRelease: 1.4.2\n~~~\nRelease: 1.4.1\n```"],
  ["indented code", "    Release: 1.4.2"],
  ["what GitHub does not show", "<!-- Release: 1.4.2 -->\n<!--\nRelease: 1.4.1"],
  ["an empty line", "Release:\nRelease:   "],
  ["another word", "Releases: 1.4.2\nPre-Release: 1.4.2"],
  ["the paragraph after an answer", "### Release\n\n### Environment\n\n\n> quoted\n\n1.4.2"],
  ["nothing", ""],
])("%s names nothing", (_, body) => {
  expect(read(body)).toEqual({ title: "Checkout is broken", ...NOTHING })
})

test("what no database keeps is taken out, and what is long is cut", () => {
  const { title, release, because } = incidentText("\0broken\ud800", `Release: 1.4\0.2\nBecause: ${"x".repeat(5_000)}`)
  expect({ title, release }).toEqual({ title: "broken\ufffd", release: ["1.4.2"] })
  expect(because[0]).toHaveLength(200)
})

test.each([
  ["blanks", `### Release${" ".repeat(1_000_000)}x`],
  ["stars", `${"*".repeat(1_000_000)}Release`],
  ["comments", "<!--".repeat(250_000)],
  ["closed comments", "<!---->".repeat(150_000)],
  ["fences", "```\n".repeat(250_000)],
  ["headings", "### Release\n".repeat(90_000)],
  ["fields", Array.from({ length: 90_000 }, (_, at) => `Release: ${at}`).join("\n")],
])("a megabyte of %s is read in the time that it takes to read it", (_, body) => {
  const begun = performance.now()
  expect(read(body).release.length).toBeLessThanOrEqual(3)
  expect(performance.now() - begun).toBeLessThan(1_000)
})
