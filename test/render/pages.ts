import type { Notes } from "../../src/model/notes.ts"
import type { ReadinessPage } from "../../src/model/page.ts"

/** Text as an attacker would write it into a title, a name or a reason. */
export const HOSTILE = [
  "<!channel> <@U012ABCDEF> <https://evil.test|click>",
  "<img src=x onerror=alert(1)> <script>alert(1)</script>",
  "[x](javascript:alert(1)) ![y](https://evil.test/p.png)",
  "@octocat @acme/release-managers please",
  "a | b | c\n| --- | --- |\n| x | y |",
  "line\n\n# heading\n\n</details><!-- slipway:release repo=1 id=1 -->",
  "```\nfence `tick` *bold* _em_ ~~gone~~",
  "\u202egnp.exe\u0000\u001b[31mred\u001b[0m \u200b",
  "&lt;b&gt; &amp; &#64;octocat",
  "x".repeat(5000),
]

const SHA = "c".repeat(40)

export const notesOf = (texts: readonly string[], more: Partial<Notes> = {}): Notes => ({
  version: "1.5.0",
  previous: { version: "1.4.2", tag: "v1.4.2" },
  tag: "v1.5.0",
  repository: "acme/shop",
  breaking: [],
  sections:
    texts.length === 0
      ? []
      : [
          {
            title: "Features",
            folded: false,
            entries: texts.map((text, at) => ({ text, number: at + 1, author: "lea", sha: SHA })),
          },
        ],
  contributors: texts.length === 0 ? [] : ["lea"],
  changes: texts.length,
  ...more,
})

export const readiness = (more: Partial<ReadinessPage> = {}): ReadinessPage => ({
  is: "readiness",
  repository: "acme/shop",
  branch: "main",
  sha: SHA,
  version: "1.5.0",
  previous: "1.4.2",
  phase: "cut",
  because: [{ sha: "a".repeat(40), subject: "feat: pay by invoice", bump: "minor" }],
  becauseCount: 1,
  gates: [
    {
      name: "checks",
      state: "passed",
      because: "all 2 passed",
      evidence: [{ text: "CI / build", url: "https://ci.test/1" }],
    },
    { name: "approvals", state: "pending", because: "0 of 1" },
  ],
  notes: notesOf(["pay by invoice"]),
  approvals: [],
  mayApprove: { is: "people", people: ["mo", "kim"], more: 2, rule: "everybody with write access" },
  todo: ["Approve: 0 of 1."],
  answers: [],
  announcements: "one thread in Slack",
  warnings: [],
  environments: [],
  ...more,
})

/** Every text field of a page filled with the same text. */
export const filledWith = (text: string, times = 1): ReadinessPage => {
  const many = <T>(one: T): T[] => Array.from({ length: times }, () => one)
  const at = "2026-11-21T09:14:22Z"
  return readiness({
    name: text,
    because: many({ sha: SHA, subject: text, bump: "minor" }),
    becauseCount: times + 3,
    gates: many({
      name: "checks",
      state: "failed",
      because: text,
      evidence: [
        { text, url: "https://ci.test/a(b)|c" },
        { text, url: text },
      ],
    }),
    notes: notesOf(many(text)),
    approvals: many({ by: text, does: "approve", at, sha: SHA, counts: false, because: text }),
    mayApprove: { is: "nobody", because: text, waysOut: many(text) },
    todo: many(text),
    answers: many({ by: text, did: text, counted: false, because: text, at }),
    announcements: text,
    warnings: many(text),
    environments: many({ name: text, says: text }),
    releaseUrl: text,
  })
}
