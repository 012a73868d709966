import { parseArgs } from "node:util"
import { buildNotes } from "../decide/notes.ts"
import { nextVersion } from "../decide/version.ts"
import { tagOf } from "../model/tag.ts"
import { renderNotes } from "../render/notes.ts"
import { shortSha } from "../render/words.ts"
import type { Command, ExitCode } from "./command.ts"
import { OPTIONS, OPTIONS_HELP, readUnreleased, type Unreleased } from "./unreleased.ts"

export const notes: Command = {
  help: `slipway notes: the release notes of what is not released yet, as Markdown.

Usage: slipway notes [DIR] [OPTIONS]

Reads a local git clone (DIR, default: this folder); needs no server, database, network or credentials. Authors are
named by their GitHub login where their e-mail address gives it away. Where nothing asks for a release, the notes are
those of "Unreleased".

${OPTIONS_HELP}  --json              print the notes as data

Exit codes: 0 it went well; 1 the clone or its slipway.yml cannot be read; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const unreleased = await readUnreleased(positionals, values, terminal.directory)
    for (const warning of unreleased.warnings) terminal.err(`slipway notes: ${warning}\n`)
    const built = notesOf(unreleased)
    const day = built.date === undefined ? "" : ` (${built.date})`
    terminal.out(
      values.json ? `${JSON.stringify(built, null, 2)}\n` : `## ${built.version}${day}\n\n${renderNotes(built)}`,
    )
    return 0
  },
}

/** The notes are dated by the last commit, so that the same clone gives the same notes on every day. */
function notesOf({ changes, current, previous, config, repository, webUrl, head }: Unreleased) {
  const { next } = nextVersion({ changes, current, config })
  const date = head?.at ? new Date(head.at).toISOString().slice(0, 10) : undefined
  return buildNotes({
    changes,
    version: next ?? "Unreleased",
    previous,
    tag: next === null ? shortSha(head?.sha ?? "HEAD") : tagOf(next, config.version.tag),
    repository,
    config,
    ...(date === undefined ? {} : { date }),
    ...(webUrl === "" ? {} : { webUrl }),
  })
}
