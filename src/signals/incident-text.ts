import type { IncidentText } from "../model/incident.ts"
import { firstOf, storableText } from "../model/storable.ts"

type Field = Exclude<keyof IncidentText, "title">

const FIELDS: { readonly [word: string]: Field } = {
  release: "release",
  environment: "environment",
  component: "component",
  "back to": "to",
  because: "because",
}
const WORDS = Object.keys(FIELDS).join("|")

/** `Release: 1.4.2`, also as an item of a list or with the word in bold. */
const LINE = new RegExp(`^ {0,3}(?:[-*+] )?(?:\\*\\*)?(${WORDS})(?:\\*\\*)? ?:(?:\\*\\*)?(.*)$`, "i")
/** `### Release`, as GitHub's issue forms write it above the answer. */
const HEADING = new RegExp(`^ {0,3}#{1,6} {1,3}(${WORDS}):?$`, "i")
const FENCE = /^ {0,3}(```|~~~)/
/** What a form has where nothing was filled in. */
const NO_ANSWER = "_No response_"

const LONGEST_LINE = 1_000
const LONGEST_VALUE = 200
/** Two are too many already. */
const VALUES_KEPT = 3

/**
 * What an issue names, by the grammar that `docs/rollback.md` describes: fields on lines of their own, or below a heading of
 * their own. What stands in quotations, in code and in what GitHub does not show names nothing.
 *
 * @param body in GitHub's Markdown
 */
export function incidentText(title: string, body: string): IncidentText {
  const said = { release: [], environment: [], component: [], to: [], because: [] } as Record<Field, string[]>
  let fence: string | undefined
  let above: Field | undefined
  for (const whole of shown(body).split(/\r?\n/)) {
    const line = whole.slice(0, LONGEST_LINE).trimEnd()
    const mark = FENCE.exec(line)?.[1]
    if (fence !== undefined || mark !== undefined) {
      if (mark !== undefined) fence = fence === undefined ? mark : mark === fence ? undefined : fence
      above = undefined
      continue
    }
    const heading = HEADING.exec(line)?.[1]
    if (heading !== undefined) {
      above = FIELDS[heading.toLowerCase()]
      continue
    }
    const [, word = "", value = ""] = LINE.exec(line) ?? []
    const field = FIELDS[word.toLowerCase()] ?? (/^ {0,3}[^\s#>]/.test(line) ? above : undefined)
    if (field !== undefined) keep(said[field], word === "" ? line : value)
    if (line !== "") above = undefined
  }
  return { title: firstOf(storableText(title), LONGEST_LINE), ...said }
}

function keep(values: string[], written: string): void {
  const value = storableText(unmarked(written.trim()).slice(0, LONGEST_VALUE))
  if (value === "" || value === NO_ANSWER || values.includes(value) || values.length === VALUES_KEPT) return
  values.push(value)
}

/** Without the marks around all of it: `` `v1.4.2` ``, `**v1.4.2**`. */
const unmarked = (text: string): string => /^(`|\*\*)([^`*]+)\1$/.exec(text)?.[2]?.trim() ?? text

/** Without comments: templates say in them what belongs where. One that is not closed hides all that follows. */
function shown(body: string): string {
  let text = ""
  for (let at = 0; ; ) {
    const open = body.indexOf("<!--", at)
    if (open < 0) return text + body.slice(at)
    text += body.slice(at, open)
    const close = body.indexOf("-->", open + 4)
    if (close < 0) return text
    at = close + 3
  }
}
