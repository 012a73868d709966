import { firstOf } from "./storable.ts"

/** GitHub refuses longer bodies of issues. */
const READ_LIMIT = 65_536
const ITEMS_MOST = 100
const REFS_MOST = 5
const TEXT_LIMIT = 200

/** One thing to be done that a post-mortem lists: `- [ ] write a test (#45)`. */
export interface ActionItem {
  readonly text: string
  readonly isTicked: boolean
  /** Issues and pull requests that it names: `#45` or `owner/repo#45`. */
  readonly refs: readonly string[]
}

/** What stands for an action until somebody writes one down. */
export const NO_ACTION_YET = "_What is done, by whom, until when?_"

const HEADING = /^ {0,3}(#{1,6})[ \t]+(\S[^\n]{0,200})$/
const ITEM = /^ {0,12}(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}\[([ xX])\][ \t]+(\S[^\n]*)$/
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/**
 * The task-list items of a post-mortem's body below its heading “Actions”; where people took that heading away, all of the
 * body. What stands in code is none, and neither is the placeholder.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/about-tasklists
 *
 * @param repository `owner/name`: a link to an issue of it is `#45`
 */
export function actionItemsIn(body: string, repository: string): readonly ActionItem[] {
  const lines = withoutCode(body.slice(0, READ_LIMIT).split(/\r?\n/))
  const found = sectionOf(lines).flatMap((line) => {
    const [, mark = "", text = ""] = ITEM.exec(line) ?? []
    if (text === "" || text.trim() === NO_ACTION_YET) return []
    return [{ text: firstOf(text.trim(), TEXT_LIMIT), isTicked: mark !== " ", refs: refsIn(text, repository) }]
  })
  return found.slice(0, ITEMS_MOST)
}

function sectionOf(lines: readonly string[]): readonly string[] {
  const headings = lines.map((line) => HEADING.exec(line))
  const begin = headings.findIndex((heading) => /^action(?:s| items?)\W*$/i.test(heading?.[2]?.trim() ?? ""))
  if (begin < 0) return lines
  const level = headings[begin]?.[1]?.length ?? 6
  const end = headings.findIndex((heading, at) => at > begin && heading !== null && (heading[1]?.length ?? 6) <= level)
  return lines.slice(begin + 1, end < 0 ? undefined : end)
}

function withoutCode(lines: readonly string[]): readonly string[] {
  let fence = ""
  return lines.filter((line) => {
    const mark = FENCE.exec(line)?.[1] ?? ""
    if (fence === "") {
      fence = mark
      return mark === ""
    }
    if (mark.startsWith(fence)) fence = ""
    return false
  })
}

const REFERENCE =
  /(?<![\w/&])(?:https:\/\/[\w.:-]{1,100}\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:issues|pull)\/|([\w.-]{1,100}\/[\w.-]{1,100})?#)([1-9]\d{0,8})\b/g

/** Read of the item as it was written: an item is at most a line. */
function refsIn(text: string, repository: string): readonly string[] {
  const refs = [...text.slice(0, 1_000).matchAll(REFERENCE)].map(([, linked, named, number]) => {
    const of = linked ?? named ?? ""
    return of === "" || of.toLowerCase() === repository.toLowerCase() ? `#${number}` : `${of}#${number}`
  })
  return [...new Set(refs)].slice(0, REFS_MOST)
}
