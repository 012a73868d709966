import type { EnvironmentPage } from "../model/page.ts"
import { answerList, bullets, commitLink, evidenceLink, type Markdown, page, part, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { showInstant } from "./instant.ts"
import { liveTable } from "./live-table.ts"

const STATES: Readonly<Record<EnvironmentPage["state"], readonly [symbol: string, says: string]>> = {
  "in progress": ["⏳", "is being deployed to"],
  live: ["✅", "is live in"],
  verifying: ["🔎", "is being verified in"],
  failed: ["❌", "failed in"],
  "rolling back": ["↩️", "is being rolled back in"],
  "rolled back": ["↩️", "was rolled back in"],
  drill: ["🧪", "is in a drill in"],
  replaced: ["⏭️", "was replaced in"],
}

export const environmentTitle = (it: EnvironmentPage): string =>
  `${it.version} ${STATES[it.state][1]} ${it.environment}`

/** Where the environment is, and where the way back leads. */
export const environmentSummary = (it: EnvironmentPage): Markdown =>
  page([
    `${STATES[it.state][0]} **${versionText(it.version)}** (${commitLink(it, it.sha)}) ` +
      `${STATES[it.state][1]} **${escapeMarkdown(it.environment)}** since ${showInstant(it.since)}` +
      (it.url ? ` · ${evidenceLink("deployment", it.url)}` : ""),
    bullets(it.detail.map((line) => escapeMarkdown(line))),
    wayBack(it),
    part("Where releases are", liveTable(it.live)),
    part("Answers to what was pressed", answerList(it, it.answers)),
  ])

function wayBack(it: EnvironmentPage): Markdown {
  const { lastKnownGood, state } = it
  if (state === "rolled back" || state === "replaced") return ""
  return lastKnownGood
    ? `**Last known good:** ${versionText(lastKnownGood.version)} at ${commitLink(it, lastKnownGood.sha)}`
    : "**Last known good:** none. No earlier release was live and well here, so there is nothing to roll back to."
}
