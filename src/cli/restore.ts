import { createReadStream } from "node:fs"
import { resolve } from "node:path"
import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import { createGunzip } from "node:zlib"
import { type Environment, readEnvironment } from "../config/environment.ts"
import { count } from "../render/words.ts"
import { restore as putBack } from "../store/restore.ts"
import { StoreError } from "../store/store-error.ts"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"
import { plain } from "./paint.ts"

export const restore: Command = {
  help: `slipway restore: put a backup into a new database.

Usage: slipway restore FILE

Into the database of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR. Nothing is restored over anything: a database that
holds something of Slipway is refused, and so is one that a Slipway runs on, and a backup of a newer version. An older one is
brought up to date. Then start Slipway with the settings of before. It looks at every repository again; what waited to
be done when the backup was made is looked for before it is done, since it may have been done afterwards.
\`slipway audit verify\` shows that the audit trail is whole.

Exit codes: 0 everything is restored; 1 nothing is, with what to do; 2 wrong usage.
`,

  async run(args, terminal) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new WrongUsage("it takes the file of a backup")
    const look = { kind: "look", because: "the database was restored from a backup" } as const
    const { header, rows } = await putBack(linesOf(resolve(terminal.directory, file)), {
      ...databaseOf(process.env),
      now: terminal.now,
      look,
    }).catch((error: unknown) => {
      throw error instanceof StoreError ? new ProblemFound(error.message) : error
    })
    const all = Object.values(rows).reduce((sum, some) => sum + some, 0)
    terminal.out(
      `Restored as of ${plain(header.at)}: ${count(rows.keys ?? 0, "repository", "repositories")}, ${count(rows.audit ?? 0, "record")} of the audit trail, ${count(all, "row")} in all. Start Slipway with the settings of before.\n`,
    )
    terminal.out(NOT_RESTORED)
    return 0
  },
}

/** What to do about it: docs/operating.md, "After a restore". */
const NOT_RESTORED = `
What happened after that instant is known no more. Before the start:
- Holds and locks of that time are gone, and trains that are due since go within seconds. Push a \`stop\` to the
  organisation's slipway.yml first, and take it out when holds and locks are given again. It stops no rollback and no drill.
- Tokens that were revoked since count again: \`slipway token list\`, \`slipway token revoke ID\`.
- A drill that ran since may run again; a message that was first sent since may be sent a second time; a number of a
  rollback may be used a second time.
All of it: docs/operating.md, "After a restore".
`

function databaseOf(env: Environment): { readonly databaseUrl?: string; readonly dataDir: string } {
  const read = readEnvironment(env)
  const settings = read.ok ? read.settings : read.rest
  if (!settings) throw new ProblemFound(read.ok ? "" : read.problems.join("\n\n"))
  const { database } = settings
  return database.is === "server" ? { databaseUrl: database.url, dataDir: "" } : { dataDir: database.dataDir }
}

/** Read as it is asked for: nothing is opened before the database is known to be there. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const packed = createReadStream(path)
  const text = packed.pipe(createGunzip())
  packed.on("error", (error) => text.destroy(error))
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  const broken = new Promise<never>((_, reject) => text.once("error", reject))
  broken.catch(() => undefined)
  const all = lines[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([all.next(), broken])
    if (next.done) break
    yield next.value
  }
  // A stream that broke may look like one that ended.
  if (text.errored) throw text.errored
}
