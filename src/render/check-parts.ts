import type { Answer } from "../model/approval.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { showInstant } from "./instant.ts"
import { shortSha } from "./words.ts"

/** What stands on GitHub's pages, as Markdown whose outside parts are escaped. */
export type Markdown = string

/** What a page is about: `owner/name`, and the address of the GitHub that it is on. */
export interface Place {
  readonly repository: string
  /** Scheme and host; absent: github.com. */
  readonly webUrl?: string
}

const GITHUB = "https://github.com"

/** The address of the GitHub that people read the page on. */
export const hostOf = ({ webUrl = GITHUB }: Pick<Place, "webUrl">): string => webUrl

/** Seven characters of the SHA, linked to the commit. */
export const commitLink = (place: Place, sha: string): Markdown =>
  /^[0-9a-f]{7,64}$/.test(sha)
    ? `[\`${shortSha(sha)}\`](${hostOf(place)}/${encodeURI(place.repository)}/commit/${sha})`
    : escapeMarkdown(shortSha(sha))

/** A version as it is; nothing in SemVer's alphabet means anything in Markdown within a line. */
export const versionText = (version: string): Markdown =>
  /^[0-9A-Za-z.+-]+$/.test(version) ? version : escapeMarkdown(version)

/** A person by name and link; without `@`, since a page is drawn anew often and nobody is to be called each time. */
export const personLink = (place: Place, login: string): Markdown =>
  /^[A-Za-z0-9-]+$/.test(login) ? `[${login}](${hostOf(place)}/${login})` : escapeMarkdown(login)

/** Outside text with its link, where it is a web address. */
export function evidenceLink(text: string, url: string | undefined): Markdown {
  if (url === undefined || !URL.canParse(url)) return escapeMarkdown(text)
  const { protocol, href } = new URL(url)
  if (protocol !== "https:" && protocol !== "http:") return escapeMarkdown(text)
  return `[${escapeMarkdown(text)}](${href.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll("|", "%7C")})`
}

/** A heading with what it heads; nothing when there is nothing to head. */
export const part = (title: string, body: Markdown): Markdown => (body === "" ? "" : `## ${title}\n\n${body}`)

/** The parts that are not empty, a blank line apart. */
export const page = (parts: readonly Markdown[]): Markdown => parts.filter((it) => it !== "").join("\n\n")

export const bullets = (lines: readonly Markdown[]): Markdown => lines.map((line) => `- ${line}`).join("\n")

/** A table. Cells are Markdown of one line without a bare bar: escaped text is, and so are the links made here. */
export function table(head: readonly string[], rows: readonly (readonly Markdown[])[]): Markdown {
  if (rows.length === 0) return ""
  const row = (cells: readonly Markdown[]) => `| ${cells.join(" | ")} |`
  return [row(head), `|${" --- |".repeat(head.length)}`, ...rows.map(row)].join("\n")
}

/** What came of the buttons that people pressed; the newest first, so that the presser finds theirs. */
export const answerList = (place: Place, answers: readonly Answer[]): Markdown =>
  bullets(
    answers.toReversed().map((it) => {
      const verdict = it.counted ? "✅ counted" : "🚫 **not counted**"
      return `${showInstant(it.at)}: ${personLink(place, it.by)} pressed *${escapeMarkdown(it.did)}* — ${verdict}: ${escapeMarkdown(it.because)}`
    }),
  )

export const warningList = (warnings: readonly string[]): Markdown =>
  bullets(warnings.map((warning) => `⚠️ ${escapeMarkdown(warning)}`))
