import type { GateChange } from "../model/gate-change.ts"
import type { GatePreview, ProposalPage } from "../model/page.ts"
import type { Problem } from "../model/problem.ts"
import { bullets, type Markdown, page, part, table, versionText, warningList } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { GATE_STATES } from "./gate-state.ts"
import { problemLine, problemsSummary, problemsTitle } from "./problems-page.ts"
import { count, list } from "./words.ts"

/** Changes that are named; of a plan of a thousand features nobody reads all. */
const CHANGES = 100

/** One line beside the check's name on the pull request: what is weakened comes first. */
export function proposalTitle(it: ProposalPage): string {
  if (it.problems.length > 0) return problemsTitle(it)
  const weaker = it.changes.filter(({ is }) => is === "weaker")
  if (weaker.length > 0) return `Weakens the gates: ${firstOf(weaker)}`
  if (it.changes.length > 0)
    return `${it.changes.some(({ is }) => is === "other") ? "Changes" : "Tightens"} the gates: ${firstOf(it.changes)}`
  if (it.unknown) return `Tells nobody: ${firstUnknown(it.unknown)}`
  if (it.warnings.length > 0) return "Look at what this changes"
  return it.files.length > 0 ? "Valid, and asks for the same" : "Changes neither configuration nor plan"
}

const firstOf = ([first, ...more]: readonly GateChange[]): string =>
  `${first?.says ?? ""}${more.length > 0 ? `, and ${more.length} more` : ""}`

const firstUnknown = ([first, ...more]: readonly Problem[]): string =>
  `${first?.message ?? ""}${more.length > 0 ? `, and ${more.length} more` : ""}`

/** What is wrong; else what it does to the gates, who approves that, and what the open releases would be asked for. */
export const proposalSummary = (it: ProposalPage): Markdown =>
  page([
    warningList(it.warnings),
    it.problems.length > 0 ? problemsSummary(it) : validity(it),
    part("Whom it cannot tell", unknownList(it.unknown ?? [])),
    part("What it does to the gates", changeList(it)),
    approval(it),
    part("Open releases", page(it.releases.map(release))),
    it.problems.length > 0 || it.files.length + it.warnings.length === 0 ? "" : ASSUMED,
  ])

const validity = ({ files, base }: ProposalPage): Markdown =>
  files.length > 0
    ? `Read without a mistake: ${list(files.map(escapeMarkdown))}. Compared with ${escapeMarkdown(base)}.`
    : ""

const MARKS: Readonly<Record<GateChange["is"], string>> = {
  weaker: "🔓 **weaker**",
  other: "❔ **changed**",
  stricter: "🔒 stricter",
}

function changeList({ changes, problems, files }: ProposalPage): Markdown {
  if (problems.length > 0 || files.length + changes.length === 0) return ""
  if (changes.length === 0) return "Nothing: releases are asked for the same as before."
  const more = changes.length - CHANGES
  const shown = bullets(changes.slice(0, CHANGES).map(({ is, says }) => `${MARKS[is]}: ${escapeMarkdown(says)}`))
  return page([shown, more > 0 ? `… and ${count(more, "more change")}.` : ""])
}

const unknownList = (unknown: readonly Problem[]): Markdown =>
  unknown.length === 0
    ? ""
    : page([
        bullets(unknown.map(problemLine)),
        "The plan is valid, and these entries of `communication` are not sent as long as `audiences` of slipway.yml does not know them.",
      ])

const approval = ({ asks }: ProposalPage): Markdown =>
  asks === undefined
    ? ""
    : `**Once merged, the change waits for its approval** under the gates that are in force now: ${escapeMarkdown(asks)}. It is given with the next release; until then the gate “configuration” is not passed.`

function release({ version, component, gates, same }: GatePreview): Markdown {
  const name = component === undefined ? versionText(version) : `${escapeMarkdown(component)} ${versionText(version)}`
  const rows = gates.map((gate) => [gate.name, cell(gate.before), cell(gate.after)])
  const stay = same > 0 ? `${count(same, "gate stays as it is", "gates stay as they are")}.` : ""
  return page([`**${name}**`, table(["Gate", "Now", "With this"], rows), stay])
}

const cell = (gate: GatePreview["gates"][number]["before"]): Markdown =>
  gate ? `${GATE_STATES[gate.state]}: ${escapeMarkdown(gate.because)}` : "–"

const ASSUMED =
  "*Worked out when this pull request last changed, by what stood on its base then. It decides nothing: gates are read from the release branch. What the new files name and nobody has read yet is unknown here.*"
