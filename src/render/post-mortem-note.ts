import type { PostMortemNote } from "../model/post-mortem.ts"
import { type Markdown, page } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { outcomeSays } from "./post-mortem.ts"
import { cut } from "./words.ts"

const TEXT_LIMIT = 400

/** By this a retry finds the comment again; invisible on GitHub. */
export const noteMarker = (marker: string): string =>
  `<!-- slipway:post-mortem-note ${marker.replace(/[^\w:./#-]/g, "")} -->`

/** What came of one more attempt to roll the same release back. */
export const renderPostMortemNote = ({ notice, failed, marker }: PostMortemNote): Markdown =>
  page([
    outcomeSays(notice, failed),
    notice.how === undefined ? "" : `**How:** ${escapeMarkdown(cut(notice.how, TEXT_LIMIT))}`,
    `**Reason given:** ${escapeMarkdown(cut(notice.because, TEXT_LIMIT)) || "none"}`,
    noteMarker(marker),
  ])
