import type { EntryPage } from "../model/page.ts"
import { answerList, bullets, commitLink, evidenceLink, type Markdown, page, part, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { showInstant } from "./instant.ts"
import { approvalTable, gateTable } from "./readiness-page.ts"

const STATES: Readonly<Record<EntryPage["state"], readonly [symbol: string, says: string]>> = {
  waits: ["⏳", "waits to enter"],
  open: ["✅", "may enter"],
  approved: ["✅", "was let into"],
  rejected: ["🚫", "was turned away from"],
  over: ["⏹️", "no longer waits to enter"],
}

export function entryTitle(it: EntryPage): string {
  const title = `${it.version} ${STATES[it.state][1]} ${it.environment}`
  const open = it.gates.filter(({ state }) => state !== "passed").map(({ name }) => name)
  return it.state !== "waits" || open.length === 0 ? title : `${title}: ${open.join(", ")}`
}

/** What a deployment waits for, each gate with its evidence, and what people can do about it. */
export const entrySummary = (it: EntryPage): Markdown =>
  page([
    `${STATES[it.state][0]} **${versionText(it.version)}** (${commitLink(it, it.sha)}) ` +
      `${STATES[it.state][1]} **${escapeMarkdown(it.environment)}** since ${showInstant(it.since)}` +
      (it.runs.length === 0 ? "" : ` · ${it.runs.map(({ text, url }) => evidenceLink(text, url)).join(", ")}`),
    bullets(it.says.map((line) => escapeMarkdown(line))),
    part(
      `Gates: ${it.gates.filter(({ state }) => state === "passed").length} of ${it.gates.length} passed`,
      gateTable(it.gates),
    ),
    part(
      "Approvals",
      page([approvalTable(it, it.approvals), it.rule === undefined ? "" : `**It takes** ${escapeMarkdown(it.rule)}.`]),
    ),
    part("Answers to what was pressed", answerList(it, it.answers)),
  ])
