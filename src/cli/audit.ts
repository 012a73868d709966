import { parseArgs } from "node:util"
import { cut } from "./audit/cut.ts"
import { tell } from "./audit/tell.ts"
import { withDatabase } from "./audit/trail.ts"
import { verify } from "./audit/verify.ts"
import { type Command, type ExitCode, type Terminal, WrongUsage } from "./command.ts"
import { repositoryNamed } from "./repository-name.ts"

export const audit: Command = {
  help: `slipway audit: what the audit trail says.

Usage: slipway audit OWNER/REPO VERSION [--json | --markdown]
       slipway audit verify [OWNER/REPO] [--file FILE]... [--json]
       slipway audit cut OWNER/REPO --before DATE

The story of a release: its changes and who reviewed them, gates, checks, approvals, artifacts, environments, and every
decision on it. VERSION is a version or a tag. verify looks for records that were changed, taken out or moved.

The database is that of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR, also beside a Slipway that runs on it. It
is only read; but for cut, which removes the records from before DATE and leaves a signed checkpoint in their place.

  --json              JSON Lines: the release, each of its records, what is missing; with verify one JSON document
  --markdown          the story as Markdown
  --file FILE         a slipway-audit.json of a release, to compare with; can be given more than once
  --key KEY           a public key that is known to be Slipway's, beside that of the App in the environment
  --before DATE       such as 2025-01-31, or with a time: 2025-01-31T12:00:00Z

Exit codes: 0 the evidence is complete, the trail holds; 1 evidence is missing, or the trail does not hold; 2 wrong usage.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        file: { type: "string", multiple: true, default: [] },
        key: { type: "string", multiple: true, default: [] },
        before: { type: "string" },
      },
    })
    const { json, markdown, file, key, before } = values
    const [first = "", second, ...rest] = positionals
    if (rest.length > 0) throw new WrongUsage(`it takes two arguments, not ${positionals.join(" ")}`)
    if (json && markdown) throw new WrongUsage("--json and --markdown are two ways of showing it: take one")
    if (first !== "cut" && before !== undefined) throw new WrongUsage("--before belongs to `slipway audit cut`")
    if (first !== "verify" && file.length > 0) throw new WrongUsage("--file belongs to `slipway audit verify`")
    switch (first) {
      case "verify":
        if (markdown) throw new WrongUsage("--markdown belongs to the story of a release")
        return await verifyAll({ repository: second, files: file, keys: key, json }, terminal)
      case "cut":
        return await cutBefore(second, before, key, terminal)
      default: {
        const repository = named(first)
        if (second === undefined) throw new WrongUsage("it takes a version, such as 1.4.0")
        const as = json ? "lines" : markdown ? "markdown" : "text"
        const options = { repository, name: second, keys: key, as } as const
        return await withDatabase(process.env, "read", (opened) => tell(opened, options, terminal))
      }
    }
  },
}

async function verifyAll(options: Parameters<typeof verify>[1], terminal: Terminal): Promise<ExitCode> {
  if (options.repository !== undefined) named(options.repository)
  return await withDatabase(process.env, "read", (opened) => verify(opened, options, terminal))
}

async function cutBefore(
  name: string | undefined,
  date: string | undefined,
  keys: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const repository = named(name)
  if (date === undefined) throw new WrongUsage("it takes --before with a date, such as 2025-01-31")
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(date)
  const before = new Date(date)
  if (!isDate || Number.isNaN(before.getTime()))
    throw new WrongUsage(`--before takes a date such as 2025-01-31 (or 2025-01-31T12:00:00Z), not ${date}`)
  if (before > terminal.now) throw new WrongUsage("--before has to be in the past")
  return await withDatabase(process.env, "write", (opened) => cut(opened, { repository, before, keys }, terminal))
}

function named(repository: string | undefined): string {
  if (repository !== undefined && repositoryNamed(repository)) return repository
  throw new WrongUsage("it takes a repository, such as acme/shop")
}
