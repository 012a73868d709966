import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"
import { firstLine } from "./classify.ts"
import { bare, undoingOf } from "./undoing.ts"

const BEGIN = "BEGIN_COMMIT_OVERRIDE"
const END = "END_COMMIT_OVERRIDE"

/** `type(scope)!: x` with a type that the convention or its preset names. */
const KNOWN = DEFAULT_COMMIT_TYPES.map(({ type }) => type).join("|")
const HEADER_LINE = new RegExp(`^(?:${KNOWN})(?:\\([^()\\n]{1,100}\\))?!?: \\S`, "i")
/** A first line that names a kind of change: `fix: x`, and `Fix/123 x`, which GitHub makes of a branch's name. */
const SUMMED = new RegExp(`^(?:${KNOWN})/|^\\w{1,50}(?:\\([^()\\n]{1,100}\\))?!?: `, "i")
/** An item of a list may be of any type, or git's revert. */
const LIST_MESSAGE = /^(?:\w{1,50}(?:\([^()\n]{1,100}\))?!?: \S|Re(?:vert|apply) ")/
const BREAKING_MESSAGE = /^\w{1,50}(?:\([^()\n]{1,100}\))?!: \S/
/** Whether a body holds anything of that kind: most do not, and are not looked at line by line. */
const SOME_MESSAGE = new RegExp(
  `\\n(?:[*-] ${LIST_MESSAGE.source.slice(1)}|${HEADER_LINE.source.slice(1)}|BEGIN_)`,
  "i",
)
const NESTED = /^(?:BEGIN|END)_NESTED_COMMIT\s*$/

/** One of the messages that a text holds. */
export interface Message {
  readonly text: string
  /** An item of the list that GitHub makes of a squash's commits; else somebody wrote it out. */
  readonly listed: boolean
}

/**
 * The messages that one commit message holds: its own, and those of the commits that a squash put into its body.
 *
 * - Paragraphs that begin like a commit of a type that the convention names, as release-please reads them.
 * - A list (`* feat: a`), which is what GitHub fills a squash's body with: where the body begins with it and the first
 *   line follows no convention. Where it does, somebody summed the list up, and its items are the way there: counted,
 *   they would make of every `chore: move CI` with a `* fix: typo` a release (measured on public histories). Only a
 *   breaking one (`* feat!: a`) counts there, too: one that is missed costs more than one too many.
 * - What stands between `BEGIN_NESTED_COMMIT` and `END_NESTED_COMMIT`; and between `BEGIN_COMMIT_OVERRIDE` and
 *   `END_COMMIT_OVERRIDE`, in place of all else. The markers are release-please's.
 *
 * Messages of one body that take each other back are left out. Takes time in proportion to the text.
 *
 * @returns at least one; the first is the message itself, up to the next one
 */
export function messagesIn(message: string): readonly Message[] {
  if (!SOME_MESSAGE.test(message)) return [{ text: message, listed: false }]
  const text = overridden(message).trimStart()
  const lines = text.split(/\r\n|\r|\n/)
  const summed = SUMMED.test(lines[0] ?? "")
  const list = { mark: listIn(lines), item: summed ? BREAKING_MESSAGE : LIST_MESSAGE }
  const messages = [{ lines: [lines[0] ?? ""], listed: false }]
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ""
    const start = startIn(line, lines[at - 1] ?? "", list)
    if (start === undefined) messages.at(-1)?.lines.push(NESTED.test(line) ? "" : line)
    else messages.push({ lines: [start.line], listed: start.listed })
  }
  const found = messages.map((of) => ({ text: of.lines.join("\n"), listed: of.listed }))
  const several = summed || found.filter((one) => HEADER_LINE.test(one.text)).length > 1
  return several ? withoutUndone(found) : [{ text, listed: false }]
}

interface List {
  /** What its items begin with; undefined: there is none. */
  readonly mark: string | undefined
  /** Which of them count. */
  readonly item: RegExp
}

/** What the items of the list that the body begins with begin with. */
const listIn = (lines: readonly string[]): string | undefined =>
  /^[*-] /.exec(lines.slice(1).find((line) => line.trim() !== "") ?? "")?.[0]

/** The first line of a message that begins here; undefined: none does. */
function startIn(line: string, before: string, list: List): { line: string; listed: boolean } | undefined {
  if (list.mark !== undefined && line.startsWith(list.mark)) {
    const item = line.slice(list.mark.length)
    return list.item.test(item) ? { line: item, listed: true } : undefined
  }
  const isStart = before.trim() === "" || NESTED.test(before) || HEADER_LINE.test(before)
  return isStart && HEADER_LINE.test(line) ? { line, listed: false } : undefined
}

function overridden(message: string): string {
  const [, block] = message.split(BEGIN, 2)
  return block?.split(END, 1)[0]?.trim() || message
}

/** A squash may hold a commit and its revert: they cancel out as they would on the branch. The title stays. */
function withoutUndone(messages: readonly Message[]): readonly Message[] {
  const undoings = messages.map(({ text }) => undoingOf(text))
  if (undoings.every((undoing, at) => at === 0 || undoing === null)) return messages
  const places = messages.map((_, at) => at).slice(1)
  const standing = Map.groupBy(places, (at) => bare(firstLine(messages[at]?.text ?? "")))
  const gone = new Set<number>()
  for (let at = messages.length - 1; at > 0; at -= 1) {
    const header = undoings[at]?.header
    if (gone.has(at) || !header) continue
    const of = standing.get(bare(header)) ?? []
    while ((of.at(-1) ?? 0) >= at) of.pop()
    const target = of.pop()
    if (target !== undefined) gone.add(target).add(at)
  }
  return messages.filter((_, at) => !gone.has(at))
}
