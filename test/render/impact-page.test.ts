import { expect, test } from "vitest"
import type { ImpactPage } from "../../src/model/page.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { tagsOf, toHtml } from "./github-markdown.ts"
import { HOSTILE, notesOf } from "./pages.ts"

const impact = (more: Partial<ImpactPage> = {}): ImpactPage => ({
  is: "impact",
  repository: "acme/shop",
  number: 7,
  base: "main",
  previous: "1.4.2",
  impact: {
    is: "releases",
    version: "1.5.0",
    bump: "minor",
    instead: "1.4.3",
    because: [{ sha: "a".repeat(40), subject: "feat: pay by invoice", bump: "minor", change: "#7" }],
  },
  notes: notesOf(["pay by invoice"], { contributors: [] }),
  ...more,
})

const cause = (subject: string, change = "#12") => ({ sha: "a".repeat(40), subject, bump: "minor" as const, change })

test.each<[ImpactPage["impact"], string, RegExp]>([
  [
    { is: "releases", version: "1.5.0", bump: "minor", instead: "1.4.3", because: [] },
    "Merging this releases 1.5.0 (minor)",
    /into main makes the release after 1\.4\.2 \*\*1\.5\.0\*\* \(minor\); without it, it would be 1\.4\.3\./,
  ],
  [
    {
      is: "releases",
      version: "1.5.0",
      bump: "minor",
      instead: null,
      because: [cause("feat: x"), cause("feat: y (#7) (#7)", "#7")],
    },
    "Merging this releases 1.5.0 (minor), because feat: y",
    /\n- \*\*minor\*\*: feat: y \(#7\)\n/,
  ],
  [
    { is: "joins", version: "1.5.0", bump: "minor", asks: "patch", because: [cause("feat: x")] },
    "Goes into 1.5.0, already minor because of #12",
    /By itself it would be patch; other changes ask for minor/,
  ],
  [
    { is: "joins", version: "1.5.0", bump: "minor", asks: "minor", because: [] },
    "Goes into 1.5.0, already minor because of other changes",
    /which is minor already/,
  ],
  [
    { is: "joins", version: "1.5.0", bump: "minor", asks: "minor", because: [cause("feat: x", "a".repeat(40))] },
    "Goes into 1.5.0, already minor because of aaaaaaa",
    /\[`aaaaaaa`\]/,
  ],
  [
    { is: "takes back", version: null, instead: "1.5.0" },
    "Merging this leaves nothing to release (now 1.5.0)",
    /nothing is left/,
  ],
  [
    { is: "takes back", version: "1.4.3", instead: "1.5.0" },
    "Merging this makes the next release 1.4.3 (now 1.5.0)",
    /takes back what asks for 1\.5\.0/,
  ],
  [{ is: "nothing", goesWith: null }, "Releases nothing by itself", /goes out with the next change that does/],
  [
    { is: "nothing", goesWith: "1.5.0" },
    "Releases nothing by itself; goes out with 1.5.0",
    /It goes out with \*\*1\.5\.0\*\*/,
  ],
  [
    {
      is: "by files",
      asks: "minor",
      components: [
        { name: "api", version: "1.3.0", now: null },
        { name: "web", version: "2.0.1", now: "2.0.1" },
      ],
      more: 3,
    },
    "Releases the components that it touches (minor)",
    /\| api \| no release \| 1\.3\.0 \|\n\| web \| 2\.0\.1 \| 2\.0\.1 \|\n\n… and 3 more/,
  ],
  [
    { is: "by files", asks: null, components: [{ name: "api", version: null, now: null }], more: 0 },
    "Releases nothing by itself",
    /asks for no release by itself, whichever components it touches/,
  ],
  [{ is: "elsewhere" }, "Releases nothing: its base is no release branch", /Nothing is released from main/],
])("%j", (it, title, summary) => {
  const output = renderCheck({ page: impact({ impact: it }) })
  expect(output.title).toBe(title)
  expect(output.summary).toMatch(summary)
})

test("what it rests on is said: a squash by title, seen when the pull request last changed", () => {
  expect(renderCheck({ page: impact() }).summary).toMatch(/squash merge that keeps its title[\s\S]*never fails/)
})

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("hostile text comes out as text: %j", (_, text) => {
  const filled = (words: string) =>
    impact({
      base: words,
      title: { given: words, suggested: `fix: ${words}` },
      impact: { is: "releases", version: "1.5.0", bump: "minor", instead: null, because: [cause(words)] },
      notes: notesOf([words], { contributors: [] }),
    })
  const tags = (words: string) => new Set(tagsOf(toHtml(renderCheck({ page: filled(words) }).summary)))
  const calm = tags("calm `code` words")
  expect([...tags(text)].filter((tag) => !calm.has(tag))).toEqual([])
  const { title, summary } = renderCheck({ page: filled(text) })
  expect(title + summary).not.toMatch(/<!--|<img|<script|@octocat|@acme/)
  expect([...title].length).toBeLessThanOrEqual(120)
})
