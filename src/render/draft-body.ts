import { beginMarker, endMarker } from "../model/draft-body.ts"
import type { Draft } from "../model/effect.ts"
import { writeFingerprints } from "../model/fingerprint.ts"
import { type Inside, REMARK } from "../model/hand.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf } from "./fit-bytes.ts"
import { blank, type Keyed, textOf } from "./keyed.ts"
import { mergeEdits } from "./merge-edits.ts"
import { areShortened, BODY_LIMIT, fittedNotes } from "./notes.ts"

type Content = Pick<Draft, "repositoryId" | "release" | "notes" | "hand" | "banner">

/** Each try is shorter by what was too much; what people wrote inside is in it, whatever it takes. */
const TRIES = 6

/**
 * The whole body of a release: what people wrote above and below, untouched, and the generated part between two
 * invisible markers, shortened where all of it together would be longer than GitHub takes. What people wrote inside of
 * the generated part is kept; the marker at its end remembers what it was generated as.
 */
export const renderDraftBody = (draft: Content): string => draftBody(draft).body

/** The body, and whether the notes in it had to be shortened. */
export function draftBody(draft: Content): { readonly body: string; readonly isShortened: boolean } {
  const { above, below } = draft.hand
  const begin = beginMarker({ repo: draft.repositoryId, release: draft.release })
  const room = BODY_LIMIT - bytesOf(above + begin + below)
  let tight = room
  for (let tries = 1; ; tries++) {
    const { text, isShortened } = generatedPart(draft, tight)
    const excess = bytesOf(text) - room
    if (excess <= 0 || tries === TRIES) return { body: `${above}${begin}${text}${below}`, isShortened }
    tight -= excess
  }
}

function generatedPart({ notes, hand, banner }: Content, room: number) {
  const remark = banner === undefined ? [] : bannerLines(banner)
  const fitted = fittedNotes(notes, room - bytesOf(textOf(remark)))
  const lines = [...remark, ...fitted].map(withoutMarker)
  const end = endMarker(writeFingerprints(lines.filter(({ text }) => text !== "")))
  const text = `${hand.inside ? keptText(lines, hand.inside) : textOf(lines)}${end}`
  return { text, isShortened: areShortened(fitted) }
}

const bannerLines = (banner: string): readonly Keyed[] => [
  { key: "banner", text: "> [!CAUTION]" },
  { key: "banner>1", text: `> ${escapeMarkdown(banner)}` },
  blank,
]

/** Text from outside is escaped and cannot hold one; a line template of somebody's configuration could. */
const withoutMarker = ({ key, text }: Keyed): Keyed => ({
  key,
  text: text.replace(/<!--(?=\s*\/?slipway:)/g, "&lt;!--"),
})

/** The section with its edits, and for whoever edits it next, in a comment, what Slipway would write by now. */
function keptText(lines: readonly Keyed[], inside: Inside): string {
  const { text, overtaken, gone } = mergeEdits(lines, inside)
  const remarks = [
    ...overtaken.map((line) => `Slipway would write by now: ${line}`),
    ...gone.map((line) => `No longer part of this release: ${line}`),
  ].slice(0, REMARKS_SHOWN)
  if (remarks.length === 0) return text
  const all = [HOW_TO_GIVE_BACK, ...remarks].map((line) => line.replace(/(?<!-)--+!?>/g, "→"))
  return `${text}${REMARK}\n${all.join("\n")}\n-->\n`
}

const REMARKS_SHOWN = 20
const HOW_TO_GIVE_BACK =
  "This section was edited by hand, and is kept so. To have it written anew, delete all of it, up to the markers, and save."
