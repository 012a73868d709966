import type { PullSays } from "./change.ts"
import { storableText } from "./storable.ts"

const BEGIN = "BEGIN_COMMIT_OVERRIDE"
const END = "END_COMMIT_OVERRIDE"
/** GitHub takes a description of 65,536 characters; what is kept of one is stored with every state. UTF-16 units. */
const OVERRIDE_LIMIT = 16_000
const FOOTERS_LIMIT = 10
const REVERTS_LIMIT = 20

const FOOTER = /^(?:Release-As|slipway)(?::[ \t]*| #)\S{1,100}[ \t]*$/i
const REVERTS = /^Reverts (?:([\w.-]{1,100}\/[\w.-]{1,100}))?#(\d{1,9})[ \t]*$/i
const FENCE = /^ {0,3}(?:`{3}|~{3})/

type Stated = Pick<PullSays, "override" | "footers" | "reverts">

/**
 * What people state in a pull request's description. Comments do not count: a template's explanation of a marker is no
 * override. Footers and reverts count outside of code only.
 *
 * The override's markers are release-please's, so that people can move over; like there, a block that is never closed
 * goes to the end. https://github.com/googleapis/release-please#how-can-i-fix-release-notes
 *
 * @param repository `owner/name`: a revert that names another repository takes nothing back here
 */
export function statedIn(body: string, repository: string): Stated {
  const text = withoutComments(storableText(body))
  const override = overrideIn(text)
  const lines = outsideCode(text)
  const footers = lines.filter((line) => FOOTER.test(line)).slice(0, FOOTERS_LIMIT)
  const reverts = lines.flatMap((line) => revertIn(line, repository)).slice(0, REVERTS_LIMIT)
  return {
    ...(override === "" ? {} : { override }),
    ...(footers.length === 0 ? {} : { footers: footers.map((line) => line.trim()).join("\n") }),
    ...(reverts.length === 0 ? {} : { reverts: [...new Set(reverts)] }),
  }
}

/** A comment that is never closed goes to the end, as in HTML. */
function withoutComments(text: string): string {
  let kept = ""
  let at = 0
  for (;;) {
    const start = text.indexOf("<!--", at)
    if (start < 0) return kept + text.slice(at)
    kept += text.slice(at, start)
    const end = text.indexOf("-->", start + 4)
    if (end < 0) return kept
    at = end + 3
  }
}

function overrideIn(text: string): string {
  const begin = text.indexOf(BEGIN)
  if (begin < 0) return ""
  const start = begin + BEGIN.length
  const end = text.indexOf(END, start)
  const block = text.slice(start, end < 0 ? undefined : end).slice(0, OVERRIDE_LIMIT)
  const lines = block.split(/\r\n|\r|\n/).filter((line) => !FENCE.test(line))
  return lines.join("\n").trim().toWellFormed()
}

/** The lines that are in no fenced block of code. */
function outsideCode(text: string): readonly string[] {
  let inCode = false
  return text.split(/\r\n|\r|\n/).filter((line) => {
    const isFence = FENCE.test(line)
    if (isFence) inCode = !inCode
    return !isFence && !inCode
  })
}

function revertIn(line: string, repository: string): readonly number[] {
  const [, of, number] = REVERTS.exec(line) ?? []
  if (number === undefined) return []
  return of === undefined || of.toLowerCase() === repository.toLowerCase() ? [Number(number)] : []
}
