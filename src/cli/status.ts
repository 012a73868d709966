import { parseArgs } from "node:util"
import { whereReleasesAre } from "../decide/places.ts"
import type { Whereabouts } from "../model/places.ts"
import { repositoryStates } from "../store/repository-states.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"
import { isAccountOrRepository } from "./repository-name.ts"
import { showStatus } from "./show-status.ts"

export const status: Command = {
  help: `slipway status: where releases are, components by environments.

Usage: slipway status [OWNER | OWNER/REPO]... [--json]

Of all repositories that Slipway is installed in, unless some are named: what is live where, since when, whether it was
verified, what is the last known good release where that is another one, what is locked, and drift: an environment that
stands at what is no release. The database is that of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR, also beside a
Slipway that runs on it; GitHub is asked nothing.

  --json              a JSON document: one object a repository

Exit codes: 0 it went well; 1 the database cannot be read, or a named repository is not in it; 2 wrong usage.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    })
    for (const name of positionals)
      if (!isAccountOrRepository(name))
        throw new WrongUsage(`it takes accounts and repositories, such as acme or acme/shop, not ${name}`)
    const all = await collect(positionals)
    terminal.out(values.json ? `${JSON.stringify({ repositories: all }, null, 2)}\n` : showStatus(all, terminal))
    return 0
  },
}

async function collect(names: readonly string[]): Promise<readonly Whereabouts[]> {
  return await withDatabase(process.env, "read", async ({ db }) => {
    const all: Whereabouts[] = []
    const missing = new Set(names.map((name) => name.toLowerCase()))
    for await (const { repo, state } of repositoryStates(db, names)) {
      missing.delete(repo.owner.toLowerCase())
      missing.delete(`${repo.owner}/${repo.name}`.toLowerCase())
      all.push(whereReleasesAre(repo, state))
    }
    const [first] = missing
    if (first !== undefined) throw new ProblemFound(`nothing is known of ${first}: is Slipway installed there?`)
    return all
  })
}
