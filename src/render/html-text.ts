import { parseMarkdown } from "./markdown-blocks.ts"
import type { Inline, MarkdownBlock } from "./markdown-tree.ts"

/** Any text as HTML that shows exactly this text, in an element or in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")

/** Inline text as HTML. Only web addresses come out as links. */
export const inlineHtml = (inlines: readonly Inline[]): string => inlines.map(one).join("")

function one(inline: Inline): string {
  switch (inline.is) {
    case "text":
      return escapeHtml(inline.text)
    case "code":
      return `<code>${escapeHtml(inline.text)}</code>`
    case "strong":
    case "em":
    case "del":
      return `<${inline.is}>${inlineHtml(inline.inside)}</${inline.is}>`
    case "link":
      return /^https?:\/\//.test(inline.url)
        ? `<a href="${escapeHtml(inline.url)}" rel="noreferrer nofollow">${inlineHtml(inline.inside)}</a>`
        : inlineHtml(inline.inside)
    case "break":
      return "<br>"
  }
}

/** Markdown as HTML, without any tag or address that was not meant: all of it is built from the tree. */
export const markdownHtml = (markdown: string): string => blocksHtml(parseMarkdown(markdown))

const blocksHtml = (blocks: readonly MarkdownBlock[]): string => blocks.map(block).join("\n")

function block(it: MarkdownBlock): string {
  switch (it.is) {
    case "heading":
      return `<h${it.level}>${inlineHtml(it.inside)}</h${it.level}>`
    case "paragraph":
      return `<p>${inlineHtml(it.inside)}</p>`
    case "list":
      return it.ordered ? `<ol>${it.items.map(item).join("")}</ol>` : `<ul>${it.items.map(item).join("")}</ul>`
    case "table":
      return table(it)
    case "quote":
      return it.alert
        ? `<div class="alert alert-${it.alert}"><b>${capital(it.alert)}</b>${blocksHtml(it.blocks)}</div>`
        : `<blockquote>${blocksHtml(it.blocks)}</blockquote>`
    case "details":
      return `<details><summary>${inlineHtml(it.summary)}</summary>${blocksHtml(it.blocks)}</details>`
    case "code":
      return `<pre><code>${escapeHtml(it.text)}</code></pre>`
    case "rule":
      return "<hr>"
  }
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** A paragraph alone in its item needs no frame of its own; `[ ]` at its start is a box to tick. */
function item(blocks: readonly MarkdownBlock[]): string {
  const [first, ...rest] = blocks
  const text = first?.is === "paragraph" ? inlineHtml(first.inside) : first ? block(first) : ""
  const ticked = text.replace(
    /^\[( |x)\] /,
    (_, mark) => `<input type="checkbox" disabled${mark === "x" ? " checked" : ""}> `,
  )
  return `<li>${ticked}${blocksHtml(rest)}</li>`
}

function table({ head, rows }: Extract<MarkdownBlock, { is: "table" }>): string {
  const row = (cells: readonly (readonly Inline[])[], tag: "th" | "td") =>
    `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join("")}</tr>`
  return `<div class="scroll"><table><thead>${row(head, "th")}</thead><tbody>${rows.map((r) => row(r, "td")).join("")}</tbody></table></div>`
}
