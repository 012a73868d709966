import { count } from "../render/words.ts"
import type { Stuck } from "../store/outbox.ts"
import type { Terminal } from "./command.ts"
import { paint, plain } from "./paint.ts"

type Style = Parameters<typeof paint>[1]

const STYLES: { readonly [is in Stuck["is"]]: Style } = {
  waiting: "dim",
  trying: "yellow",
  refused: "yellow",
  dead: "red",
}

const HEAD = ["ID", "", "REPOSITORY", "WHAT", "SINCE", "ATTEMPTS"] as const

/** The outbox for a terminal: a table, and below each row what its last attempt came to. */
export function showOutbox(
  { stuck, more }: { readonly stuck: readonly Stuck[]; readonly more: number },
  terminal: Terminal,
): string {
  if (stuck.length === 0) return "Nothing waits, and nothing was given up.\n"
  const rows = stuck.map((one) => cellsOf(one, terminal.now))
  const widths = HEAD.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")
  const lines = stuck.flatMap((one, at) => {
    const cells = (rows[at] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0))
    const painted = cells.map((cell, column) => (column === 1 ? paint(terminal, STYLES[one.is], cell) : cell))
    const because = one.because === undefined ? [] : [paint(terminal, "dim", `  ${shorten(plain(one.because))}`)]
    return [painted.join("  ").trimEnd(), ...because]
  })
  const head = paint(terminal, "bold", line(HEAD).trimEnd())
  return `${[head, ...lines].join("\n")}\n\n${sum(stuck, more)}\n`
}

function cellsOf(
  { id, is, repository, kind, what, attempts, since, next, ended }: Stuck,
  now: Date,
): readonly string[] {
  const when = next && next > now ? `, next in ${span(next, now)}` : ended ? `, ended ${span(now, ended)} ago` : ""
  const tried = kind === "delivery" ? "every run failed" : `${attempts}${when}`
  const about = what.startsWith(kind) ? what : `${kind} ${what}`
  return [id, is, plain(repository), shorten(plain(about), 60), `${span(now, since)} ago`, tried]
}

function sum(stuck: readonly Stuck[], more: number): string {
  const dead = stuck.filter(({ is }) => is === "dead").length
  const waiting = stuck.filter(({ is }) => is === "waiting" || is === "trying").length
  const refused = stuck.filter(({ is }) => is === "refused").length
  const parts = [
    ...(dead > 0 ? [count(dead, "dead letter")] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(more > 0 ? [`${more} more that are younger`] : []),
  ]
  return `${parts.join(", ")}.${dead > 0 ? " `slipway outbox retry ID` has one tried again, `drop ID` takes it out." : ""}`
}

const BECAUSE_MOST = 300
const shorten = (text: string, most = BECAUSE_MOST): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

/** `40 s`, `12 min`, `3 h`, `9 d` */
function span(later: Date, earlier: Date): string {
  const seconds = Math.max(0, Math.round((later.getTime() - earlier.getTime()) / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 2 * 3_600) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}
