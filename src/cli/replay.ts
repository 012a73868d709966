import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { CATEGORIES } from "../decide/replay-difference.ts"
import { type Command, type ExitCode, ProblemFound, WrongUsage } from "./command.ts"
import { countReasons, type Replay, replayClone } from "./history/replay-clone.ts"
import { configAt, configFile } from "./local-config.ts"
import { openClone, resolveCommit } from "./read-clone.ts"
import { showReplay } from "./show-replay.ts"

export const replay: Command = {
  help: `slipway replay: what Slipway would have released, beside what was released.

Usage: slipway replay [DIR] [--config FILE] [--json]

Runs the whole tag history of a local git clone (DIR, default: this folder) through Slipway, release by release, and
prints the share that agrees and each difference with its reason. Needs no server, database, network or credentials.

  --config FILE       a slipway.yml to use; default: .github/slipway.yml as it is at HEAD
  --json              print {"repository", "stable", "prereleases", "categories", "releases", "better"}

A release is judged by what its own branch had: the changes since the highest lower version among the tags that are its
ancestors. That there was a release, and the channel of a prerelease, is given. Components are those of the
configuration; the packages of a workspace are taken as they are at HEAD. Reasons:

${Object.entries(CATEGORIES)
  .map(([name, says]) => `  ${name.padEnd(20)}${says}`)
  .join("\n")}

Exit codes: 0 it went well, whatever the share; 1 the clone or its slipway.yml cannot be read; 2 wrong usage.
`,

  async run(args, terminal): Promise<ExitCode> {
    const options = { config: { type: "string" }, json: { type: "boolean", default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (positionals.length > 1) throw new WrongUsage(`one folder at a time, not ${positionals.join(", ")}`)
    const clone = await openClone(resolve(terminal.directory, positionals[0] ?? "."))
    if (clone.shallow)
      throw new ProblemFound("this clone is shallow: its history is not here; run `git fetch --unshallow --tags`")
    const head = await resolveCommit(clone, "HEAD")
    const config =
      values.config !== undefined ? await configFile(values.config, terminal.directory) : await configAt(clone, head)
    const found = await replayClone(clone, config)
    terminal.out(values.json ? `${JSON.stringify(contract(found), null, 2)}\n` : showReplay(found, terminal))
    return 0
  },
}

/** The contract for scripts. */
const contract = (found: Replay) => ({
  repository: found.repository,
  stable: found.stable,
  prereleases: found.prereleases,
  categories: Object.fromEntries(countReasons(found)),
  better: found.better,
  releases: found.components.flatMap(({ name, releases }) =>
    releases.map(({ release, answer, verdict }) => ({
      ...(name === "" ? {} : { component: name }),
      tag: release.tag,
      version: release.version,
      previous: release.previous?.version ?? null,
      sha: release.sha,
      at: release.at,
      slipway: answer,
      verdict: verdict.is,
      ...(verdict.is === "differs" ? { category: verdict.category, because: verdict.because } : {}),
    })),
  ),
})
