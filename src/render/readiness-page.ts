import type { Gate, GateState } from "../model/gate.ts"
import type { PageApproval, ReadinessPage } from "../model/page.ts"
import {
  answerList,
  bullets,
  commitLink,
  evidenceLink,
  type Markdown,
  type Place,
  page,
  part,
  personLink,
  table,
  versionText,
  warningList,
} from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { GATE_STATES } from "./gate-state.ts"
import { showInstant } from "./instant.ts"
import { liveTable } from "./live-table.ts"
import { count, list } from "./words.ts"

/** One line that says where the release is; GitHub shows it in lists of checks. */
export function readinessTitle(it: ReadinessPage): string {
  switch (it.phase) {
    case "drafted":
      return `Next: ${it.version} — ${count(it.notes.changes, "change")}`
    case "cut":
      return waiting(it)
    case "ready":
      return `${it.version} is ready to publish`
    case "published":
      return `${it.version} is published${aftermath(it)}`
    case "rolled back":
      return `${it.version} was rolled back`
  }
}

function aftermath({ after = [], findings = [] }: ReadinessPage): string {
  if (findings.some(({ ended }) => !ended)) return "; somebody went round Slipway"
  const failed = after.find(({ state }) => state === "failed")
  return failed ? `; ${failed.text}` : ""
}

function waiting({ version, gates }: ReadinessPage): string {
  const named = (...states: GateState[]) => gates.filter((g) => states.includes(g.state)).map((g) => g.name)
  const [failed, unknown, pending] = [named("failed"), named("unknown"), named("pending")]
  if ([...failed, ...pending].includes("hold")) return `${version} is on hold`
  if (failed.length > 0) return `${version} is blocked: ${list(failed)} failed`
  if (unknown.length > 0) return `${version} is blocked: ${list(unknown)} could not be read`
  return pending.length > 0 ? `${version} waits for ${list(pending)}` : `${version} is cut`
}

/** What to do first, then what it rests on: the gates, the people, what happened. */
export const readinessSummary = (it: ReadinessPage): Markdown =>
  page([
    part("What to do next", numbered(it.todo)),
    identity(it),
    part("Went round Slipway", findingTable(it)),
    part("Warnings", warningList(it.warnings)),
    part(
      `Gates: ${it.gates.filter((g) => g.state === "passed").length} of ${it.gates.length} passed`,
      gateTable(it.gates),
    ),
    part("Approvals", approvals(it)),
    risk(it.risk),
    part("Checklist", checklist(it)),
    part("Answers to what was pressed", answerList(it, it.answers)),
    part(
      "After publishing",
      bullets((it.after ?? []).map((a) => `${GATE_STATES[a.state]}: ${evidenceLink(a.text, a.url)}`)),
    ),
    part("Where releases are", liveTable(it.live)),
    part(
      "Environments",
      bullets(it.environments.map((e) => `**${escapeMarkdown(e.name)}**: ${escapeMarkdown(e.says)}`)),
    ),
    `**Announcements:** ${announcements(it.announcements)}`,
  ])

/** In the order in which it is to be done; the gate has those before the release, too. */
const checklist = ({ checklist: items = [] }: ReadinessPage): Markdown =>
  table(
    ["When", "Item", "State", "Why", "Evidence"],
    items.map(({ when, item, state, because, evidence }) => [
      when,
      escapeMarkdown(item),
      GATE_STATES[state],
      escapeMarkdown(because),
      evidence ? evidenceLink(evidence.text, evidence.url) : "",
    ]),
  )

/** An address at the end is Slack's own of the thread: a link, where escaping would make plain text of it. */
function announcements(says: string): Markdown {
  const [, before, url] = /^(.+): (https?:\/\/\S+)$/s.exec(says) ?? []
  return before === undefined ? escapeMarkdown(says) : evidenceLink(before, url)
}

const numbered = (lines: readonly string[]): Markdown =>
  lines.length === 1
    ? escapeMarkdown(lines[0] ?? "")
    : lines.map((line, at) => `${at + 1}. ${escapeMarkdown(line)}`).join("\n")

function identity(it: ReadinessPage): Markdown {
  const name = it.name ? ` “${escapeMarkdown(it.name)}”` : ""
  const since = it.previous === null ? "the first release" : `after ${versionText(it.previous)}`
  const release = it.releaseUrl
    ? ` · ${evidenceLink(it.phase === "published" || it.phase === "rolled back" ? "release" : "draft release", it.releaseUrl)}`
    : ""
  const what = it.component === undefined ? "" : `${escapeMarkdown(it.component)} `
  return `${what}**${versionText(it.version)}**${name}, ${since} · ${stands(it)} ${escapeMarkdown(it.branch)} at ${commitLink(it, it.sha)}${release}`
}

/** A component stands where something last landed in it, which need not be the head. */
function stands({ phase, component }: ReadinessPage): Markdown {
  if (phase !== "drafted") return "candidate on"
  return component === undefined ? "follows the head of" : `follows what lands in ${escapeMarkdown(component)} on`
}

export const gateTable = (gates: readonly Gate[]): Markdown =>
  table(
    ["Gate", "State", "Why", "Evidence"],
    gates.map((gate) => [
      escapeMarkdown(gate.name),
      GATE_STATES[gate.state],
      escapeMarkdown(gate.because),
      (gate.evidence ?? []).map((e) => evidenceLink(e.text, e.url)).join(", "),
    ]),
  )

/** What has ended stays readable, and must not look as if it stood. */
const findingTable = ({ findings = [], ...place }: ReadinessPage): Markdown =>
  table(
    ["What", "Who", "When", "What closes it"],
    findings.map(({ says, todo, by, at, ended }) => {
      const cells = [escapeMarkdown(says), by === undefined ? "–" : personLink(place, by), showInstant(at)]
      return ended
        ? [...cells.map((text) => `~~${text}~~`), `☑️ ${escapeMarkdown(todo)}`]
        : [`🚧 ${cells[0]}`, ...cells.slice(1), escapeMarkdown(todo)]
    }),
  )

const approvals = (it: ReadinessPage): Markdown => page([approvalTable(it, it.approvals), mayApprove(it)])

export const approvalTable = (place: Place, given: readonly PageApproval[]): Markdown =>
  table(
    ["Who", "Decision", "When", "Commit", "Counts"],
    given.map((approval) => approvalRow(place, approval)),
  )

/** What no longer counts must not look as if it did: struck through, no tick, and why. */
function approvalRow(place: Place, it: PageApproval): Markdown[] {
  const decided = it.does === "approve" ? "approved" : "held"
  const cells = [personLink(place, it.by), decided, showInstant(it.at), commitLink(place, it.sha)]
  if (it.counts) return [...cells, `${it.does === "approve" ? "✅" : "✋"} yes: ${escapeMarkdown(it.because)}`]
  return [...cells.map((text) => `~~${text}~~`), `🚫 no: ${escapeMarkdown(it.because)}`]
}

/** One line where there is one reason for all of it; a table where changes differ. */
function risk(it: ReadinessPage["risk"]): Markdown {
  if (!it || it.changes.length === 0) return ""
  const reasons = new Set(it.changes.map(({ because }) => because))
  const [only] = reasons
  if (reasons.size === 1 && only !== undefined) return `**Risk:** ${it.level} — ${escapeMarkdown(only)}`
  const rows = it.changes.map(({ change, level, because }) => [escapeMarkdown(change), level, escapeMarkdown(because)])
  const more = it.more > 0 ? `… and ${count(it.more, "more change")}` : ""
  return part(`Risk: ${it.level}`, page([table(["Change", "Risk", "Why"], rows), more]))
}

function mayApprove({ mayApprove: may, ...page }: ReadinessPage): Markdown {
  switch (may.is) {
    case "people": {
      const names = [
        ...may.people.map((login) => personLink(page, login)),
        ...(may.more > 0 ? [`${may.more} more`] : []),
      ]
      return `**Who may approve:** ${list(names)} — ${escapeMarkdown(may.rule)}`
    }
    case "nobody":
      return `**Nobody can approve this:** ${escapeMarkdown(may.because)}. Ways out:\n\n${bullets(may.waysOut.map(escapeLine))}`
    case "unknown":
      return `**Who may approve** could not be read: ${escapeMarkdown(may.because)}`
    case "not needed":
      return `**No approval is needed:** ${escapeMarkdown(may.because)}`
  }
}

const escapeLine = (line: string): Markdown => escapeMarkdown(line)

/** Why it is this version; the notes follow it in the check's text. */
export function whyThisVersion(it: ReadinessPage): Markdown {
  const reasons = it.because.map((r) => `**${r.bump}**: ${escapeMarkdown(r.subject)} (${commitLink(it, r.sha)})`)
  const more = it.becauseCount - it.because.length
  return part(
    `Why ${versionText(it.version)}`,
    page([
      it.stated ? `The plan states ${versionText(it.stated)}.` : "",
      bullets([...reasons, ...(more > 0 ? [`… and ${count(more, "more change")} that ask for the same`] : [])]),
    ]),
  )
}
