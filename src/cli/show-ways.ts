import type { Way } from "../model/settings.ts"
import type { Terminal } from "./command.ts"
import type { Examined } from "./examine-repository.ts"
import type { Finding } from "./finding.ts"
import { paint, plain } from "./paint.ts"
import { findingLines } from "./show-findings.ts"

const MARKS = { open: ["red", "open  "], unseen: ["yellow", "unseen"], closed: ["green", "closed"] } as const
const ORDER = ["open", "unseen", "closed"] as const

/** A repository for a terminal: its ways round, what stands open first, each with what closes it; who is told, and what a rollback needs. */
export function showWays({ repository, ways, findings, notes }: Examined, terminal: Terminal): string {
  const width = Math.max(...ways.map(({ name }) => plain(name).length))
  const sorted = ORDER.flatMap((is) => ways.filter((way) => way.is === is))
  const lines = sorted.flatMap(({ is, name, says, closes }) => {
    const [colour, mark] = MARKS[is]
    return [
      `  ${paint(terminal, colour, mark)}  ${paint(terminal, "bold", plain(name).padEnd(width))}  ${plain(says)}`,
      ...(closes === undefined ? [] : [`  ${" ".repeat(width + 8)}  ${paint(terminal, "dim", `→ ${plain(closes)}`)}`]),
    ]
  })
  const [told, needed] = [findings.filter((one) => !isOfRollback(one)), findings.filter(isOfRollback)]
  const below = (title: string, found: readonly Finding[]) =>
    found.length === 0 ? [] : ["", paint(terminal, "bold", title), "", ...findingLines(found, terminal)]
  return [
    paint(terminal, "bold", `Ways round Slipway in ${plain(repository)}`),
    "",
    ...lines,
    "",
    ...notes.map((note) => paint(terminal, "yellow", plain(note))),
    sum(ways),
    ...below("Who is told", told),
    ...below("What a rollback needs", needed),
    "",
  ].join("\n")
}

const isOfRollback = ({ about }: Finding): boolean => about === "incidents" || about === "cluster"

function sum(ways: readonly Way[]): string {
  const [open, unseen] = (["open", "unseen"] as const).map((is) => ways.filter((way) => way.is === is).length)
  const stand = open === 0 ? "None stands open" : open === 1 ? "1 stands open" : `${open} stand open`
  const hidden =
    unseen === 0
      ? ""
      : `; ${unseen} cannot be seen with the App's permissions, and ${unseen === 1 ? "is" : "are"} yours to look at`
  return `${stand}${hidden}.\nWho administers the repository can change all of these settings.`
}
