import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { readPlan } from "../config/read-plan.ts"
import type { ChecklistItem } from "../model/checklist.ts"
import type { Gate } from "../model/gate.ts"
import type { Plan } from "../model/plan.ts"
import type { Problem } from "../model/problem.ts"
import { showInstant } from "../render/instant.ts"
import { count } from "../render/words.ts"
import { type Command, type ExitCode, type Terminal, WrongUsage } from "./command.ts"
import { paint, plain } from "./paint.ts"
import { unknownHere } from "./plan-audiences.ts"
import { gatesOfPlan } from "./plan-gates.ts"
import { showProblems } from "./problems.ts"
import { readGivenFile } from "./read-given-file.ts"

export const plan: Command = {
  help: `slipway plan check: the mistakes of a release plan by line, and its gates as far as a file can tell.

Usage: slipway plan check FILE [--json]

A gate is passed, failed, pending or unknown; what only GitHub knows (checks, issues, approvals) is unknown here.

Beside the gates it says whom the plan tells and \`audiences\` of the repository's .github/slipway.yml does not know.

  --json              print {"valid", "problems", "warnings", "gates"}

Exit codes: 0 the plan is valid, whatever its gates say; 1 it is not; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const options = { json: { type: "boolean", default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [verb, file, ...rest] = positionals
    if (verb !== "check" || file === undefined || rest.length > 0)
      throw new WrongUsage("it is `slipway plan check FILE`")
    const path = resolve(terminal.directory, file)
    const text = await readGivenFile(terminal.directory, file)
    const read = readPlan(text, file)
    const gates = read.ok ? await gatesOfPlan(read.plan, path, terminal.now) : []
    const problems = read.ok ? [] : read.problems
    const warnings = read.ok ? await unknownHere(read.audiences(), path) : []
    if (values.json) terminal.out(`${JSON.stringify({ valid: read.ok, problems, warnings, gates }, null, 2)}\n`)
    else if (read.ok) terminal.out(`${show(read.plan, gates, terminal)}${showWarnings(warnings, terminal)}`)
    else terminal.err(`${showProblems(problems)}\n${count(problems.length, "problem")} in ${file}\n`)
    return read.ok ? 0 : 1
  },
}

const MARK = { passed: "✓", failed: "✗", pending: "…", unknown: "?" } as const
const STYLE = { passed: "green", failed: "red", pending: "yellow", unknown: "gray" } as const

function show({ release, features, checklist }: Plan, gates: readonly Gate[], terminal: Terminal): string {
  const name = [release.version ?? "the computed version", release.name]
    .filter((part) => part !== undefined)
    .join(" · ")
  const day = release.date === undefined ? "" : `, ${showInstant(release.date)}`
  const width = Math.max(...gates.map((gate) => gate.name.length))
  const lines = gates.map(({ name, state, because }) => {
    const mark = paint(terminal, STYLE[state], `${MARK[state]} ${state.padEnd(7)}`)
    return `  ${mark}  ${name.padEnd(width)}  ${plain(because)}`
  })
  return [
    `${paint(terminal, "bold", plain(name))}${day}: a valid plan, ${count(features.length, "feature")}`,
    "",
    ...lines,
    ...(["during", "after"] as const).flatMap((when) => toDo(when, checklist?.[when] ?? [])),
    "",
  ].join("\n")
}

const showWarnings = (warnings: readonly Problem[], terminal: Terminal): string =>
  warnings.length === 0 ? "" : `\n${paint(terminal, "yellow", "nobody is told:")}\n${showProblems(warnings)}\n`

/** What no gate waits for: it is shown on the page of the release. */
const toDo = (when: string, items: readonly ChecklistItem[]): readonly string[] =>
  items.length === 0
    ? []
    : ["", `${when} the release:`, ...items.map(({ item, by }) => `  ☐ ${plain(item)} (${plain(shownBy(by))})`)]

function shownBy(by: ChecklistItem["by"]): string {
  switch (by.is) {
    case "check":
      return by.check
    case "file":
      return by.file
    case "issue":
      return by.issue
    case "metric":
      return by.metric.name ?? by.metric.query
  }
}
