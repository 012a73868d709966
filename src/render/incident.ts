import type { IncidentComment, IncidentStands, RollbackAskedFor } from "../model/incident.ts"
import { evidenceLink, type Markdown, page, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { showInstant } from "./instant.ts"

/** The invisible comment by which our comment on an issue is found again. */
export const incidentMarker = ({ repositoryId, issue }: Pick<IncidentComment, "repositoryId" | "issue">): string =>
  `<!-- slipway:incident repo=${repositoryId} issue=${issue} -->`

/** What came of an issue that was labelled as an incident. Nobody is mentioned: who follows it hears of it anyway. */
export const renderIncident = (it: IncidentComment): Markdown =>
  `${page([incidentMarker(it), ...said(it.stands, escapeMarkdown(it.by))])}\n`

function said(stands: IncidentStands, by: Markdown): readonly Markdown[] {
  switch (stands.is) {
    case "refused":
      return [
        `🚫 **Nothing is rolled back**, though ${by} labelled this as an incident: ${escapeMarkdown(stands.because)}.`,
        "To ask again, take the label off and put it on once more, or press *Roll back* on the release's check.",
      ]
    case "taken back":
      return [
        `🏷️ **Nothing is rolled back**: ${escapeMarkdown(stands.by)} took the label off before anything was begun.`,
        "To ask again, put it on once more.",
      ]
    case "waits":
      return [
        `✋ **${by} asks to roll ${place(stands)} back** from ${versionText(stands.version)}. A second person has to ask for it as well until ${showInstant(stands.until)}: ` +
          `by *Roll back* on ${evidenceLink(`its check`, stands.check)}, or by an incident issue of their own, as \`slipway rollback\` opens one. ` +
          "Taking the label off this one takes back what was asked for here.",
      ]
    case "lapsed":
      return [
        `⌛ **Nothing is rolled back** from ${place(stands)}: ${escapeMarkdown(stands.because)}.`,
        "To ask again, take the label off and put it on once more.",
      ]
    default:
      return begun(stands)
  }
}

const place = (it: { readonly place: string }): Markdown => escapeMarkdown(it.place)

function begun(stands: RollbackAskedFor): readonly Markdown[] {
  const { is, by, ended, detail, postMortem } = stands
  const [from, to] = [versionText(stands.from), versionText(stands.to)]
  const check = `Everything stands on ${evidenceLink("its check", stands.check)}.`
  const at = ended === undefined ? "" : ` on ${showInstant(ended)}`
  const why = detail === undefined ? "" : `: ${escapeMarkdown(detail)}`
  if (is === "running")
    return [
      `↩️ **${place(stands)} is being rolled back** from ${from} to ${to}, asked for by ${escapeMarkdown(by)}.`,
      check,
    ]
  const issue = postMortem === undefined ? "" : ` The post-mortem is #${postMortem}.`
  if (is === "failed")
    return [
      `🔴 **The rollback of ${place(stands)}** from ${from} to ${to} **failed**${at}${why}.${issue}`,
      `What to do now stands in the runbook, and on ${evidenceLink("its check", stands.check)}.`,
    ]
  return [`✅ **${place(stands)} was rolled back** from ${from} to ${to}${at}${why}.${issue}`, check]
}
