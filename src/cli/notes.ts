import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { companionLines } from "../decide/companions.ts"
import { buildNotes, withLines } from "../decide/notes.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import type { Notes } from "../model/notes.ts"
import { tagOf } from "../model/tag.ts"
import { renderNotes } from "../render/notes.ts"
import { shortSha } from "../render/words.ts"
import { arrangementOf } from "./arrangement.ts"
import { type Command, type ExitCode, type Terminal, WrongUsage } from "./command.ts"
import { readAllNotes } from "./history/all-notes.ts"
import { configAt, configFile, unseenAbove } from "./local-config.ts"
import type { LocalRelease } from "./local-line.ts"
import { openClone, resolveCommit } from "./read-clone.ts"
import { refusals } from "./refusals.ts"
import { OPTIONS, OPTIONS_HELP, readUnreleased, type Unreleased } from "./unreleased.ts"

export const notes: Command = {
  help: `slipway notes: the release notes of what is not released yet, as Markdown.

Usage: slipway notes [DIR] [OPTIONS]
       slipway notes [DIR] --all [--to REF] [--config FILE] [--json]

Reads a local git clone (DIR, default: this folder); needs no server, database, network or credentials. Authors are
named by their GitHub login where their e-mail address gives it away. Where nothing asks for a release, the notes are
those of "Unreleased".

${OPTIONS_HELP}  --all               the notes of every release that --to reaches, newest first, as Slipway would have written them
  --json              print the notes as data; with --all one release a line

Exit codes: 0 it went well; 1 the clone or its slipway.yml cannot be read; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const options = { ...OPTIONS, all: { type: "boolean", default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.all) return await printAll(positionals, values, terminal)
    const unreleased = await readUnreleased(positionals, values, terminal.directory)
    const { github, warnings } = await arrangementOf(unreleased.githubNotes)
    for (const warning of [...unreleased.warnings, ...refusals(unreleased), ...warnings])
      terminal.err(`slipway notes: ${warning}\n`)
    if (unreleased.components) {
      const all = unreleased.components.map((one) => [one.component.name, componentNotes(unreleased, one)] as const)
      const texts = all.map(([component, notes]) =>
        values.json ? `${JSON.stringify({ component, ...notes })}\n` : markdown(notes, component),
      )
      terminal.out(texts.join(values.json ? "" : "\n"))
      return 0
    }
    const built = dated(unreleased, unreleased.next.next, github)
    terminal.out(values.json ? `${JSON.stringify(built, null, 2)}\n` : markdown(built))
    return 0
  },
}

function markdown(notes: Notes, component = ""): string {
  const name = component === "" ? notes.version : `${component} ${notes.version}`
  const day = notes.date === undefined ? "" : ` (${notes.date})`
  return `## ${name}${day}\n\n${renderNotes(notes)}`
}

type Values = { readonly [option in keyof typeof OPTIONS]?: string | boolean | undefined }

async function printAll(folders: readonly string[], values: Values, terminal: Terminal): Promise<ExitCode> {
  if (folders.length > 1) throw new WrongUsage(`one folder at a time, not ${folders.join(", ")}`)
  if ([values.from, values.branch, values.commits, values.current].some((one) => one !== undefined))
    throw new WrongUsage("--all is the whole history: give it without --from, --branch, --commits and --current")
  const clone = await openClone(resolve(terminal.directory, folders[0] ?? "."))
  const to = typeof values.to === "string" ? values.to : "HEAD"
  const config =
    typeof values.config === "string"
      ? await configFile(values.config, terminal.directory)
      : await configAt(clone, await resolveCommit(clone, to))
  if (clone.shallow) terminal.err("slipway notes: this clone is shallow: releases that lie further back are missing\n")
  for (const warning of unseenAbove(config)) terminal.err(`slipway notes: ${warning}\n`)
  let first = true
  for (const { component, notes } of await readAllNotes(clone, config, to)) {
    const named = component === "" ? notes : { component, ...notes }
    terminal.out(values.json ? `${JSON.stringify(named)}\n` : `${first ? "" : "\n"}${markdown(notes, component)}`)
    first = false
  }
  return 0
}

function componentNotes(all: Unreleased, { component, previous, next, changes }: LocalRelease): Notes {
  const config = { ...all.config, version: { ...all.config.version, tag: component.tag } }
  const notes = dated({ ...all, changes, previous, config }, next.next)
  return withLines(notes, companionLines(next.with ?? []))
}

/** The notes are dated by the last commit, so that the same clone gives the same notes on every day. */
function dated(
  { changes, previous, config, repository, webUrl, head }: Unreleased,
  next: string | null,
  github?: GitHubNotes,
): Notes {
  const date = head?.at ? new Date(head.at).toISOString().slice(0, 10) : undefined
  return buildNotes({
    changes,
    version: next ?? "Unreleased",
    previous,
    tag: next === null ? shortSha(head?.sha ?? "HEAD") : tagOf(next, config.version.tag),
    repository,
    config,
    github,
    ...(date === undefined ? {} : { date }),
    ...(webUrl === "" ? {} : { webUrl }),
  })
}
