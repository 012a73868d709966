import type { Check } from "../model/effect.ts"
import type { EmptyPage, ReadinessPage } from "../model/page.ts"
import { commitLink, evidenceLink, type Markdown, page, part, warningList } from "./check-parts.ts"
import { entrySummary, entryTitle } from "./entry-page.ts"
import { environmentSummary, environmentTitle } from "./environment-page.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { bytesOf, fitBytes } from "./fit-bytes.ts"
import { freezeSummary, freezeTitle } from "./freeze-page.ts"
import { impactSummary, impactTitle } from "./impact-page.ts"
import { fitNotes } from "./notes.ts"
import { type Annotation, annotations, problemsSummary, problemsText, problemsTitle } from "./problems-page.ts"
import { proposalSummary, proposalTitle } from "./proposal-page.ts"
import { readinessSummary, readinessTitle, whyThisVersion } from "./readiness-page.ts"
import { cut } from "./words.ts"

/** The `output` of a check run. https://docs.github.com/en/rest/checks/runs#create-a-check-run */
export interface CheckOutput {
  readonly title: string
  readonly summary: Markdown
  readonly text?: Markdown
  readonly annotations?: readonly Annotation[]
}

/** GitHub's limit for summary and text each, in bytes. */
const LIMIT = 65_535
/** Longer titles are cut by GitHub's lists of checks anyway. */
const TITLE_LIMIT = 120
/** Notes longer than this are shown closed, so that the page stays one that can be read. */
const FOLD_FROM_LINES = 40

/** What GitHub shows of a check run of ours; everything from outside is escaped, GitHub's limits hold. */
export function renderCheck({ page: it }: Pick<Check, "page">): CheckOutput {
  switch (it.is) {
    case "readiness":
      return output(readinessTitle(it), readinessSummary(it), readinessText(it))
    case "environment":
      return output(environmentTitle(it), environmentSummary(it))
    case "entry":
      return output(entryTitle(it), entrySummary(it))
    case "proposal": {
      const marks = it.problems.length > 0 ? annotations(it.problems) : annotations(it.unknown ?? [], "warning")
      return {
        ...output(proposalTitle(it), proposalSummary(it), problemsText(it)),
        ...(marks.length ? { annotations: marks } : {}),
      }
    }
    case "problems": {
      const marks = annotations(it.problems)
      return {
        ...output(problemsTitle(it), problemsSummary(it), problemsText(it)),
        ...(marks.length ? { annotations: marks } : {}),
      }
    }
    case "impact":
      return output(impactTitle(it), impactSummary(it))
    case "freeze":
      return output(freezeTitle(it), freezeSummary(it))
    case "empty":
      return output(emptyTitle(it), emptySummary(it))
  }
}

function output(title: string, summary: Markdown, text: Markdown = ""): CheckOutput {
  const said = fitBytes(summary, LIMIT, "*This page was too long for GitHub and ends here.*")
  const more = fitBytes(text, LIMIT, "*The rest was too long for a check run.*")
  return { title: cut(title, TITLE_LIMIT), summary: said, ...(more === "" ? {} : { text: more }) }
}

function readinessText(it: ReadinessPage): Markdown {
  const why = whyThisVersion(it)
  const frame = bytesOf(why) + 400
  const notes = fitNotes(it.notes, LIMIT - Math.min(frame, LIMIT / 2))
  const long = notes.split("\n").length > FOLD_FROM_LINES
  const folded = long ? `<details>\n<summary>Show the notes</summary>\n\n${notes.trim()}\n\n</details>` : notes.trim()
  return page([fitBytes(why, LIMIT / 2, "*… and more.*"), part("Release notes", folded)])
}

/** A page that leads to the current one speaks of no branch. */
function emptyTitle(it: EmptyPage): string {
  if (it.branch === "") return "No longer the current check"
  return it.previous === null ? "Nothing to release yet" : `Nothing to release since ${it.previous}`
}

const emptySummary = (it: EmptyPage): Markdown =>
  page([
    escapeMarkdown(it.because),
    it.see ? evidenceLink(it.see.text, it.see.url) : "",
    it.branch === "" ? "" : `${escapeMarkdown(it.branch)} at ${commitLink(it, it.sha)}`,
    part("Warnings", warningList(it.warnings)),
  ])
