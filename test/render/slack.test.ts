import fc from "fast-check"
import { expect, test } from "vitest"
import type { Announcement, Reply } from "../../src/model/message.ts"
import type { RollbackNotice } from "../../src/model/reply-rollback.ts"
import { isForTheChannel } from "../../src/model/thread-event.ts"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import type { SlackMessage } from "../../src/render/block-kit.ts"
import { renderReply } from "../../src/render/reply.ts"
import { HOSTILE } from "./pages.ts"

const at = "2026-11-30T10:12:00Z"
const sha = "c".repeat(40)

const announcement = (more: Partial<Announcement> = {}): Announcement => ({
  repository: "acme/shop",
  version: "1.5.0",
  previous: "1.4.2",
  name: "Spring release",
  date: "2026-11-30",
  type: "minor",
  state: "cut",
  says: "Cut at ccccccc; waits for approvals",
  features: [{ id: "PAY-123", name: "Pay by invoice", status: "ready", team: "Payments" }],
  fixes: { critical: 1, high: 4, medium: 9 },
  counts: { features: 3, fixes: 5, other: 4, breaking: 1 },
  tests: [
    { name: "unit tests", state: "passed" },
    { name: "security tests", state: "pending" },
  ],
  timeline: [{ what: "code freeze", at: "2026-11-23T00:00:00Z" }],
  environments: [{ name: "staging", says: "live since 2026-11-30 10:05 UTC" }],
  links: {
    release: "https://github.com/acme/shop/releases",
    check: "https://github.com/acme/shop/runs/1",
    plan: "https://github.com/acme/shop/blob/main/release-plan.yml",
    rollbackProcedure: "https://github.com/acme/shop/blob/main/docs/rollback.md",
  },
  ...more,
})

const notice: RollbackNotice = {
  is: "rolled back",
  service: "acme/shop",
  environment: "production",
  from: { version: "1.5.0", sha },
  to: { version: "1.4.2", sha: "e".repeat(40) },
  by: "kim",
  because: "deployment of 1.5.0 failed",
  begun: "2026-11-30T10:14:00Z",
  ended: "2026-11-30T10:18:00Z",
  next: "Find out why 1.5.0 was bad.",
}

/** Everything that a message shows in its blocks, line by line. */
const shown = ({ blocks }: SlackMessage): string =>
  blocks
    .flatMap((block) => {
      if (block.type === "header") return [block.text.text]
      if (block.type === "context") return block.elements.map((e) => e.text)
      if (block.type === "actions") return block.elements.map((e) => `[${e.text.text}](${e.url})`)
      if (block.type === "divider") return []
      return "text" in block ? [block.text.text] : block.fields.map((f) => f.text)
    })
    .join("\n")

test("the announcement leads to the GitHub that the repository is on", () => {
  const text = shown(renderAnnouncement(announcement({ webUrl: "https://ghe.acme.example" })))
  expect(text).toContain("<https://ghe.acme.example/acme/shop|acme/shop>")
})

test("the announcement shows all that the issue asks for", () => {
  const message = renderAnnouncement(announcement())
  expect(message.blocks[0]).toMatchObject({ type: "header", text: { text: "shop 1.5.0 — Spring release" } })
  const text = shown(message)
  for (const part of [
    "⏳ *Cut at ccccccc; waits for approvals*",
    "minor release of <https://github.com/acme/shop|acme/shop>",
    "1.4.2 → 1.5.0",
    "planned for 2026-11-30",
    "⚠️ 1 breaking change, 3 features, 5 fixes and 4 other changes",
    "✅ PAY-123  Pay by invoice — _ready_ (Payments)",
    "*Bug fixes*\n1 critical, 4 high, 9 medium",
    "unit tests: ✅ passed\nsecurity tests: ⏳ pending",
    "*Timeline*\ncode freeze: 2026-11-23 00:00 UTC",
    "*Environments*\nstaging: live since 2026-11-30 10:05 UTC",
    "[Release notes](https://github.com/acme/shop/releases)",
    "[Plan](https://github.com/acme/shop/blob/main/release-plan.yml)",
    "[Review & approve](https://github.com/acme/shop/runs/1)",
    "[Rollback procedure](https://github.com/acme/shop/blob/main/docs/rollback.md)",
  ])
    expect(text).toContain(part)
})

test.each([
  ["held", true],
  ["ready", true],
  ["published", false],
  ["live", false],
  ["failed", false],
  ["rolling back", false],
  ["rolled back", false],
  ["superseded", false],
] as const)("when it is %s, approving is offered: %s", (state, offered) => {
  expect(shown(renderAnnouncement(announcement({ state }))).includes("Review & approve")).toBe(offered)
})

test("the fallback stands alone", () => {
  expect(renderAnnouncement(announcement()).text).toBe(
    "shop 1.5.0 (Spring release): Cut at ccccccc; waits for approvals. Ships ⚠️ 1 breaking change, 3 features, 5 fixes and 4 other changes. <https://github.com/acme/shop/releases|Release notes>",
  )
})

test("without a plan, what is not known is not shown", () => {
  const text = shown(
    renderAnnouncement(
      announcement({
        previous: null,
        features: [],
        fixes: { count: 1 },
        tests: [],
        timeline: [],
        environments: [],
        links: { release: "https://github.com/acme/shop/releases" },
      }),
    ),
  )
  expect(text).toContain("the first release")
  expect(text).toContain("*Bug fixes*\n1 fix")
  expect(text).not.toMatch(/Tests|Timeline|Environments|Review|Rollback procedure/)
})

test("long lists are folded with their true counts", () => {
  const features = Array.from({ length: 200 }, (_, n) => ({ id: `F-${n}`, name: "n".repeat(140), status: "planned" }))
  const timeline = Array.from({ length: 40 }, (_, n) => ({ what: `step ${n}`, at }))
  const text = shown(renderAnnouncement(announcement({ features, timeline })))
  const left = Number(/… and (\d+) more features/.exec(text)?.[1])
  expect(left + (text.match(/F-\d+ /g)?.length ?? 0)).toBe(200)
  expect(text).toContain("… and 30 more")
})

test("many short features are folded too", () => {
  const features = Array.from({ length: 40 }, (_, n) => ({ id: `F-${n}`, name: "x", status: "planned" }))
  const text = shown(renderAnnouncement(announcement({ features })))
  expect(text.match(/F-\d+ /g)).toHaveLength(15)
  expect(text).toContain("… and 25 more features")
})

const replies: readonly [Reply, RegExp][] = [
  [
    { is: "approved", by: "mo", sha, at, covers: "covers 12 changes" },
    /✅ \*Approved\* by @mo\n`ccccccc` {2}· {2}covers 12 changes {2}· {2}2026-11-30 10:12 UTC/,
  ],
  [{ is: "held", by: "mo", at }, /✋ \*Held\* by @mo/],
  [{ is: "cut", by: "mo", version: "1.5.0", sha, at }, /\*Cut\* by @mo: `1\.5\.0` is now pinned/],
  [
    { is: "recut", by: "mo", version: "1.5.0", sha, at },
    /\*Re-cut\* by @mo: `1\.5\.0` moved; earlier approvals no longer count/,
  ],
  [{ is: "ready", version: "1.5.0", sha }, /\*Ready\*: every gate of `1\.5\.0` is passed/],
  [
    { is: "published", by: "mo", version: "1.5.0", sha, at, url: "https://github.com/r" },
    /\*Published\* `1\.5\.0` by @mo[\s\S]*\[Release notes\]\(https:\/\/github\.com\/r\)/,
  ],
  [{ is: "deployed", environment: "staging", version: "1.5.0", sha, at }, /\*Live in staging\*: `1\.5\.0`/],
  [
    {
      is: "failed",
      environment: "production",
      version: "1.5.0",
      sha,
      at,
      lastKnownGood: { version: "1.4.2", sha: "e".repeat(40) },
      check: "https://github.com/c",
    },
    /\*Failed in production\*: `1\.5\.0`\nThe last known good release is `1\.4\.2` \(`eeeeeee`\)[\s\S]*\[Review & roll back\]\(https:\/\/github\.com\/c\)/,
  ],
  [
    { is: "deployed", environment: "staging", version: "1.5.0", sha, at, verifiedFrom: "2026-11-30T10:30:00Z" },
    /\*Live in staging\*: `1\.5\.0`, being verified until 2026-11-30 10:30 UTC/,
  ],
  [
    { is: "verified", environment: "staging", version: "1.5.0", sha, since: "2026-11-30T10:15:00Z", at },
    /\*Verified in staging\*: `1\.5\.0`[\s\S]*live since 2026-11-30 10:15 UTC/,
  ],
  [
    {
      is: "failed",
      environment: "production",
      version: "1.5.0",
      sha,
      at,
      because: "smoke did not pass",
      lastKnownGood: null,
    },
    /\*Failed in production\*: `1\.5\.0`: smoke did not pass\n/,
  ],
  [
    {
      is: "failed",
      environment: "production",
      version: "1.5.0",
      sha,
      at,
      lastKnownGood: null,
      check: "https://github.com/c",
    },
    /nothing to roll back to\.\n[^[]*$/,
  ],
  [
    { is: "rolling back", environment: "production", from: "1.5.0", to: "1.4.2", by: "kim", at },
    /\*Rolling back production\* from `1\.5\.0` to `1\.4\.2`, by @kim/,
  ],
  [
    {
      is: "rolling back",
      environment: "production",
      from: "1.5.0",
      to: "1.4.2",
      by: "kim",
      at,
      because: "p95 was 3 s",
      does: ["a GitHub deployment of 1.4.2", "a pull request"],
      stays: ["the database keeps “DROP TABLE a” in 1.sql"],
      issue: "https://github.com/acme/shop/issues/7",
    },
    /by @kim: p95 was 3 s\n1\. a GitHub deployment of 1\.4\.2\n2\. a pull request\n⚠️ It does not undo everything: the database keeps “DROP TABLE a”[\s\S]*\[Open issue\]/,
  ],
  [
    {
      is: "rollback left",
      environment: "production",
      from: "1.5.0",
      to: "1.4.2",
      by: "the criterion “p95”",
      because: "p95 was 3 s",
      stays: ["the database keeps “DROP TABLE a” in 1.sql"],
      who: "@acme/sre may press Roll back",
      at,
      check: "https://github.com/acme/shop/runs/1",
    },
    /\*production is not rolled back by itself\*: p95 was 3 s, and `1\.4\.2` would not undo[^\n]*DROP TABLE a[^\n]*\nSomebody has to decide: @acme\/sre may press Roll back\./,
  ],
  [
    {
      is: "rollback step",
      environment: "production",
      state: "verifying",
      says: "1.4.2 is there, and is watched",
      at,
      until: at,
    },
    /\*Rollback of production\*: 1\.4\.2 is there, and is watched until /,
  ],
  [
    {
      is: "rollback step",
      environment: "production",
      state: "running",
      says: "deploy.yml deploys 1.4.2",
      at,
      url: "https://github.com/acme/shop/actions/runs/7",
    },
    /⏳ \*Rollback of production\*: deploy\.yml deploys 1\.4\.2/,
  ],
  [
    {
      is: "rollback failed",
      environment: "production",
      from: "1.5.0",
      to: "1.4.2",
      at,
      because: "it ended as failure",
      url: "https://ci.test/1",
      lastKnownGood: null,
    },
    /\*The rollback of production failed\*[\s\S]*it ended as failure[\s\S]*\[View log\]/,
  ],
  [
    { is: "tag strayed", tag: "v1.5.0", version: "1.5.0", from: sha, to: "e".repeat(40), by: "mo", at },
    /\*The tag `v1\.5\.0` was moved\* by @mo: what people fetch as `1\.5\.0` is not what was approved[\s\S]*`ccccccc` → `eeeeeee`/,
  ],
  [
    { is: "tag strayed", tag: "v1.5.0", version: "1.5.0", from: sha, to: null, by: "mo", at },
    /\*The tag `v1\.5\.0` was deleted\* by @mo/,
  ],
  [
    { is: "went round", says: "<!channel> was deployed to production.", todo: "Deploy a release.", by: "mo", at },
    /🚧 \*Went round Slipway\* \(@mo\): &lt;!channel&gt; was deployed to production\.\nDeploy a release\./,
  ],
  [
    {
      is: "approval asked",
      version: "2.5.0",
      because: "waits for 1 approval from <!channel>",
      asks: [{ login: "ann", slack: "U012ABCDEF" }, { login: "ben" }],
      more: 2,
      since: at,
      again: 0,
    },
    /🙋 \*Waits for approval\*: `2\.5\.0`, waits for 1 approval from &lt;!channel&gt;\n<@U012ABCDEF>, @ben and 2 more may approve\./,
  ],
  [
    {
      is: "approval asked",
      version: "2.5.0",
      environment: "production",
      because: "waits for 1 approval",
      asks: [],
      more: 0,
      since: at,
      again: 2,
    },
    /⏰ \*Still waits for approval\*: `2\.5\.0` before it enters production, waits for 1 approval/,
  ],
  [
    {
      is: "nobody left",
      because: "#12 was written by <!channel>",
      waysOut: ["add a second person", "ask for nobody"],
      asks: [{ login: "ann", slack: "U012ABCDEF" }, { login: "ben" }, { login: "sre", slack: "S012ABCDEF" }],
    },
    /🙅 \*Nobody can approve\*: #12 was written by &lt;!channel&gt;\. Either add a second person, or ask for nobody\.\n<@U012ABCDEF>, @ben, <!subteam\^S012ABCDEF> can change that\./,
  ],
  [
    { is: "stood in", by: "ada", for: "@tina and <!channel>", at },
    /🪪 \*An admin stands in\*: @ada approved in the place of @tina and &lt;!channel&gt;, of whom too few are left who can/,
  ],
  [
    { is: "way round ended", says: "The tag v3.0.0 was deleted by ana.", at },
    /☑️ The tag v3\.0\.0 was deleted by ana\./,
  ],
  [
    { is: "stopped", organisation: "acme/.github", because: "<!channel> payments are down", by: "ana", at },
    /🛑 \*Stopped\* by @ana: &lt;!channel&gt; payments are down\nNothing is published until the stop is lifted\.[\s\S]*acme\/\.github/,
  ],
  [
    { is: "stopped", organisation: "acme/.github", because: "payments are down", at },
    /🛑 \*Stopped\*: payments are down/,
  ],
  [{ is: "stop lifted", organisation: "acme/.github", at }, /▶️ \*The stop is lifted\*[\s\S]*acme\/\.github/],
  [
    { is: "missed the train", version: "1.2.0", because: "<!channel> is pending", due: at, next: null },
    /🚉 \*Missed the train\*: `1\.2\.0` was not published, since &lt;!channel&gt; is pending/,
  ],
  [
    { is: "due", what: "a message in Slack to <!here>", version: "1.2.0", at, open: ["checks: e2e <!channel>"] },
    /⏰ \*Due now\*: a message in Slack to &lt;!here&gt; \(`1\.2\.0`\)\nIt still waits for checks: e2e &lt;!channel&gt;/,
  ],
  [
    {
      is: "waits",
      version: "1.5.0",
      gates: [{ name: "checks", because: "<!channel> failed" }],
      more: 3,
      at,
      check: "https://github.com/c",
    },
    /🚧 \*Blocked\*: `1\.5\.0` cannot be published as it is\n• checks: &lt;!channel&gt; failed\n… and 3 more[\s\S]*\[Open check\]/,
  ],
  [
    {
      is: "waits",
      version: "1.5.0",
      environment: "production",
      gates: [{ name: "soak", because: "until 11:00" }],
      more: 0,
      at,
    },
    /⏳ \*Waits to enter production\*: `1\.5\.0`\n• soak: until 11:00\n2026/,
  ],
  [{ is: "let in", environment: "production", version: "1.5.0", sha, at }, /🚪 \*Let into production\*/],
  [
    { is: "turned away", environment: "production", version: "1.5.0", sha, at, because: "<@U1> is not a release" },
    /⛔ \*Turned away at production\*: `1\.5\.0`, &lt;@U1&gt; is not a release/,
  ],
  [
    {
      is: "post-mortem",
      environment: "production",
      version: "1.5.0",
      number: 7,
      url: "https://github.com/acme/shop/issues/7",
      at,
    },
    /📋 \*Post-mortem\*: <https:\/\/github\.com\/acme\/shop\/issues\/7\|#7> asks why `1\.5\.0` had to be/,
  ],
  [
    {
      is: "criterion",
      environment: "production",
      version: "1.2.0",
      name: "p95 <!channel>",
      state: "broken",
      does: "investigate",
      because: "p95 <!channel> is 2.4",
      asks: [{ login: "acme/sre", slack: "S012ABCDEF" }, { login: "lea" }],
      at,
      check: "https://github.com/acme/shop/runs/7",
    },
    /🔎 \*Look into production\*: `1\.2\.0`, p95 &lt;!channel&gt; is 2\.4\n<!subteam\^S012ABCDEF>, @lea/,
  ],
  [
    {
      is: "criterion",
      environment: "staging",
      version: "1.2.0",
      name: "p95 <!channel>",
      state: "kept",
      does: "pause",
      because: "",
      asks: [],
      at,
    },
    /▶️ \*p95 &lt;!channel&gt; is kept to again in staging\*: `1\.2\.0` may go on/,
  ],
  [{ is: "collides", says: "v2 <!channel> is planned as well" }, /📅 \*Two at once\*: v2 &lt;!channel&gt; is planned/],
]

test.each(replies.map(([reply, expected]) => [reply.is, reply, expected] as const))("%s", (_, reply, expected) => {
  const message = renderReply(reply)
  expect(shown(message)).toMatch(expected)
  expect(message.text.length).toBeGreaterThan(20)
})

test("the rollback notice is complete, in its blocks and in its fallback", () => {
  const message = renderReply(notice)
  const text = shown(message)
  for (const part of [
    "↩️ Rolled back: acme/shop in production",
    "*Service*\nacme/shop",
    "*Environment*\nproduction",
    "*Rolled back from*\n`1.5.0` (`ccccccc`)",
    "*Rolled back to*\n`1.4.2` (`eeeeeee`)",
    "*Executed by*\n@kim",
    "*Time*\n2026-11-30 10:14 UTC – 2026-11-30 10:18 UTC (4 min)",
    "*Reason*\ndeployment of 1.5.0 failed",
    "*Next step*\nFind out why 1.5.0 was bad.",
  ])
    expect(text).toContain(part)
  expect(message.text).toMatch(
    /acme\/shop in production was rolled back from 1\.5\.0 to 1\.4\.2 by @kim, .*Next: Find out why/,
  )
})

test("that it is out, and bad news, go to the whole channel, the rest does not", () => {
  const loud = [...replies.map(([reply]) => reply), notice].filter(isForTheChannel).map((reply) => reply.is)
  expect(new Set(loud)).toEqual(
    new Set([
      "published",
      "failed",
      "criterion",
      "rollback failed",
      "rollback left",
      "rolled back",
      "stood in",
      "tag strayed",
      "went round",
    ]),
  )
})

const filled = (text: string): readonly SlackMessage[] => [
  renderAnnouncement(
    announcement({
      name: text,
      version: text,
      repository: text,
      date: text,
      type: text,
      says: text,
      features: [{ id: text, name: text, status: text, team: text }],
      tests: [{ name: text, state: "failed" }],
      timeline: [{ what: text, at: text }],
      environments: [{ name: text, says: text }],
      links: { release: text, check: text, plan: text, rollbackProcedure: text },
    }),
  ),
  renderReply({ ...notice, service: text, environment: text, by: text, because: text, next: text, begun: text }),
  renderReply({ is: "approved", by: text, sha: text, at: text, covers: text }),
  renderReply({
    is: "failed",
    environment: text,
    version: text,
    sha: text,
    at: text,
    because: text,
    lastKnownGood: { version: text, sha: text },
    check: text,
    url: text,
  }),
  renderReply({
    is: "rollback failed",
    environment: text,
    from: text,
    to: text,
    at: text,
    because: text,
    url: text,
    lastKnownGood: { version: text, sha: text },
    check: text,
  }),
  renderReply({
    is: "rollback left",
    environment: text,
    from: text,
    to: text,
    by: text,
    because: text,
    stays: [text],
    who: text,
    at: text,
    check: text,
  }),
  renderReply({
    is: "rolling back",
    environment: text,
    from: text,
    to: text,
    by: text,
    at: text,
    because: text,
    does: [text],
    stays: [text],
  }),
  renderReply({ is: "rollback step", environment: text, state: "failed", says: text, at: text, until: text }),
]

/** All strings of a message that Slack reads as mrkdwn. */
const mrkdwnOf = (message: SlackMessage): string[] => [
  message.text,
  ...message.blocks.flatMap((b) =>
    b.type === "context"
      ? b.elements.map((e) => e.text)
      : b.type === "section"
        ? "text" in b
          ? [b.text.text]
          : b.fields.map((f) => f.text)
        : [],
  ),
]

test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))(
  "hostile text pages nobody and links nowhere: %j",
  (_, text) => {
    for (const message of filled(text)) {
      const angled = mrkdwnOf(message).flatMap((each) => each.match(/<[^>]*>?/g) ?? [])
      expect(angled.filter((each) => !/^<https:\/\/github\.com\/[^|<>]*\|[^<>|]*>$/.test(each))).toEqual([])
      expect(JSON.stringify(message)).not.toMatch(/<!|<@|<#|\\u0000|\\u001b|\u202e/)
      expect(JSON.stringify(message.blocks.filter((b) => b.type === "header" || b.type === "actions"))).not.toMatch(
        /[<>]/,
      )
    }
  },
)

test("code and emphasis of ours are not ended by what stands in them", () => {
  const text = shown(renderReply({ is: "cut", by: "a`b", version: "1`2*3", sha, at }))
  expect(text.match(/`/g)).toHaveLength(4)
  expect(shown(renderAnnouncement(announcement({ says: "*so* _there_ ~x~" })))).toContain("⏳ *∗so∗ ˍthereˍ ∼x∼*")
  expect(shown(renderAnnouncement(announcement({ says: "snake_case 2*3 &" })))).toContain("*snake_case 2*3 &amp;*")
})

test("Slack reads no mention or channel out of plain words", () => {
  const texts = renderAnnouncement(announcement({ says: "@here #general" })).blocks.flatMap((b) =>
    b.type === "section" && "text" in b ? [b.text] : [],
  )
  expect(texts.every((text) => text.verbatim)).toBe(true)
})

test("Slack's limits hold whatever is in it", () => {
  const words = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6000 }),
    fc.constantFrom(...HOSTILE, "&".repeat(9000), "<".repeat(9000), "😀".repeat(3000)),
  )
  fc.assert(
    fc.property(words, (text) => {
      for (const { blocks, text: fallback } of filled(text)) {
        expect(blocks.length).toBeLessThanOrEqual(50)
        expect(fallback.length).toBeGreaterThan(0)
        expect(fallback.length).toBeLessThanOrEqual(40_000)
        for (const block of blocks) {
          if (block.type === "header") expect(block.text.text.length).toBeLessThanOrEqual(150)
          if (block.type === "context") for (const e of block.elements) expect(e.text.length).toBeLessThanOrEqual(3000)
          if (block.type === "actions") for (const e of block.elements) expect(e.url.length).toBeLessThanOrEqual(3000)
          if (block.type !== "section") continue
          if ("text" in block) expect(block.text.text.length).toBeLessThanOrEqual(3000)
          else for (const f of block.fields) expect(f.text.length).toBeLessThanOrEqual(2000)
        }
      }
    }),
    { numRuns: 60 },
  )
})
