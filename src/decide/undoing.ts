import { firstLine } from "./classify.ts"

/** What a commit takes back, as far as its message names it. */
export interface Undoing {
  readonly shas: readonly string[]
  readonly pulls: readonly number[]
  /** The first line of what is taken back. */
  readonly header: string | null
}

const READ_LIMIT = 64_000
/** Git abbreviates to no fewer: `core.abbrev` has 4 as its floor, but nobody's default is below 7. */
export const SHORT = 7

/**
 * git names the commit (`This reverts commit SHA`), GitHub's button the pull request (`Reverts owner/repo#12`), people
 * write `Revert #12`, the specification suggests `Refs: SHA, SHA`. Null: the message takes nothing back.
 */
export function undoingOf(message: string): Undoing | null {
  if (!takesBack(message)) return null
  const text = message.slice(0, READ_LIMIT)
  const line = bare(firstLine(text))
  const shas = [...text.matchAll(/\bThis reverts commit ([0-9a-f]{7,64})\b/gi)].map((m) => m[1] ?? "")
  const refs = [...text.matchAll(/^Refs?: ([0-9a-f, ]{7,})$/gim)].flatMap((m) => (m[1] ?? "").split(/[ ,]+/))
  const pulls = [...text.matchAll(/^Reverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gim)].map((m) => Number(m[1]))
  const named = /^reverts?(?:\([^()]{1,100}\))?:? (?:PR |pull request )?#(\d{1,9})$/i.exec(line)?.[1]
  return {
    shas: [...shas, ...refs].filter((sha) => sha.length >= SHORT).map((sha) => sha.toLowerCase()),
    pulls: named === undefined ? pulls : [...pulls, Number(named)],
    header: revertedHeader(line),
  }
}

/** Whether a message begins as a revert does. */
const takesBack = (message: string): boolean => /^\s{0,100}re(?:verts?|apply)\b/i.test(message)

/** A first line without the ` (#12)` that GitHub's squash merges write behind it. */
export const bare = (line: string): string => line.replace(/\s{0,10}\(#\d{1,9}\)$/, "")

/** The first line that a bare first line takes back. */
function revertedHeader(line: string): string | null {
  const quoted = /^revert:? "(.+)"$/i.exec(line)?.[1]
  const again = /^reapply "(.+)"$/i.exec(line)?.[1]
  const plain = /^revert(?:\([^)]*\))?!?: (.+)$/i.exec(line)?.[1]
  if (again !== undefined) return `Revert "${again}"`
  return quoted ?? plain ?? null
}
