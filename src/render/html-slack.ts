import type { Block, Button, Mrkdwn } from "./block-kit.ts"
import { escapeHtml, inlineHtml } from "./html-text.ts"
import { showInstant } from "./instant.ts"
import { parseMrkdwn } from "./mrkdwn.ts"
import type { MessageView, ThreadView } from "./views.ts"
import { count } from "./words.ts"

/** A release's thread as Slack draws it: the first message, then the replies. */
export const threadHtml = ({ channel, first, replies }: ThreadView): string => `<article class="card slack">
<header class="bar"><b>${escapeHtml(channel)}</b></header>
${message(first)}
${replies.length > 0 ? `<div class="replies"><p class="quiet line"><span>${count(replies.length, "reply", "replies")}</span></p>${replies.map(message).join("\n")}</div>` : ""}
</article>`

const message = (it: MessageView): string => `<div class="message">
<div class="avatar" aria-hidden="true"></div>
<div class="said"><p class="who"><b>Slipway</b> <span class="app">APP</span> <span class="quiet">${escapeHtml(showInstant(it.at))}${it.edited ? " (edited)" : ""}</span></p>
${it.broadcast ? '<p class="quiet">also sent to the channel</p>' : ""}
${it.blocks.map(block).join("\n")}
</div></div>`

function block(it: Block): string {
  switch (it.type) {
    case "header":
      return `<h3>${escapeHtml(it.text.text)}</h3>`
    case "section":
      return "text" in it
        ? `<p>${text(it.text)}</p>`
        : `<div class="fields">${it.fields.map((f) => `<p>${text(f)}</p>`).join("")}</div>`
    case "context":
      return `<p class="context">${it.elements.map(text).join(" ")}</p>`
    case "divider":
      return "<hr>"
    case "actions":
      return `<div class="actions">${it.elements.map(button).join("")}</div>`
  }
}

const text = ({ text: mrkdwn }: Mrkdwn): string => inlineHtml(parseMrkdwn(mrkdwn))

const button = ({ text: label, url, style }: Button): string =>
  `<a class="slack-button${style ? ` ${style}` : ""}" href="${escapeHtml(url)}" rel="noreferrer nofollow">${escapeHtml(label.text)}</a>`
