import { createWriteStream } from "node:fs"
import { open, rename, rm } from "node:fs/promises"
import { resolve } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { parseArgs } from "node:util"
import { createGzip } from "node:zlib"
import { VERSION } from "../process/version.ts"
import { count } from "../render/words.ts"
import { backUp } from "../store/backup.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"

export const backup: Command = {
  help: `slipway backup: everything that Slipway knows, as it is at one instant, in one file.

Usage: slipway backup FILE

Beside a Slipway that runs, or with none: nothing waits for it. The file is text, packed with gzip, and readable by its owner
alone: it holds what Slipway knows of your repositories (commits, titles, logins, notes, the audit trail), and hashes of the
tokens of \`slipway token\`. The App's key, webhook secret and other settings are not in it: keep the environment apart.
FILE must not exist. \`slipway restore\` puts it into a new database. The database is that of DATABASE_URL, or the
embedded one in SLIPWAY_DATA_DIR.

Exit codes: 0 the file is whole and on disk; 1 the database cannot be read, or the file not written; 2 wrong usage.
`,

  async run(args, terminal) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new WrongUsage("it takes the file to write")
    const lines = await withDatabase(process.env, "read", ({ db }) =>
      write(resolve(terminal.directory, file), backUp(db, { version: VERSION, now: terminal.now })),
    )
    terminal.out(`${file}: ${count(lines, "line")}. \`slipway restore ${file}\` puts it into a new database.\n`)
    return 0
  },
}

/** Beside its place first, so that a file of that name is a whole one. @returns the number of lines */
async function write(path: string, lines: AsyncIterable<string>): Promise<number> {
  const partial = `${path}.partial`
  let written = 0
  async function* counted(): AsyncGenerator<string> {
    for await (const line of lines) {
      written++
      yield `${line}\n`
    }
  }
  try {
    await refuseExisting(path)
    await pipeline(
      Readable.from(counted()),
      createGzip(),
      createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true }),
    )
    await rename(partial, path)
    return written
  } catch (cause) {
    if (!isTaken(cause)) await rm(partial, { force: true })
    if (cause instanceof ProblemFound) throw cause
    if (cause instanceof Error && "syscall" in cause)
      throw new ProblemFound(`the file cannot be written: ${cause.message}`)
    throw cause
  }
}

const isTaken = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "EEXIST"

async function refuseExisting(path: string): Promise<void> {
  const there = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
  await there?.close()
  if (there) throw new ProblemFound(`${path} is there already: no backup is written over another file`)
}
