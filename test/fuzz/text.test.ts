import { Writable } from "node:stream"
import pretty from "pino-pretty"
import { describe, expect, test } from "vitest"
import { sampleAnnouncements } from "../../demo/messages/announcements.ts"
import { sampleReplies } from "../../demo/messages/replies.ts"
import type { Words } from "../../demo/messages/words.ts"
import { classifyText, firstLine } from "../../src/decide/classify.ts"
import { hinted, marked } from "../../src/decide/marks.ts"
import { messagesIn } from "../../src/decide/messages.ts"
import { suggestTitle } from "../../src/decide/suggest-title.ts"
import { actionItemsIn } from "../../src/model/action-items.ts"
import { closedIn } from "../../src/model/closes.ts"
import { matchesGlob } from "../../src/model/glob.ts"
import { rangeInName } from "../../src/model/maintenance-range.ts"
import { quote } from "../../src/model/quote.ts"
import { isRefName } from "../../src/model/ref-name.ts"
import { statedIn } from "../../src/model/stated-in.ts"
import { isStorableText, storableText } from "../../src/model/storable.ts"
import { versionOfTag } from "../../src/model/tag.ts"
import { renderAnnouncement } from "../../src/render/announcement.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { markdownHtml } from "../../src/render/html-text.ts"
import { renderIcs } from "../../src/render/ics.ts"
import { renderMail } from "../../src/render/mail.ts"
import { renderNotes } from "../../src/render/notes.ts"
import { renderReply } from "../../src/render/reply.ts"
import { checkForTerminal } from "../../src/render/terminal.ts"
import { incidentText } from "../../src/signals/incident-text.ts"
import { createLog } from "../../src/telemetry/log.ts"
import { bulletin, NEWS } from "../render/bulletins.ts"
import { tagsOf, toHtml } from "../render/github-markdown.ts"
import { filledWith, notesOf } from "../render/pages.ts"
import { hostileText, textsIn } from "./corpus.ts"
import { fuzz } from "./fuzz.ts"

/** What people write into commits, titles, names and logins: read without harm, and shown as text wherever it goes. */
/** What moves a cursor, or rings. */
const CONTROL = /[^\P{Cc}\t\n]/u

describe("is read", () => {
  test("as a commit, a title, a label, a branch, a tag and a login, into what can be kept", () => {
    fuzz(
      hostileText.map(storableText),
      2_000,
      (text) => [
        classifyText(text),
        [marked(text), hinted(text), firstLine(text), messagesIn(text), suggestTitle(text, ["feat", "fix"])],
        [
          statedIn(text, "acme/app"),
          closedIn(text, "acme/app"),
          actionItemsIn(`## Actions\n- [ ] ${text}`, "acme/app"),
        ],
        [isRefName(text), rangeInName(text), matchesGlob(text, "release/*"), versionOfTag(text, "v{version}")],
        [incidentText(text, `release: ${text}\nbecause: ${text}`), quote(text), quote(`${text}${text}`)],
      ],
      (read) => {
        expect(textsIn(read).filter((text) => !isStorableText(text))).toEqual([])
      },
    )
  })
})

const words = (text: string): Words => ({
  text,
  name: text,
  environment: text,
  login: text,
  version: text,
  url: text,
  many: 2,
})

/** What Slack reads in text: https://docs.slack.dev/messaging/formatting-message-text. One person is mentioned on purpose. */
const SLACK_MARK = /<(?!(?:!date\^\d+\^|https?:\/\/[^\s<>|]+(?:\||>)|@U012ABCDEF>))/
const typed = (blocks: unknown, type: string): readonly string[] => {
  if (typeof blocks !== "object" || blocks === null) return []
  const own = "type" in blocks && blocks.type === type && "text" in blocks && typeof blocks.text === "string"
  return [...(own ? [String(blocks.text)] : []), ...Object.values(blocks).flatMap((inner) => typed(inner, type))]
}

describe("is shown", () => {
  test("in Slack: nobody is called, nothing leads elsewhere", () => {
    fuzz(
      hostileText,
      60,
      (text) => [
        ...sampleAnnouncements(words(text)).map(renderAnnouncement),
        ...sampleReplies(words(text)).map(renderReply),
      ],
      (messages) => {
        const texts = messages.flatMap(({ text, blocks }) => [text, ...typed(blocks, "mrkdwn")])
        expect(texts.length).toBeGreaterThan(100)
        expect(texts.filter((text) => SLACK_MARK.test(text))).toEqual([])
        expect(texts.filter((text) => /<javascript:/i.test(text))).toEqual([])
      },
    )
  })

  const MENTION = /@[A-Za-z0-9]/
  /** What GitHub looks for after Markdown is rendered, which is not in code and not in an address. */
  const said = (html: string): string => html.replace(/<code>.*?<\/code>/gs, " ").replace(/<[^>]*>/g, " ")
  const calmTags = (markdown: string) => new Set(tagsOf(toHtml(markdown)))
  const strange = (markdown: string, calm: Set<string>) => tagsOf(toHtml(markdown)).filter((tag) => !calm.has(tag))

  test("on a check run: no element of its own, and nobody is called", () => {
    const whole = (text: string) => {
      const { title, summary, text: below = "" } = renderCheck({ page: filledWith(text) })
      return `${title}\n\n${summary}\n\n${below}`
    }
    const calm = calmTags(whole("calm `code` words"))
    fuzz(hostileText, 150, whole, (page) => {
      expect(strange(page, calm)).toEqual([])
      // Authors in the notes are named on purpose.
      expect(said(toHtml(page)).replaceAll(/by @lea\b|@lea\b/g, "")).not.toMatch(MENTION)
      expect(toHtml(page)).not.toMatch(/(?:href|src)="(?:javascript|data|vbscript):/i)
    })
  })

  test("in release notes: no element of its own, and nobody is called but who contributed", () => {
    const notes = (text: string) => renderNotes(notesOf([text, `${text} ${text}`]))
    const calm = calmTags(notes("calm `code` words"))
    fuzz(hostileText, 200, notes, (page) => {
      expect(strange(page, calm)).toEqual([])
      expect(said(toHtml(page)).replaceAll(/@lea\b/g, "")).not.toMatch(MENTION)
      expect(page.replace(/<!-- slipway:[^>]*-->/, "")).not.toContain("<!--")
    })
  })

  const HARMLESS_TAG =
    /^<\/?(?:a|abbr|b|blockquote|br|code|del|details|div|em|h[1-6]|hr|i|input|li|ol|p|pre|s|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul)\b/i

  test("as HTML: no script, no event, no address but of the web", () => {
    fuzz(hostileText, 1_000, markdownHtml, (html) => {
      for (const [tag] of html.matchAll(/<[^>]*>?/g)) {
        expect(tag).toMatch(HARMLESS_TAG)
        expect(tag).not.toMatch(/\son\w+\s*=|style\s*=|src\s*=/i)
        expect(tag).not.toMatch(/href="(?!https?:|mailto:|#)/i)
      }
    })
  })

  test("in an e-mail: one subject, no page that fetches anything", () => {
    fuzz(
      hostileText,
      300,
      (text) => {
        const says = { name: text, version: text, features: [text], breaking: [text] }
        const news = { ...NEWS["rolled back"], because: text, by: text } as (typeof NEWS)["rolled back"]
        return renderMail({ subject: text, event: "announced", bulletin: bulletin({ ...says, news }) })
      },
      ({ subject, html }) => {
        expect(subject).not.toMatch(/[\r\n]/)
        expect(html).not.toMatch(
          /<(?:script|img|svg|iframe|object|link|form|input|style)\b[^>]*(?:src|href|on\w+)=|<script|<img|<svg|<iframe/i,
        )
        expect(html.match(/<a\b/g)?.length).toBe(
          renderMail({
            subject: "a",
            event: "announced",
            bulletin: bulletin({ news: NEWS["rolled back"] }),
          }).html.match(/<a\b/g)?.length,
        )
      },
    )
  })

  test("in a calendar: as many events as there are, and no line of its own", () => {
    const entry = (text: string) =>
      ({
        id: "a1",
        repository: text,
        kind: "train",
        what: text,
        from: "2026-11-24T09:00:00.000Z",
        collides: text,
      }) as const
    const KNOWN =
      /^(?:BEGIN|END|VERSION|PRODID|CALSCALE|NAME|X-WR-CALNAME|REFRESH-INTERVAL|UID|DTSTAMP|DTSTART|DTEND|SUMMARY|DESCRIPTION|TRANSP|CATEGORIES|URL|STATUS)[:;]/
    fuzz(
      hostileText,
      600,
      (text) => renderIcs(text, [entry(text), entry(text)], new Date("2026-11-21T12:00:00Z")),
      (calendar) => {
        const lines = calendar
          .replaceAll(/\r\n[ \t]/g, "")
          .split(/\r\n|\r|\n/)
          .slice(0, -1)
        expect(lines.filter((line) => !KNOWN.test(line))).toEqual([])
        expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(2)
      },
    )
  })

  test("in a terminal: nothing moves the cursor", () => {
    fuzz(
      hostileText,
      150,
      (text) => {
        const { title, summary, text: below = "" } = renderCheck({ page: filledWith(text) })
        const view = { name: text, sha: "a".repeat(40), conclusion: text, title, summary, text: below }
        const buttons = [{ label: text, description: text }]
        return checkForTerminal({ ...view, buttons }, { colour: false, width: 80 })
      },
      (shown) => {
        expect(shown).not.toMatch(CONTROL)
      },
    )
  })
})

describe("is logged", () => {
  const logged = (text: string, format?: "pretty"): string => {
    const lines: string[] = []
    const sink = new Writable({
      write: (chunk, _, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    const destination =
      format === "pretty"
        ? pretty({ colorize: false, sync: true, destination: sink })
        : { write: (line: string) => void lines.push(line) }
    const log = createLog({ destination, ...(format && { format }) })
    log.warn({ account: text, err: new Error(text), [text]: text }, `The App is installed by ${text}`)
    return lines.join("")
  }

  test("as JSON: one line, which is JSON", () => {
    fuzz(
      hostileText,
      1_000,
      (text) => logged(text),
      (line) => {
        expect(line.match(/\n/g)).toHaveLength(1)
        expect(JSON.parse(line)).toMatchObject({ level: 40 })
      },
    )
  })

  test("for people: nothing moves the cursor, and no line that is not the log's", () => {
    fuzz(
      hostileText,
      300,
      (text) => logged(text, "pretty"),
      (shown) => {
        expect(shown).not.toMatch(CONTROL)
        expect(shown.match(/^\[/gm)).toHaveLength(1)
      },
    )
  })
})
