/** A release's heading in a changelog. */
export interface Heading {
  /** SemVer, without a `v`. */
  readonly version: string
  /** UTF-16 offset of its line. */
  readonly at: number
}

/** How a changelog writes the headings of its releases. */
export interface Style {
  /** Of the heading: 2 is `##`. */
  readonly level: number
  /** Before the version: `v` or nothing. */
  readonly prefix: string
  /** `[1.5.0]` with a link at the end of the file, `[1.5.0](…)`, or no link. */
  readonly link: "reference" | "inline" | "plain"
  /** Whether a version without a link stands in brackets, too. */
  readonly bracketed: boolean
  readonly date: "dash" | "brackets" | "slash" | "none"
}

export interface ChangelogFile {
  readonly releases: readonly Heading[]
  readonly style: Style
  readonly lineEnd: "\n" | "\r\n"
  /** UTF-16 offset at which a new release goes in. */
  readonly at: number
  /** UTF-16 offset at which a new link reference goes in; never before `at`. */
  readonly linksAt: number
}

/** https://keepachangelog.com/en/1.1.0/ */
const KEEP_A_CHANGELOG: Style = { level: 2, prefix: "", link: "reference", bracketed: false, date: "dash" }

const HEADING_LIMIT = 500

/** `## [v1.4.0](url) - 2026-01-01`, `# 1.4.0 / 2026-01-01`, `## app@1.4.0`, with an anchor before it or not. */
const RELEASE =
  /^ {0,3}(#{1,4}) +(?:<a [^>]{0,200}>(?:<\/a>)? *)?(?:(?:Release|Version) +)?(\[?)(?:[@\w./-]{1,100}@)?(v?)(\d{1,9}\.\d{1,9}(?:\.\d{1,9})?(?:-[0-9A-Za-z.-]{1,100})?(?:\+[0-9A-Za-z.-]{1,100})?)(\]?)(\([^)]{0,400}\))?(.*)$/
/** `1.4.0 / 2026-01-01` over a line of `=` or `-`. */
const UNDERLINED = /^(\[?)(v?)(\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,100})?)(\]?)(\([^)]{0,400}\))?(.*)$/
/** On a line of its own it belongs to the heading below. */
const ANCHOR = /^<a (?:name|id)="[^"]{0,200}"> *<\/a> *$/
const UNRELEASED = /^ {0,3}#{1,4} +\[?(?:unreleased|next|upcoming|head)\b/i
const LINK = /^ {0,3}\[([^\]]{1,200})\]: *\S/

interface Found extends Heading {
  readonly style: Style
}

/** Reads where a changelog's releases are and how it writes them. One pass; code blocks and comments are no headings. */
export function readChangelog(text: string): ChangelogFile {
  const releases: Found[] = []
  const links: { at: number; label: string }[] = []
  let unreleased: number | undefined
  let afterUnreleased: number | undefined
  let anchor: number | undefined
  for (const { line, next, at } of proseLines(text)) {
    const found = release(line, next, anchor ?? at)
    if (found) releases.push(found)
    else if (UNRELEASED.test(line)) unreleased ??= at
    else if (unreleased !== undefined && releases.length === 0 && isHeadingOf(line, text, unreleased))
      afterUnreleased ??= at
    anchor = ANCHOR.test(line) ? at : undefined
    const label = LINK.exec(line)?.[1]
    if (label !== undefined) links.push({ at, label })
  }
  const first = releases[0]
  const endOfText = endOfProse(text, links)
  const at = first?.at ?? afterUnreleased ?? endOfText
  const versionLink = links.find(({ at: where, label }) => where >= at && /^v?\d+\.\d+/.test(label))
  const anyLink = links.find(({ at: where }) => where >= at && where >= endOfText)
  return {
    releases,
    style: first?.style ?? KEEP_A_CHANGELOG,
    lineEnd: lineEndOf(text),
    at,
    linksAt: Math.max(at, versionLink?.at ?? afterLast(anyLink ? links : [], text)),
  }
}

const lineEndOf = (text: string): "\n" | "\r\n" => {
  const first = text.indexOf("\n")
  return first > 0 && text[first - 1] === "\r" ? "\r\n" : "\n"
}

/** Another heading of the same level or above ends the section that is not released yet. */
function isHeadingOf(line: string, text: string, unreleased: number): boolean {
  const level = /^ {0,3}(#{1,6}) /.exec(line)?.[1]?.length
  const own = /^ {0,3}(#{1,6}) /.exec(text.slice(unreleased, unreleased + 20))?.[1]?.length ?? 2
  return level !== undefined && level <= own
}

/** Where link references end the file, what comes before them; else the end. */
function endOfProse(text: string, links: readonly { at: number }[]): number {
  let at = text.length
  for (const link of links.toReversed()) {
    const line = text.slice(link.at, at)
    if (line.trim().includes("\n")) break
    at = link.at
  }
  return at
}

function afterLast(links: readonly { at: number }[], text: string): number {
  const last = links.at(-1)
  if (!last) return text.length
  const end = text.indexOf("\n", last.at)
  return end < 0 ? text.length : end + 1
}

function release(line: string, next: string, at: number): Found | undefined {
  if (line.length > HEADING_LIMIT) return undefined
  const [, marks, open, prefix, version, close, url, rest] = RELEASE.exec(line) ?? underlined(line, next) ?? []
  if (marks === undefined || version === undefined) return undefined
  const full = /^\d+\.\d+(?![\d.])/.test(version) ? version.replace(/^\d+\.\d+/, "$&.0") : version
  const bracketed = open === "[" && close === "]"
  return {
    version: full,
    at,
    style: {
      level: marks.length,
      prefix: prefix ?? "",
      link: !bracketed ? "plain" : url === undefined ? "reference" : "inline",
      bracketed,
      date: dateStyle(rest ?? ""),
    },
  }
}

/** As the other pattern gives it: the level of `=` is 1, that of `-` is 2. */
function underlined(line: string, next: string): readonly (string | undefined)[] | null {
  if (!/^(?:={3,}|-{3,})\s*$/.test(next)) return null
  const [, open, prefix, version, close, url, rest] = UNDERLINED.exec(line) ?? []
  return version === undefined ? null : ["", next.startsWith("=") ? "#" : "##", open, prefix, version, close, url, rest]
}

function dateStyle(rest: string): Style["date"] {
  if (!/\d{4}|\bunreleased\b/i.test(rest)) return "none"
  if (/^\s*\(/.test(rest)) return "brackets"
  return /^\s*\//.test(rest) ? "slash" : "dash"
}

/** The lines that are neither in a fenced code block nor in an HTML comment, with the line below each. */
function* proseLines(text: string): Generator<{ line: string; next: string; at: number }> {
  let fence = ""
  let comment = false
  let at = text.startsWith("\ufeff") ? 1 : 0
  while (at < text.length) {
    const end = text.indexOf("\n", at)
    const stop = end < 0 ? text.length : end
    const line = text.slice(at, stop).replace(/\r$/, "")
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? ""
    if (comment) comment = !line.includes("-->")
    else if (fence !== "") fence = mark.startsWith(fence) && /^[ `~]*$/.test(line) ? "" : fence
    else if (mark !== "") fence = mark
    else if (line.includes("<!--") && !line.includes("-->", line.lastIndexOf("<!--"))) comment = true
    else yield { line, next: nextLine(text, stop), at }
    at = stop + 1
  }
}

function nextLine(text: string, stop: number): string {
  const end = text.indexOf("\n", stop + 1)
  return text.slice(stop + 1, Math.min(end < 0 ? text.length : end, stop + 1 + HEADING_LIMIT)).replace(/\r$/, "")
}
