import type { Cause, Impact, ImpactPage } from "../model/page.ts"
import { bullets, commitLink, type Markdown, page, part, table, versionText, warningList } from "./check-parts.ts"
import { escapeMarkdown, plainLine } from "./escape-markdown.ts"
import { renderNotes } from "./notes.ts"
import { list } from "./words.ts"

/** One line that says what merging would do; GitHub shows it beside the check's name on the pull request. */
export function impactTitle({ impact, title, unlabelled, number }: ImpactPage): string {
  const says = verdict(impact, number)
  if (unlabelled) return `${says}; no label says how large it is`
  return title ? `${says}; its title is not understood` : says
}

function verdict(impact: Impact, number: number): string {
  switch (impact.is) {
    case "releases":
      return `Merging this releases ${impact.version} (${impact.bump})${reasonIn(impact, number)}`
    case "joins":
      return `Goes into ${impact.version}, already ${impact.bump} because of ${causes(impact)}`
    case "takes back":
      return impact.version === null
        ? `Merging this leaves nothing to release (now ${impact.instead})`
        : `Merging this makes the next release ${impact.version} (now ${impact.instead})`
    case "nothing":
      return impact.goesWith === null
        ? "Releases nothing by itself"
        : `Releases nothing by itself; goes out with ${impact.goesWith}`
    case "by files":
      return impact.asks === null
        ? "Releases nothing by itself"
        : `Releases the components that it touches (${impact.asks})`
    case "elsewhere":
      return "Releases nothing: its base is no release branch"
  }
}

/** The pull request's own reason. */
function reasonIn({ because }: Extract<Impact, { is: "releases" }>, number: number): string {
  const cause = because.find(({ change }) => change === `#${number}`) ?? because[0]
  return cause ? `, because ${plainLine(withoutNumber(cause))}` : ""
}

/** The subject of a merge ends with the number that is said beside it; so does a title that somebody took from one. */
function withoutNumber({ subject, change }: Cause): string {
  let text = subject
  while (text.endsWith(` (${change})`)) text = text.slice(0, -` (${change})`.length)
  return text
}

const causes = ({ because }: Extract<Impact, { is: "joins" }>): string =>
  list(because.map(({ change }) => (change.startsWith("#") ? change : change.slice(0, 7))).slice(0, 3)) ||
  "other changes"

/** What merging would do, why, the line in the notes, and what all of it rests on. */
export const impactSummary = (it: ImpactPage): Markdown =>
  page([
    sentence(it),
    it.title ? advice(it.title) : "",
    it.unlabelled ? UNLABELLED : "",
    warningList(it.refused ?? []),
    part("Why", reasons(it)),
    part("By component", byComponent(it.impact)),
    part("In the notes", inTheNotes(it)),
    it.impact.is === "elsewhere" ? "" : ASSUMED,
  ])

const ASSUMED =
  "*Worked out when this pull request last changed, for a squash merge that keeps its title. With a merge commit or a rebase the commits of its branch count too, which GitHub tells only after the merge. What others merge before it can make the version higher. This check is information: it never fails.*"

function sentence({ impact, number, base, previous }: ImpactPage): Markdown {
  const merging = `Merging #${number} into ${escapeMarkdown(base)}`
  const after = previous === null ? "the first release" : `the release after ${versionText(previous)}`
  switch (impact.is) {
    case "releases":
      return impact.instead === null
        ? `${merging} asks for ${after}: **${versionText(impact.version)}** (${impact.bump}).`
        : `${merging} makes ${after} **${versionText(impact.version)}** (${impact.bump}); without it, it would be ${versionText(impact.instead)}.`
    case "joins":
      return impact.asks === impact.bump
        ? `${merging} adds to ${after}, **${versionText(impact.version)}**, which is ${impact.bump} already.`
        : `${merging} adds to ${after}, **${versionText(impact.version)}**. By itself it would be ${impact.asks}; other changes ask for ${impact.bump}.`
    case "takes back":
      return impact.version === null
        ? `${merging} takes back what asks for ${versionText(impact.instead)}: nothing is left to release.`
        : `${merging} takes back what asks for ${versionText(impact.instead)}: ${after} becomes **${versionText(impact.version)}**.`
    case "nothing":
      return impact.goesWith === null
        ? `${merging} asks for no release. It goes out with the next change that does.`
        : `${merging} asks for no release by itself. It goes out with **${versionText(impact.goesWith)}**.`
    case "by files":
      return impact.asks === null
        ? `${merging} asks for no release by itself, whichever components it touches.`
        : `${merging} is **${impact.asks}** for each component that it touches. Which these are depends on its files, which GitHub tells after the merge.`
    case "elsewhere":
      return `Nothing is released from ${escapeMarkdown(base)}, so merging #${number} there releases nothing.`
  }
}

function advice({ given, suggested }: NonNullable<ImpactPage["title"]>): Markdown {
  const problem = `⚠️ **The title is not understood:** “${escapeMarkdown(given)}” begins with no type that is known here.`
  return suggested === null
    ? `${problem} Begin it with what it does: “fix: …” (a patch), “feat: …” (a minor), or a type that releases nothing, such as “docs: …”.`
    : `${problem} Did you mean “${escapeMarkdown(suggested)}”?`
}

const UNLABELLED =
  "⚠️ **No label says how large this is,** and only labels count here. Give it one: `major`, `minor` or `patch` (also `breaking`, `feature`, `bug`), or `slipway: skip` where it releases nothing."

function reasons({ impact, ...place }: ImpactPage): Markdown {
  if (impact.is !== "releases" && impact.is !== "joins") return ""
  return bullets(
    impact.because.map((cause) => {
      const { bump, change, sha } = cause
      const where = change.startsWith("#") ? change : commitLink(place, sha)
      return `**${bump}**: ${escapeMarkdown(withoutNumber(cause))} (${where})`
    }),
  )
}

function byComponent(impact: Impact): Markdown {
  if (impact.is !== "by files") return ""
  const shown = (version: string | null) => (version === null ? "no release" : versionText(version))
  const rows = impact.components.map(({ name, version, now }) => [escapeMarkdown(name), shown(now), shown(version)])
  const more = impact.more > 0 ? `… and ${impact.more} more` : ""
  return page([table(["Component", "Next release now", "If this touches it"], rows), more])
}

function inTheNotes({ notes, impact }: ImpactPage): Markdown {
  if (notes) return renderNotes(notes).trim()
  if (impact.is === "elsewhere") return ""
  return impact.is === "takes back"
    ? "No line: it and what it takes back cancel each other out."
    : "No line: the notes leave it out."
}
