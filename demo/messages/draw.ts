import { renderAnnouncement } from "../../src/render/announcement.ts"
import type { SlackMessage } from "../../src/render/block-kit.ts"
import { pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import { escapeHtml } from "../../src/render/html-text.ts"
import { renderReply } from "../../src/render/reply.ts"
import type { MessageView } from "../../src/render/views.ts"
import { sampleAnnouncements } from "./announcements.ts"
import { sampleReplies } from "./replies.ts"
import { AT, type Words } from "./words.ts"

/** A page with every message that Slipway writes to Slack, drawn from its blocks, and what a notification says of each. */
export function drawMessages(words: Words): string {
  const drawn = (message: SlackMessage): string =>
    threadHtml({ channel: "#releases", first: view(message), replies: [] })
  const first = sampleAnnouncements(words).map((it) => part(it.state, renderAnnouncement(it), drawn))
  const replies = sampleReplies(words).map((it) => part(it.is, renderReply(it), drawn))
  return pageHtml("Slipway in Slack", "Every message, from the blocks that Slack is sent.", [
    {
      id: "first",
      heading: "The first message",
      says: "One a release, in each of its states.",
      html: first.join("\n"),
    },
    { id: "replies", heading: "Replies", says: "What happens, each said once.", html: replies.join("\n") },
  ])
}

const view = ({ blocks }: SlackMessage): MessageView => ({ at: AT, blocks })

const part = (kind: string, message: SlackMessage, drawn: (message: SlackMessage) => string): string =>
  `<h3 class="moment">${escapeHtml(kind)}</h3>\n${drawn(message)}\n<p class="quiet"><small>${escapeHtml(message.text)}</small></p>`
