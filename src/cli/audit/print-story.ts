import { escapeMarkdown } from "../../render/escape-markdown.ts"
import type { Terminal } from "../command.ts"
import { paint, plain } from "../paint.ts"
import { type Line, type Section, second, sectionsOf } from "./show-story.ts"
import type { Story } from "./story.ts"

/** The story for a terminal. */
export function storyAsText(story: Story, terminal: Terminal): string {
  const bold = (text: string) => paint(terminal, "bold", text)
  const dim = (text: string) => paint(terminal, "dim", text)
  const marks = { good: paint(terminal, "green", "✔"), bad: paint(terminal, "red", "✘"), none: dim("·") }
  const rows = ({ title, lines }: Section): readonly string[] => {
    const width = Math.min(24, Math.max(...lines.map(({ head }) => plain(head).length)))
    return ["", bold(title), ...lines.flatMap((it) => row(it, width, marks, dim))]
  }
  const verdict =
    story.missing.length === 0
      ? [paint(terminal, "green", "✔ The evidence is complete.")]
      : [paint(terminal, "red", "✘ Evidence is missing:"), ...story.missing.map((what) => `    - ${plain(what)}`)]
  return [
    `${bold(plain(`${story.repository} ${story.version}`))}${dim(plain(`  ${story.tag} on ${story.sha || "no commit"}`))}`,
    plain(outcome(story)),
    ...sectionsOf(story).flatMap(rows),
    "",
    ...verdict,
    "",
  ].join("\n")
}

function row(
  { mark, head, says, url }: Line,
  width: number,
  marks: Readonly<Record<Line["mark"], string>>,
  dim: (text: string) => string,
): readonly string[] {
  const [first = "", ...rest] = says.map(plain)
  const begin = `  ${marks[mark]} ${plain(head).padEnd(width)}  ${first}`
  const more = rest.length === 0 ? "" : dim(` · ${rest.join(" · ")}`)
  return [`${begin}${more}`, ...(url === undefined ? [] : [dim(`    ${" ".repeat(width)}  ${plain(url)}`)])]
}

const outcome = ({ published }: Story): string =>
  published ? `published ${second(published.at)} by ${published.by}` : "not published"

const MARKS = { good: "✅ ", bad: "❌ ", none: "" } as const

/** The story as Markdown, for a ticket or an archive. */
export function storyAsMarkdown(story: Story): string {
  const items = ({ title, lines }: Section): readonly string[] => [
    "",
    `## ${escapeMarkdown(title)}`,
    "",
    ...lines.map(({ mark, head, says, url }) => {
      const link = url !== undefined && /^https:\/\/[^\s()<>]+$/.test(url) ? ` ([evidence](${url}))` : ""
      return `- ${MARKS[mark]}**${escapeMarkdown(plain(head))}**: ${says.map((text) => escapeMarkdown(plain(text))).join("; ")}${link}`
    }),
  ]
  const verdict =
    story.missing.length === 0
      ? ["The evidence is complete."]
      : ["**Evidence is missing:**", "", ...story.missing.map((what) => `- ${escapeMarkdown(plain(what))}`)]
  return [
    `# ${escapeMarkdown(plain(`${story.repository} ${story.version}`))}`,
    "",
    escapeMarkdown(plain(`${story.tag} on ${story.sha || "no commit"}, ${outcome(story)}.`)),
    ...sectionsOf(story).flatMap(items),
    "",
    ...verdict,
    "",
  ].join("\n")
}

/** A line of JSON for what the release is, each record as it was written, and each thing that is missing. */
export function storyAsLines({ records, missing, ...release }: Story): string {
  const lines = [
    { is: "release", ...release },
    ...records.map((record) => ({ is: "record", ...record })),
    ...missing.map((what) => ({ is: "missing", what })),
  ]
  return lines.map((it) => `${JSON.stringify(it)}\n`).join("")
}
