import { mkdirSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { readConfig } from "../config/read-config.ts"
import { count } from "../render/words.ts"
import { type Command, type ExitCode, ProblemFound, type Terminal, WrongUsage } from "./command.ts"
import { openClone } from "./init/clone.ts"
import { findPeers, type Peers } from "./init/find-peers.ts"
import { manifestsInRoot } from "./init/manifest-choice.ts"
import { minimalConfig, writeConfig } from "./init/write-config.ts"
import { paint, plain } from "./paint.ts"

const FILE = ".github/slipway.yml"
/** Where the schema lies in a repository that has Slipway among its packages; a path counts from the file that names it. */
const SCHEMA = "../node_modules/slipway/schemas/slipway.schema.json"

export const init: Command = {
  help: `slipway init: write .github/slipway.yml from what another release tool is configured to do.

Usage: slipway init [DIR] [--print] [--force] [--schema URL]

Reads, in a clone (DIR, default: this folder): release-please-config.json, .releaserc and "release" of package.json,
.changeset/config.json, .versionrc, .github/release-drafter.yml and .github/release.yml. Programs such as
release.config.js are not run. The file says, line by line, where each setting comes from, and what has no equal.

  --print             print the file instead of writing it
  --force             write it although there is one
  --schema URL        where editors find the JSON Schema: a URL, or a path from .github/
                      (default ${SCHEMA})

Exit codes: 0 written; 1 there is a ${FILE} already, or a peer's file cannot be read; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        print: { type: "boolean", default: false },
        force: { type: "boolean", default: false },
        schema: { type: "string", default: SCHEMA },
      },
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new WrongUsage("it is `slipway init [DIR]`")
    if (/[\s\p{Cc}]/u.test(values.schema)) throw new WrongUsage("--schema: must be a URL or a path without blanks")
    const directory = resolve(terminal.directory, positionals[0] ?? ".")
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
      throw new ProblemFound(`${directory}: there is no such folder`)
    const clone = await openClone(directory)
    if (clone.exists(FILE) && !values.force && !values.print)
      throw new ProblemFound(`${FILE} is there already; --force writes over it, --print shows what would be written`)
    const peers = findPeers(clone)
    const { schema } = values
    const text =
      peers.moves.length > 0
        ? writeConfig(peers.moves, { schema, unread: peers.unread })
        : minimalConfig(schema, manifestsInRoot(clone), peers.unread)
    assertValid(text)
    if (values.print) terminal.out(text)
    else {
      const file = join(clone.root, FILE)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      terminal.out(show(peers, terminal))
    }
    return 0
  },
}

/** Each setting was looked at by itself; this sees what they say together. */
function assertValid(text: string): void {
  const read = readConfig(text, FILE)
  if (read.ok) return
  const [problem] = read.problems
  throw new ProblemFound(
    `what was found cannot be said in one ${FILE}: ${problem?.message}; please report this with the peer's file`,
  )
}

function show({ moves, unread }: Peers, terminal: Terminal): string {
  const lost = moves.flatMap(({ notes }) => notes).filter(({ to }) => to === undefined)
  const lines = [
    `${paint(terminal, "green", "✓")} wrote ${FILE}`,
    ...moves.map(({ peer, files, notes }) => {
      const carried = notes.filter(({ to, key }) => to !== undefined && key !== "").length
      return `  ${peer}: ${count(carried, "setting")} carried over from ${files.map(plain).join(", ")}`
    }),
    ...(moves.length === 0
      ? ["  no settings of another release tool are here: every line is a default, commented out"]
      : []),
    ...(lost.length > 0
      ? [
          paint(
            terminal,
            "yellow",
            `  ${count(lost.length, "setting")} not carried over: the end of the file says which, and why`,
          ),
        ]
      : []),
    ...unread.map((line) => paint(terminal, "yellow", `  ${plain(line)}`)),
    "",
    "Look it over, then try it on your own history before you commit it:",
    `\`slipway next --config ${FILE}\`, \`slipway notes --config ${FILE}\`, \`slipway replay --config ${FILE}\`.`,
    "",
  ]
  return lines.join("\n")
}
