import { type Fingerprint, fingerprintOf, readFingerprints } from "../model/fingerprint.ts"
import { type EditedLine, type Inside, linesIn } from "../model/hand.ts"
import { type Fate, rolesOf } from "./edit-roles.ts"
import type { Keyed } from "./keyed.ts"

/** A generated section with a person's edits kept. */
export interface Merged {
  readonly text: string
  /** Lines that they reworded and that Slipway would write differently by now. */
  readonly overtaken: readonly string[]
  /** Lines that they reworded and that speak of what is no longer in the release. */
  readonly gone: readonly string[]
}

/** A line of the result. */
interface Out extends EditedLine {
  /** Where it stands in the edit, and with how many blank lines before it there; absent: it is new. */
  edited?: { readonly index: number; readonly blanks: number }
}

/** A generated line of the result, and what a person wrote behind it. */
interface Place extends Out {
  readonly tail: Out[]
}

/** A line as it is generated now. `was`: its place among those that were edited; undefined: it is new. */
interface Line extends EditedLine {
  readonly was: number | undefined
}

/**
 * Keeps what a person did to the generated section while the section goes on: a line that they reworded or added stays as
 * they wrote it, one that they deleted stays deleted, one that they moved stays where they put it, and what is new comes
 * in where it belongs. A line is known by what it speaks of, so that it is the same one under another title or in another
 * section. A heading that they deleted comes back only for lines that are new.
 *
 * Merging the result again changes nothing.
 */
export function mergeEdits(generated: readonly Keyed[], inside: Inside): Merged {
  const was = readFingerprints(inside.of)
  const edited = linesIn(inside.text)
  const { fates, roles } = rolesOf(was, edited)
  const now = linesNow(generated, was)
  const { places, byWas, overtaken } = place(now, was, fates)
  const gone: string[] = []
  const texts = new Map(now.flatMap((line) => (line.was === undefined ? [] : [[line.was, line.text] as const])))
  const top: Place = { text: "", blanks: 0, tail: [] }
  let at = top
  edited.forEach((line, index) => {
    const role = roles[index] ?? { is: "added" }
    const stands = role.is === "added" ? undefined : byWas.get(role.was)
    const own = { ...line, edited: { index, blanks: line.blanks } }
    if (stands && role.is !== "moved") {
      stands.edited = own.edited
      at = stands
    } else if (role.is === "added" || role.is === "reworded") at.tail.push(own)
    else if (role.is === "moved" && texts.has(role.was)) at.tail.push({ ...own, text: texts.get(role.was) ?? "" })
    if (!stands && role.is === "reworded") gone.push(line.text)
  })
  return { text: written([...top.tail, ...places.flatMap((of) => [of, ...of.tail])]), overtaken, gone }
}

function linesNow(generated: readonly Keyed[], was: readonly Fingerprint[]): readonly Line[] {
  const free = Map.groupBy(was.keys(), (index) => was[index]?.key ?? "")
  let blanks = 0
  return generated.flatMap(({ key, text }): Line[] => {
    if (text.trim() === "") {
      blanks++
      return []
    }
    const line = { text, blanks, was: free.get(fingerprintOf(key))?.shift() }
    blanks = 0
    return [line]
  })
}

/** Where the generated lines stand, those that a person reworded in their words. */
function place(now: readonly Line[], was: readonly Fingerprint[], fates: readonly Fate[]) {
  const places: Place[] = []
  const byWas = new Map<number, Place>()
  const overtaken: string[] = []
  let blanks = 0
  now.forEach((line, index) => {
    const text = textNow(line, index, now, fates)
    blanks = Math.max(blanks, line.blanks)
    if (text === undefined) return
    const stands: Place = { text, blanks, tail: [] }
    blanks = 0
    places.push(stands)
    if (line.was === undefined) return
    byWas.set(line.was, stands)
    const differs = fingerprintOf(line.text) !== was[line.was]?.text
    if (fates[line.was]?.is === "reworded" && differs && line.text !== text) overtaken.push(line.text)
  })
  return { places, byWas, overtaken }
}

/** Undefined: it does not stand here. */
function textNow(line: Line, index: number, now: readonly Line[], fates: readonly Fate[]): string | undefined {
  const fate = line.was === undefined ? undefined : fates[line.was]
  if (fate === undefined || fate.is === "kept") return line.text
  if (fate.is === "reworded") return fate.text
  return fate.is === "deleted" && isNeededAgain(index, now, fates) ? line.text : undefined
}

/** A heading whose lines all went with it, and that has a new one. */
function isNeededAgain(index: number, now: readonly Line[], fates: readonly Fate[]): boolean {
  if (!isHeading(now[index])) return false
  const end = now.findIndex((line, at) => at > index && isHeading(line))
  const items = now.slice(index + 1, end < 0 ? now.length : end).filter(({ text }) => text.startsWith("- "))
  const isKept = ({ was }: Line) => was !== undefined && ["kept", "reworded"].includes(fates[was]?.is ?? "")
  return items.some(({ was }) => was === undefined) && !items.some(isKept)
}

const isHeading = (line: Line | undefined): boolean => line !== undefined && /^#{1,6} /.test(line.text)

/** Lines that stood one behind the other in the edit have the blank lines between them that they had there. */
const written = (lines: readonly Out[]): string =>
  lines
    .map(({ text, blanks, edited }, index) => {
      const isNext = edited !== undefined && lines[index - 1]?.edited?.index === edited.index - 1
      return `${"\n".repeat(index === 0 ? 0 : isNext ? edited.blanks : blanks)}${text}\n`
    })
    .join("")
