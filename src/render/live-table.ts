import type { PageLive } from "../model/page.ts"
import { type Markdown, table, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"

type Cell = PageLive["rows"][number]["cells"][number]

const LIVE: Readonly<Record<NonNullable<Cell>["state"], string>> = {
  live: "✅",
  verified: "✅ verified",
  verifying: "🔎 being verified",
  failed: "❌ failed",
  "rolling back": "↩️ being rolled back",
  drill: "🧪 a drill is under way",
  drift: "⚠️ drift: no release",
}

/** Components by environments; one row without a name where the repository is one component. */
export function liveTable(live: PageLive | undefined): Markdown {
  if (!live) return ""
  const cell = (at: Cell) => (at === null ? "–" : `${versionText(at.what)} ${LIVE[at.state]}`)
  const isWhole = live.rows.length === 1 && live.rows[0]?.component === ""
  return table(
    [...(isWhole ? [] : ["Component"]), ...live.environments.map((name) => escapeMarkdown(name))],
    live.rows.map(({ component, cells }) => [...(isWhole ? [] : [escapeMarkdown(component)]), ...cells.map(cell)]),
  )
}
