/** What is read of a description or a message. UTF-16 units. */
const READ_LIMIT = 64_000
/** Nobody closes more issues by one change and means it. */
const CLOSED_LIMIT = 50

const KEYWORD = "(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)"
const REFERENCE = String.raw`(?:https?://[\w.:-]{1,100}/([\w.-]{1,100}/[\w.-]{1,100})/(?:issues|pull)/|([\w.-]{1,100}/[\w.-]{1,100})?#)(\d{1,9})\b`
const CLOSES = new RegExp(String.raw`(?<![\w-])${KEYWORD}:?[ \t]{1,8}${REFERENCE}`, "gi")

/** Comments are the templates' words, code is an example: GitHub reads neither. */
const UNREAD = /<!--[\s\S]*?(?:-->|(?![\s\S]))|^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1|(?![\s\S]))|`[^`\n]{0,200}`/gm

const NONE: readonly number[] = []

/** Whether there is a reference that is not in parentheses, as the number that GitHub puts behind a title is. */
function mayClose(text: string): boolean {
  for (let at = text.indexOf("#"); at >= 0; at = text.indexOf("#", at + 1)) if (text[at - 1] !== "(") return true
  return text.includes("://")
}

/**
 * The issues of this repository that a text closes by GitHub's keywords: `Closes #12`, `fixes: acme/app#12`. Ascending,
 * each once.
 * https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 *
 * @param repository `owner/name`; what closes issues of another repository closes none here. Empty: it is not known
 */
export function closedIn(text: string, repository: string): readonly number[] {
  if (!mayClose(text)) return NONE
  const read = text.slice(0, READ_LIMIT)
  const plain = read.includes("`") || read.includes("~~~") || read.includes("<!--") ? read.replace(UNREAD, " ") : read
  const numbers = new Set<number>()
  for (const [, linked, named, number] of plain.matchAll(CLOSES)) {
    const other = linked ?? named
    if (other !== undefined && other.toLowerCase() !== repository.toLowerCase()) continue
    if (numbers.size < CLOSED_LIMIT) numbers.add(Number(number))
  }
  return [...numbers].sort((a, b) => a - b)
}
