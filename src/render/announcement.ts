import type { Announcement } from "../model/message.ts"
import { type Block, context, fields, foldLines, header, linkButtons, type SlackMessage, section } from "./block-kit.ts"
import { hostOf } from "./check-parts.ts"
import { showInstant } from "./instant.ts"
import { escapeSlack, linkSlack } from "./slack-text.ts"
import { count, list } from "./words.ts"

const FEATURES_SHOWN = 15
const LINES_SHOWN = 10

/** The sentence behind it begins with the word, so the symbol is never alone. */
const SYMBOLS: Readonly<Record<Announcement["state"], string>> = {
  drafted: "📝",
  cut: "⏳",
  ready: "☑️",
  held: "✋",
  published: "🚀",
  live: "🟢",
  failed: "🔴",
  "rolling back": "↩️",
  "rolled back": "↩️",
  superseded: "⏭️",
}

const TESTS: Readonly<Record<Announcement["tests"][number]["state"], string>> = {
  passed: "✅ passed",
  failed: "❌ failed",
  pending: "⏳ pending",
  unknown: "❓ unknown",
}

const FEATURE_SYMBOLS: Readonly<Record<string, string>> = {
  ready: "✅",
  "in-progress": "🔨",
  planned: "🗓️",
  dropped: "🚫",
}

/**
 * The first message of a release's thread. Within Slack's limits whatever the release holds: at most 8 blocks, long
 * lists folded with their true counts. https://docs.slack.dev/reference/block-kit/blocks
 */
export function renderAnnouncement(it: Announcement): SlackMessage {
  const blocks: (Block | undefined)[] = [
    header(`${nameOf(it)} ${it.version}${it.name ? ` — ${it.name}` : ""}`),
    section(`${SYMBOLS[it.state]} *${escapeSlack(it.says, 500)}*`),
    context([
      `${escapeSlack(it.type)} release of ${linkSlack(`${hostOf(it)}/${it.repository}`, it.repository)}`,
      it.previous === null ? "the first release" : `${escapeSlack(it.previous)} → ${escapeSlack(it.version)}`,
      ...(it.date ? [`planned for ${escapeSlack(showInstant(it.date))}`] : []),
    ]),
    section(whatShips(it)),
    details(it),
    linkButtons([
      {
        id: "review_and_approve",
        text: "Review & approve",
        url: isOpen(it) ? it.links.check : undefined,
        style: "primary",
      },
      { id: "release_notes", text: "Release notes", url: it.links.release },
      { id: "plan", text: "Plan", url: it.links.plan },
      { id: "rollback_procedure", text: "Rollback procedure", url: it.links.rollbackProcedure },
    ]),
  ]
  return { text: fallback(it), blocks: blocks.filter((block) => block !== undefined) }
}

/** Once it is out, or will not come, there is nothing left to approve. */
const isOpen = ({ state }: Announcement): boolean =>
  state === "drafted" || state === "cut" || state === "ready" || state === "held"

/** The repository's name, and what of it is released where it has several components. */
const nameOf = ({ repository, component }: Announcement): string =>
  `${repository.slice(repository.indexOf("/") + 1)}${component ? ` ${component}` : ""}`

function whatShips(it: Announcement): string {
  const features = it.features.map(
    (f) =>
      `${FEATURE_SYMBOLS[f.status] ?? "▫️"} ${escapeSlack(f.id, 60)}  ${escapeSlack(f.name, 150)} — _${escapeSlack(f.status, 40)}_` +
      (f.team ? ` (${escapeSlack(f.team, 60)})` : ""),
  )
  const folded = foldLines(features, FEATURES_SHOWN, (left) => `… and ${count(left, "more feature")}`)
  return `*What ships:* ${counted(it)}${folded ? `\n${folded}` : ""}`
}

/** Counted from the changes; nothing is said of what there is none of. */
function counted({ counts }: Announcement): string {
  const parts = [
    ...(counts.breaking > 0 ? [`⚠️ ${count(counts.breaking, "breaking change")}`] : []),
    ...(counts.features > 0 ? [count(counts.features, "feature")] : []),
    ...(counts.fixes > 0 ? [count(counts.fixes, "fix", "fixes")] : []),
    ...(counts.other > 0 ? [count(counts.other, "other change")] : []),
  ]
  return parts.length > 0 ? list(parts) : "no changes"
}

function details(it: Announcement): Block | undefined {
  const tests = it.tests.map((t) => `${escapeSlack(t.name, 80)}: ${TESTS[t.state]}`)
  const timeline = it.timeline.map((t) => `${escapeSlack(t.what, 80)}: ${escapeSlack(showInstant(t.at), 40)}`)
  const environments = it.environments.map((e) => `${escapeSlack(e.name, 60)}: ${escapeSlack(e.says, 120)}`)
  const texts = [
    column("Bug fixes", [fixed(it)]),
    column("Tests", tests),
    column("Timeline", timeline),
    column("Environments", environments),
  ].filter((text) => text !== undefined)
  return texts.length > 0 ? fields(texts) : undefined
}

const column = (title: string, lines: readonly string[]): string | undefined =>
  lines.length === 0 ? undefined : `*${title}*\n${foldLines(lines, LINES_SHOWN, (left) => `… and ${left} more`)}`

const fixed = ({ fixes }: Announcement): string =>
  "count" in fixes
    ? fixes.count === 0
      ? "none"
      : count(fixes.count, "fix", "fixes")
    : `${fixes.critical} critical, ${fixes.high} high, ${fixes.medium} medium`

/** What a notification and a screen reader say: whole sentences, nothing that is only in the blocks' symbols. */
function fallback(it: Announcement): string {
  const name = `${escapeSlack(nameOf(it))} ${escapeSlack(it.version)}${it.name ? ` (${escapeSlack(it.name)})` : ""}`
  return `${name}: ${escapeSlack(it.says, 500)}. Ships ${counted(it)}. ${linkSlack(it.links.release, "Release notes")}`
}
