/** Which release a body belongs to: by it a lost draft is found again. */
export interface Marker {
  /** GitHub's id of the repository, as text. */
  readonly repo: string
  readonly release: string
}

/** A body taken apart: what people wrote above and below, and what Slipway generated between. */
export interface DraftBody {
  readonly above: string
  readonly below: string
  readonly generated: string
  readonly marker: Marker
}

const BEGIN = /<!-- slipway:release repo=([\w.-]+) id=([\w.-]+) -->\r?\n?/g
export const END_MARKER = "<!-- /slipway:release -->"

/** Takes a body apart; null where it carries no complete pair of markers. The inverse of `renderDraftBody`. */
export function splitDraftBody(body: string): DraftBody | null {
  const begins = [...body.matchAll(BEGIN)]
  // A person may have pasted half a pair: the pair is the first end that has a beginning, and the nearest one to it.
  const first = begins[0]
  const end = first ? body.indexOf(END_MARKER, first.index) : -1
  const begin = begins.findLast((found) => found.index < end)
  if (!begin) return null
  const [whole, repo = "", release = ""] = begin
  return {
    above: body.slice(0, begin.index),
    generated: body.slice(begin.index + whole.length, end),
    below: body.slice(end + END_MARKER.length),
    marker: { repo, release },
  }
}

/** The invisible comment that begins a generated section. */
export const beginMarker = ({ repo, release }: Marker): string =>
  `<!-- slipway:release repo=${repo} id=${release} -->\n`
