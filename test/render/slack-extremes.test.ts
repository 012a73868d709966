import { afterAll, beforeAll, expect, test } from "vitest"
import { sampleAnnouncements } from "../../demo/messages/announcements.ts"
import { sampleReplies } from "../../demo/messages/replies.ts"
import { USUAL, type Words } from "../../demo/messages/words.ts"
import { blockProblems, textProblems } from "../../demo/peers/slack/blocks.ts"
import { type SlackPeer, startSlack } from "../../demo/peers/slack.ts"
import { createSlack } from "../../src/peers/slack.ts"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import type { SlackMessage } from "../../src/render/block-kit.ts"
import { renderReply } from "../../src/render/reply.ts"

/** Every message that Slipway knows, held against what the Slack of the tests refuses, which is what Slack's documentation says is too much. */
let slack: SlackPeer
beforeAll(async () => {
  slack = await startSlack()
  await slack.createChannel("releases")
})
afterAll(() => slack.close())

const long = (unit: string, most: number): string => unit.repeat(Math.ceil(most / unit.length)).slice(0, most)
const all = (text: string, many: number): Words => ({
  text,
  name: text,
  environment: text,
  login: text,
  version: text,
  url: `https://github.com/acme/shop/${encodeURIComponent(text).slice(0, 3_500)}`,
  many,
})

const EXTREMES: readonly (readonly [string, Words])[] = [
  ["as usual", USUAL],
  ["of nothing", { ...USUAL, many: 0 }],
  ["of 500 of everything", { ...USUAL, many: 500 }],
  ["of 40,000 characters", all(long("Notes of a very long release. ", 40_000), 500)],
  ["of what has to be escaped", all(long("<!channel> & <@U012ABCDEF> *_~`", 40_000), 500)],
  ["of nothing but ampersands", all(long("&", 40_000), 500)],
  ["of emoji", all(long("👩‍👩‍👧‍👦🚀", 4_000), 50)],
  ["empty", { ...all("", 3), url: "" }],
  ["blank", { ...all(" \u0000\u200e\n", 3), url: "javascript:alert(1)" }],
  ...[
    ["Arabic", "إصدار الربيع مع تغييرات كثيرة "],
    ["Hebrew", "גרסת האביב עם שינויים רבים "],
    ["Chinese", "春季版本包含许多更改"],
    ["Japanese", "春のリリースには多くの変更が"],
    ["Korean", "봄 릴리스에는 많은 변경 사항이 "],
    ["Devanagari", "वसंत रिलीज़ में कई बदलाव "],
    ["Thai", "รุ่นฤดูใบไม้ผลิมีการเปลี่ยนแปลงมากมาย"],
    ["Cyrillic", "Весенний выпуск со многими изменениями "],
    ["Greek", "Εαρινή έκδοση με πολλές αλλαγές "],
    ["Amharic", "የፀደይ እትም ከብዙ ለውጦች ጋር "],
    ["stacked marks", "Z̸̡̛͇͉͎͍̖̻̹̝̽̈́̐͑a̶̢̨̛̮̣̟l̵̨̨̫̮̭̺̆̎g̷̡̛͔o̸"],
  ].map(([script = "", words = ""]) => [`in ${script}`, all(long(words, 2_000), 12)] as const),
]

type Messages = readonly (readonly [string, SlackMessage])[]

/** Five hundred texts of 40,000 characters take seconds to render: once is enough. */
const rendered = new Map<Words, Messages>()

function messagesOf(words: Words): Messages {
  const before = rendered.get(words)
  if (before) return before
  const all = [
    ...sampleAnnouncements(words).map((it) => [`first message, ${it.state}`, renderAnnouncement(it)] as const),
    ...sampleReplies(words).map((it) => [it.is, renderReply(it)] as const),
  ]
  rendered.set(words, all)
  return all
}

test.each(EXTREMES)("every message %s is within what Slack takes", (_, words) => {
  const refused = messagesOf(words).flatMap(([kind, { text, blocks }]) =>
    [...blockProblems(blocks), ...textProblems(text)].map((problem) => `${kind}: ${problem}`),
  )
  expect(refused).toEqual([])
})

test("every kind of message is posted", async () => {
  const client = createSlack({ apiUrl: slack.url, log: { warn() {} }, requestTimeoutMs: 5000 }).client(slack.token)
  const metadata = { event_type: "slipway_message", event_payload: { key: "a", target: "b", repository: "1" } }
  const post = (message: SlackMessage) => client.post({ ...message, channel: "#releases", metadata })
  const all = messagesOf(USUAL)
  for (const [kind, message] of all) {
    expect([kind, await post(message)]).toMatchObject([kind, { is: "ok" }])
  }
  expect(slack.problems).toEqual([])
})

test.each(EXTREMES)(
  "every message %s has a fallback that stands alone, and mentions nobody but who is asked",
  (_, words) => {
    for (const [kind, { text, blocks }] of messagesOf(words)) {
      expect([kind, /[\p{L}\p{N}]{2}/u.test(text)]).toEqual([kind, true])
      const mentions = JSON.stringify([text, blocks]).match(/<[!@#][^>]*>/g) ?? []
      expect([kind, mentions.filter((one) => one !== "<@U012ABCDEF>")]).toEqual([kind, []])
      if (mentions.length > 0) expect(["approval asked", "nobody left", "criterion", "second asked"]).toContain(kind)
    }
  },
)

test("counts of what is folded stay true", () => {
  for (const many of [0, 1, 15, 16, 17, 500]) {
    const [message] = messagesOf({ ...USUAL, many })
    const shown = JSON.stringify(message?.[1].blocks)
    const left = Number(/… and (\d+) more features?/.exec(shown)?.[1] ?? 0)
    expect((shown.match(/PAY-\d+ /g)?.length ?? 0) + left).toBe(many)
    const tests = Number(/Spring release: ⏳ pending\\n… and (\d+) more/.exec(shown)?.[1] ?? 0)
    expect((shown.match(/Spring release: ⏳ pending/g)?.length ?? 0) + tests).toBe(many)
    const asked = messagesOf({ ...USUAL, many }).find(([kind]) => kind === "approval asked")?.[1].text ?? ""
    const more = Number(/ and (\d+) more may approve/.exec(asked)?.[1] ?? 0)
    // As many more are said to be there as are named.
    expect((asked.match(/@kim|<@U012ABCDEF>/g)?.length ?? 0) + more).toBe(2 * many)
  }
})
