import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"
import { CommitParser } from "conventional-commits-parser"
import { firstOf } from "../model/storable.ts"
import type { Bump } from "../model/version.ts"
import type { Said } from "../model/voice.ts"

/** Longer first lines are cut: no pattern may cost more than a moment on hostile text. UTF-16 units. */
const HEADER_LIMIT = 1_000
/** What is read of the footers, from the first breaking one on. UTF-16 units. */
const FOOTER_LIMIT = 16_000

const NEVER = /(?!)/

/**
 * The specification wants BREAKING CHANGE in capitals. People also write `Breaking change:`, and one that is missed
 * costs more than one too many; all in lower case it is prose.
 */
const BREAKING = /^(?:\*\s+)?((?:BREAKING|Breaking)[ -](?:CHANGE|Change|change)):\s*(.*)/
const BREAKING_LINE = new RegExp(BREAKING.source, "m")

/** `type(scope)!: subject`. The scope ends where it first can: the preset's reads on, into `fix(a): b (c): d`. */
const HEADER = /^(\w*)(?:\((.*?)\))?(!?): (.*)$/

/**
 * The preset's patterns, but without `fieldPattern`: by it a line `-type-` of a body would overwrite the type, and
 * `-notes-` would make the parser throw. Reverts are read by classify-reverts.ts, since the preset's pattern takes
 * quadratic time on blanks.
 */
const parser = new CommitParser({
  headerPattern: HEADER,
  breakingHeaderPattern: NEVER,
  headerCorrespondence: ["type", "scope", "bang", "subject"],
  notesPattern: () => BREAKING,
  revertPattern: NEVER,
  fieldPattern: NEVER,
})

/** What the preset releases at all is a patch, features are a minor. */
const ASKS: ReadonlyMap<string, Bump> = new Map(
  DEFAULT_COMMIT_TYPES.filter((t) => t.effect === "bump").map((t) => [
    t.type,
    t.section === "Features" ? "minor" : "patch",
  ]),
)

const STRENGTH: { readonly [bump in Bump]: number } = { major: 3, minor: 2, patch: 1 }

/** Orders bumps; null is the weakest. */
export const strength = (bump: Bump | null): number => (bump ? STRENGTH[bump] : 0)

/**
 * Reads a commit message or a title. Never throws, whatever the text; a body is parsed only where it holds a breaking
 * change. https://www.conventionalcommits.org/en/v1.0.0/
 */
export function classifyText(message: string): Said {
  const text = message.trimStart()
  const { header, number } = splitNumber(firstLine(text))
  if (header === "") return numbered({ type: null, description: "", asks: null }, number)

  const found = HEADER.exec(header)
  const breaking = breakingOf(text, header, found?.[1] !== "" && found?.[3] === "!")
  if (!found?.[1]) return numbered(unconventional(header, breaking), number)
  const type = found[1].toLowerCase()
  const scope = found[2]?.trim()
  const said: Draft<Said> = {
    type,
    description: found[4]?.trim() || header,
    asks: breaking === null ? (ASKS.get(type) ?? null) : "major",
  }
  if (scope) said.scope = scope
  if (breaking !== null) said.breaking = breaking
  return numbered(said, number)
}

/** One object for one text: a whole history is read by this. */
type Draft<T> = { -readonly [key in keyof T]: T[key] }

function numbered(said: Draft<Said>, number: number | undefined): Said {
  if (number !== undefined) said.number = number
  return said
}

/**
 * What the breaking footers say; empty where a `!` says it alone, null: nothing breaks. The parser is asked for nothing
 * else: on a header it would give back what its pattern matched, at three times the cost.
 */
function breakingOf(text: string, header: string, hasBang: boolean): string | null {
  const footers = breakingFooters(text)
  if (footers === null) return hasBang ? "" : null
  const { masked, code } = maskCode(footers)
  const notes = footerText(parser.parse(`${header}\n\n${masked}`).notes)
  return notes.replace(MASKED, (_, at: string) => code[Number(at)] ?? "")
}

/** The first line that is not blank, at most `HEADER_LIMIT` long. */
export function firstLine(message: string): string {
  const text = message.trimStart()
  const end = text.search(/[\r\n]/)
  return firstOf(end < 0 ? text : text.slice(0, end), HEADER_LIMIT).trim()
}

/** A first line and the number of the ` (#12)` behind it. */
export function splitNumber(line: string): { header: string; number?: number } {
  if (!line.endsWith(")")) return { header: line }
  const found = /\s*\(#(\d{1,9})\)$/.exec(line)
  return found ? { header: line.slice(0, found.index), number: Number(found[1]) } : { header: line }
}

/** From the first breaking footer on: a footer at the end of a megabyte of text is seen, too. */
function breakingFooters(text: string): string | null {
  // Most bodies hold no such word: looking for it is ten times cheaper than the pattern.
  if (!text.includes("BREAKING") && !text.includes("Breaking")) return null
  const found = BREAKING_LINE.exec(text)
  return found ? text.slice(found.index, found.index + FOOTER_LIMIT) : null
}

const FENCE = /^ {0,3}(?:`{3}|~{3})/
/** What GitHub puts between the messages of a squash and those who wrote it with the author. */
const SEPARATOR = /^-{9}\s*$/m
const MASKED = /\uE000(\d{1,5})\uE001/g

/**
 * A footer's value ends where the next footer begins (Conventional Commits 1.0.0, item 10), but what looks like one in a
 * block of code is part of the value: the parser gets to see a mark in its place.
 */
function maskCode(footers: string): { readonly masked: string; readonly code: readonly string[] } {
  const end = SEPARATOR.exec(footers)?.index
  const code: string[] = []
  let inCode = false
  const lines = footers.slice(0, end).split(/\r\n|\r|\n/)
  const masked = lines.map((line) => {
    const isFence = FENCE.test(line)
    if (isFence) inCode = !inCode
    return isFence || inCode ? `\uE000${code.push(line) - 1}\uE001` : line.replace(MASKED, "")
  })
  return { masked: masked.join("\n"), code }
}

const footerText = (notes: readonly { readonly text: string }[]): string =>
  notes
    .map((note) => note.text.trim())
    .filter((text) => text !== "")
    .join("\n\n")

/** Git's and GitHub's `Revert "…"` and `Reapply "…"` are understood; anything else follows no convention. */
function unconventional(header: string, breaking: string | null): Said {
  const said = undone(header)
  if (breaking === null) return said
  return { ...said, breaking, asks: "major" }
}

const UNDO = /^(revert|reapply) "(.+)"$/i

/** A revert of a revert, which git calls Reapply, says what the original said. */
function undone(header: string): Said {
  let text = header
  let reverted = false
  for (let found = UNDO.exec(text); found; found = UNDO.exec(text)) {
    if (found[1]?.toLowerCase() === "revert") reverted = !reverted
    text = splitNumber(found[2] ?? "").header
  }
  if (text === header) return { type: null, description: header, asks: null }
  if (!reverted) return classifyText(text)
  return { type: "revert", description: text, asks: ASKS.get("revert") ?? null }
}
