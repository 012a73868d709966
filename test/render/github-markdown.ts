import { micromark } from "micromark"
import { gfm, gfmHtml } from "micromark-extension-gfm"

/** GitHub-flavoured Markdown → HTML by an implementation that we did not write. Raw HTML is let through, to be seen. */
export const toHtml = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })

/** The tags of an HTML text, in order, without their attributes. */
export const tagsOf = (html: string): readonly string[] => [...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map((m) => m[0])

/** What a reader sees, blanks aside. */
export const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/[\s\u200b\u2068\u2069]+/gu, "")
