import type { Terminal } from "./command.ts"
import type { Finding } from "./finding.ts"
import { paint, plain } from "./paint.ts"

const MARKS = { ok: ["green", "ok     "], note: ["yellow", "note   "], problem: ["red", "problem"] } as const

/** Each finding for a terminal, in a line of its own; below it, what to do. */
export function findingLines(findings: readonly Finding[], terminal: Terminal): readonly string[] {
  return findings.flatMap(({ about, is, says, todo }) => {
    const [colour, mark] = MARKS[is]
    // Only our own environment messages have several lines; of what peers said, none may forge another finding.
    const text = about === "environment" ? says : plain(says)
    return [
      `${paint(terminal, colour, mark)}  ${about}: ${text}`,
      ...(todo ? [`         ${paint(terminal, "bold", "→")} ${plain(todo)}`] : []),
    ]
  })
}
