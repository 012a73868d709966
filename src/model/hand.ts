import { splitDraftBody } from "./draft-body.ts"
import { type Fingerprint, fingerprintOf, readFingerprints } from "./fingerprint.ts"
import { withoutBetween } from "./without-between.ts"

/** What people wrote into the body of a release. */
export interface Hand {
  readonly above: string
  readonly below: string
  /** The generated section as somebody edited it. */
  readonly inside?: Inside
}

export interface Inside {
  readonly text: string
  /** Fingerprints of what it was edited from. */
  readonly of: string
}

/** A line of an edited section, and the blank lines before it. */
export interface EditedLine {
  readonly text: string
  readonly blanks: number
}

/**
 * What is a person's in a body. Where the markers are gone, all of it is theirs, and stands above. A section that was
 * emptied is asked for anew, and so is one of which nobody knows what it was.
 */
export function handOf(body: string): Hand {
  const parts = splitDraftBody(body)
  if (!parts) return { above: `${body}\n\n`, below: "" }
  const { above, below, generated, of } = parts
  const isTheirs = of !== undefined && linesIn(generated).length > 0 && isEdited({ text: generated, of })
  return { above, below, ...(isTheirs ? { inside: { text: generated, of } } : {}) }
}

const isEdited = (inside: Inside): boolean => {
  const lines = linesIn(inside.text)
  const was = readFingerprints(inside.of)
  return lines.length !== was.length || lines.some(({ text }, at) => fingerprintOf(text) !== was[at]?.text)
}

/** Slipway's own remark on what it keeps, in a comment that only the editor shows. It is no part of the text. */
export const REMARK = "<!-- slipway:kept"

/** The lines that are not blank. */
export function linesIn(text: string): readonly EditedLine[] {
  const lines: EditedLine[] = []
  let blanks = 0
  for (const line of withoutBetween(text, REMARK, "-->").split(/\r\n|\r|\n/)) {
    if (line.trim() === "") blanks++
    else {
      lines.push({ text: line.trimEnd(), blanks })
      blanks = 0
    }
  }
  return lines
}

/** What an edit did, in lines. */
export interface Edits {
  readonly reworded: number
  readonly added: number
  readonly deleted: number
}

/** Counts what an edit did: a line for a line is reworded. */
export function editsIn(inside: Inside): Edits {
  const lines = linesIn(inside.text)
  const was = readFingerprints(inside.of)
  const kept = align(was, lines).filter((at) => at !== undefined).length
  const [removed, written] = [was.length - kept, lines.length - kept]
  const reworded = Math.min(removed, written)
  return { reworded, added: written - reworded, deleted: removed - reworded }
}

/** Above it a table of all pairs would take too long; then each line is matched with the next equal one. */
const PAIRS = 4_000_000

/**
 * Which line of `was` each of `lines` is, as many as possible in order; undefined for one that was not there.
 * A longest common subsequence.
 */
export function align(was: readonly Fingerprint[], lines: readonly EditedLine[]): readonly (number | undefined)[] {
  const a = was.map(({ text }) => text)
  const b = lines.map(({ text }) => fingerprintOf(text))
  const matched = new Array<number | undefined>(b.length).fill(undefined)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) matched[start] = start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) matched[--endB] = --endA
  if ((endA - start) * (endB - start) <= PAIRS) longest(a, b, matched, start, endA, endB)
  else nextEqual(a, b, matched, start, endA, endB)
  return matched
}

function longest(
  a: readonly string[],
  b: readonly string[],
  matched: (number | undefined)[],
  start: number,
  endA: number,
  endB: number,
): void {
  const width = endB - start + 1
  const table = new Uint32Array((endA - start + 1) * width)
  const at = (i: number, j: number) => table[(i - start) * width + (j - start)] ?? 0
  for (let i = endA - 1; i >= start; i--)
    for (let j = endB - 1; j >= start; j--)
      table[(i - start) * width + (j - start)] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = start, j = start; i < endA && j < endB; ) {
    if (a[i] === b[j]) matched[j++] = i++
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
}

function nextEqual(
  a: readonly string[],
  b: readonly string[],
  matched: (number | undefined)[],
  start: number,
  endA: number,
  endB: number,
): void {
  const places = new Map<string, number[]>()
  for (let i = endA - 1; i >= start; i--) {
    const known = places.get(a[i] ?? "")
    if (known) known.push(i)
    else places.set(a[i] ?? "", [i])
  }
  let from = start
  for (let j = start; j < endB; j++) {
    const free = places.get(b[j] ?? "")
    while (free?.length && (free.at(-1) ?? 0) < from) free.pop()
    const found = free?.pop()
    if (found === undefined) continue
    matched[j] = found
    from = found + 1
  }
}
