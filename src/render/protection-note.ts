import type { ProtectionNote } from "../model/protection.ts"
import { firstOf } from "../model/storable.ts"
import { bullets, evidenceLink, type Markdown, page, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { fitBytes } from "./fit-bytes.ts"

/** GitHub's limit for a comment on a deployment, in characters; bytes are never fewer. */
const LIMIT = 1_024
/** One reason must not push the others out. */
const LONGEST_REASON = 240

/** What stands on a deployment that waits, or was answered: as much as GitHub takes. */
export function renderProtectionNote(note: ProtectionNote): Markdown {
  const what = note.version === undefined ? "" : `**${versionText(note.version)}** `
  const head = {
    waits: `${what}waits to enter ${escapeMarkdown(note.environment)}${note.because === "" ? ":" : `: ${escapeMarkdown(note.because)}`}`,
    approved: `${what}may enter ${escapeMarkdown(note.environment)}: ${escapeMarkdown(note.because)}`,
    rejected: `${what}may not enter ${escapeMarkdown(note.environment)}: ${escapeMarkdown(note.because)}`,
  }[note.is]
  const gates = note.gates.map(({ name, state, because }) => `**${name}** ${state}: ${escapeMarkdown(short(because))}`)
  const tail = page([
    note.last ? "GitHub takes no further comment here: what changes stands on the check run." : "",
    note.page === undefined ? "" : evidenceLink("The check run shows all of it", note.page),
  ])
  const room = LIMIT - new TextEncoder().encode(tail).length - 2
  return page([fitBytes(page([head, bullets(gates)]), room, "…"), tail]).trim()
}

const short = (text: string): string => (text.length <= LONGEST_REASON ? text : `${firstOf(text, LONGEST_REASON - 1)}…`)
