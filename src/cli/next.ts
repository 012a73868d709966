import { parseArgs } from "node:util"
import type { NextVersion } from "../model/version.ts"
import { count, cut, shortSha } from "../render/words.ts"
import type { Command, ExitCode, Terminal } from "./command.ts"
import type { LocalRelease } from "./local-line.ts"
import { paint, plain } from "./paint.ts"
import { refusals } from "./refusals.ts"
import { OPTIONS, OPTIONS_HELP, readUnreleased, type Unreleased } from "./unreleased.ts"

const SHOWN = 10

export const next: Command = {
  help: `slipway next: the next version, and which changes ask for it.

Usage: slipway next [DIR] [OPTIONS]
       slipway next --commits FILE --current VERSION [--config FILE] [--json]

Reads a local git clone (DIR, default: this folder); needs no server, database, network or credentials.

${OPTIONS_HELP}  --json              print {"current", "next", "bump", "because": [{"sha", "subject", "bump"}]};
                      of several components {"components": {NAME: …}}

Exit codes: 0 also where nothing asks for a release ("next" is null), and where what was asked for cannot be followed: the
most that can be is printed, and why on standard error; 1 the clone or its slipway.yml cannot be read; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const unreleased = await readUnreleased(positionals, values, terminal.directory)
    for (const warning of [...unreleased.warnings, ...refusals(unreleased)]) terminal.err(`slipway next: ${warning}\n`)
    terminal.out(shown(unreleased, values, terminal))
    return 0
  },
}

function shown(
  unreleased: Unreleased,
  values: { readonly json: boolean; readonly component?: string | undefined },
  terminal: Terminal,
): string {
  if (unreleased.components) return showComponents(unreleased.components, values, terminal)
  const { next } = unreleased
  return values.json ? `${JSON.stringify(contract(next), null, 2)}\n` : show(next, unreleased, terminal)
}

/** One that was asked for by name is told as a repository of one component is. */
function showComponents(
  all: readonly LocalRelease[],
  { json, component: only }: { readonly json: boolean; readonly component?: string | undefined },
  terminal: Terminal,
): string {
  const told = all.map(({ component, next }) => [component.name, contract(next)] as const)
  if (json)
    return `${JSON.stringify(only === undefined ? { components: Object.fromEntries(told) } : told[0]?.[1], null, 2)}\n`
  return all
    .map(
      ({ component, next, changes }) =>
        `${paint(terminal, "bold", component.name)}  ${show(next, { changes }, terminal)}`,
    )
    .join("\n")
}

/** The contract for scripts: these keys and no others. */
const contract = ({ current, next, bump, because }: NextVersion) => ({
  current,
  next,
  bump,
  because: because.map(({ sha, subject, bump }) => ({ sha, subject, bump })),
})

function show(
  { current, next, bump, because, with: companions = [] }: NextVersion,
  { changes }: Pick<Unreleased, "changes">,
  terminal: Terminal,
): string {
  const since = current === null ? "before the first release" : `since ${current}`
  if (next === null)
    return changes.length === 0
      ? `No release: nothing has landed${current === null ? "" : ` ${since}`}.\n`
      : `No release: none of ${count(changes.length, "change")} ${since} asks for one.\n`
  const head = `${paint(terminal, ["bold", "green"], next)}  ${current === null ? "the first release" : `${bump}, after ${current}`}`
  const lines = because
    .slice(0, SHOWN)
    .map(({ sha, subject }) => `  ${paint(terminal, "yellow", shortSha(sha))}  ${plain(cut(subject, 100))}`)
  const more = because.length > SHOWN ? [`  … and ${because.length - SHOWN} more`] : []
  const asks = because.length === 1 ? "asks" : "ask"
  return [
    head,
    "",
    // What a companion asks for is none of the changes.
    companions.length > 0
      ? "What asks for it:"
      : `${because.length} of ${count(changes.length, "change")} ${since} ${asks} for it:`,
    ...lines,
    ...more,
    "",
  ].join("\n")
}
