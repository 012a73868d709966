/** Breaks what GitHub would link or notify, and nobody sees it: `@name`, `owner/repo#1`, web addresses. */
const BREAK = "\u200b"

/** Scripts that run from right to left; such text is isolated, so that it does not reorder what stands around it. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const ISOLATE = "\u2068"
const END_OF_ISOLATE = "\u2069"

/**
 * Text from outside as one line of GitHub-flavoured Markdown that shows exactly this text: no HTML, image, link,
 * heading, list, table cell, formula or line break comes of it, and nobody is notified. `#12` stays a link to the
 * repository's own issue, and `code` between single backticks stays code.
 *
 * GitHub looks for mentions and references after Markdown is rendered, so a backslash does not stop them: a
 * zero-width space does (https://github.com/github/markup/issues/1168). https://github.github.com/gfm/
 */
export function escapeMarkdown(text: string): string {
  if (HARMLESS.test(text)) return text
  const line = oneLine(text)
  const parts = line.split(CODE).map((part) => (isCode(part) ? part : escapePlain(part)))
  const safe = escapeStart(parts.join(""))
  return RIGHT_TO_LEFT.test(line) ? `${ISOLATE}${safe}${END_OF_ISOLATE}` : safe
}

/** Most titles: words with single blanks between them and no character that anything is made of. */
const HARMLESS = /^[A-Za-z](?: ?[A-Za-z0-9,'"()/=?!-])*$/

/** Code spans as people write them in titles; none that could end a table cell. */
const CODE = /((?<!`)`[^`|]+`(?!`))/

/** Comments are not code either: a marker of ours inside of code would still be found as a marker. */
const isCode = (part: string): boolean => CODE.test(part) && /[^`\s]/.test(part) && !/<!--|--!?>/.test(part)

/** Control characters and the invisible ones that reorder text become nothing; line breaks become blanks. */
const oneLine = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .replace(/ {2,}/g, " ")
    .trim()

const escapePlain = (text: string): string =>
  text
    .replace(/[\\`*~[\]|$]/g, "\\$&")
    // Between letters `_` means nothing, and `snake_case` stays readable.
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/(?<=--!?)>/g, "&gt;")
    .replace(/@(?=\S)/g, `@${BREAK}`)
    .replace(/(?<=[\w.-])#(?=\d)/g, `${BREAK}#`)
    .replace(/(?<=[a-z]):(?=\/\/)/gi, `:${BREAK}`)
    .replace(/(?<=www)\./gi, `${BREAK}.`)

/** Text from outside as one line where GitHub reads no Markdown, as in a check run's title; it looks like no tag or mention either. */
export const plainLine = (text: string): string => oneLine(text).replace(/[@<](?=\S)/g, `$&${BREAK}`)

/** What means something at the beginning of a line only: headings, quotes, lists, rules. */
const escapeStart = (line: string): string =>
  line.replace(
    /^(?:(\d{1,9})([.)])|([-+=#>]))/,
    (_, digits = "", after = "", mark = "") => `${digits}\\${after}${mark}`,
  )
