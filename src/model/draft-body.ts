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
  /** Fingerprints of the lines as Slipway generated them, whatever stands there now. Absent in bodies of old. */
  readonly of?: string
  readonly marker: Marker
}

const BEGIN = /<!-- slipway:release repo=([\w.-]+) id=([\w.-]+) -->\r?\n?/g
const END = /<!-- \/slipway:release(?: of=([\w-]*))? -->/g

/** Takes a body apart; null where it carries no complete pair of markers. The inverse of `renderDraftBody`. */
export function splitDraftBody(body: string): DraftBody | null {
  const begins = [...body.matchAll(BEGIN)]
  // A person may have pasted half a pair: the pair is the first end that has a beginning, and the nearest one to it.
  const first = begins[0]
  const end = first && [...body.matchAll(END)].find(({ index }) => index > first.index)
  const begin = end && begins.findLast((found) => found.index < end.index)
  if (!begin) return null
  const [whole, repo = "", release = ""] = begin
  const [last, of] = end
  return {
    above: body.slice(0, begin.index),
    generated: body.slice(begin.index + whole.length, end.index),
    below: body.slice(end.index + last.length),
    ...(of === undefined ? {} : { of }),
    marker: { repo, release },
  }
}

/** The invisible comment that begins a generated section. */
export const beginMarker = ({ repo, release }: Marker): string =>
  `<!-- slipway:release repo=${repo} id=${release} -->\n`

/** The invisible comment that ends it. `of`: fingerprints of its lines. */
export const endMarker = (of: string): string => `<!-- /slipway:release of=${of} -->`
