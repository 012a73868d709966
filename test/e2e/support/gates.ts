import type { SeenCheckRun } from "../../../demo/peers/github/world.ts"

/** The row of a gate on a readiness page, as text without Markdown's escapes. */
export function gate(page: SeenCheckRun, name: string): string {
  const rows = (page.summary ?? "").split("\n").filter((line) => line.startsWith(`| ${name} |`))
  if (rows.length !== 1) throw new Error(`${rows.length} rows of the gate ${name} in: ${page.summary}`)
  return plainly(rows[0] ?? "")
}

/** Markdown as a person reads it: without escapes. */
export const plainly = (markdown: string | null): string =>
  (markdown ?? "")
    .replaceAll("\u200b", "")
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>@~&])/g, "$1")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
