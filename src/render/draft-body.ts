import { beginMarker, END_MARKER } from "../model/draft-body.ts"
import type { Draft } from "../model/effect.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { BODY_LIMIT, fitNotes } from "./notes.ts"

/**
 * The whole body of a release: what people wrote above and below, untouched, and the generated part between two
 * invisible markers, shortened where all of it together would be longer than GitHub takes.
 */
export function renderDraftBody(draft: Pick<Draft, "repositoryId" | "release" | "notes" | "hand" | "banner">): string {
  const { above, below } = draft.hand
  const begin = beginMarker({ repo: draft.repositoryId, release: draft.release })
  const banner = draft.banner === undefined ? "" : `> [!CAUTION]\n> ${escapeMarkdown(draft.banner)}\n\n`
  const room = BODY_LIMIT - bytesOf(above + begin + banner + END_MARKER + below)
  return `${above}${begin}${withoutMarkers(banner + fitNotes(draft.notes, room))}${END_MARKER}${below}`
}

/** Text from outside is escaped and cannot hold one; a line template of somebody's configuration could. */
const withoutMarkers = (text: string): string => text.replace(/<!--(?=\s*\/?slipway:)/g, "&lt;!--")
