import { writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { isatty } from "node:tty"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { readHistory } from "./story/history.ts"
import { play } from "./story/play.ts"
import { collect, forTerminal } from "./story/show.ts"
import { setStage } from "./story/stage.ts"
import { createTeller, StepFailed } from "./story/teller.ts"

const HELP = `npm run demo [-- options]

Plays a release from merged pull requests to a rollback, through the real app, a real Postgres, and a GitHub and a
Slack that run on this machine. Nothing leaves it, and nothing but the page is left behind.

  --repo DIR    take the commits since the last tag of this git repository (default: this clone)
  --page FILE   where the page goes that shows it all (default: demo.html)
  --keep        leave everything running until Ctrl-C, with its addresses
  --help

Exit code: 0 if every step held, 1 if one did not, 2 for wrong usage.
`

const CLONE = fileURLToPath(new URL("..", import.meta.url))

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let values: { repo?: string; page?: string; keep?: boolean; help?: boolean }
  try {
    const options = {
      repo: { type: "string" },
      page: { type: "string" },
      keep: { type: "boolean" },
      help: { type: "boolean" },
    } as const
    values = parseArgs({ args: [...args], options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  return await tell(values)
}

async function tell(values: { repo?: string; page?: string; keep?: boolean }): Promise<number> {
  const colour = isatty(1) && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb"
  const out = process.stdout
  const teller = createTeller(out, colour)
  const directory = resolve(values.repo ?? CLONE)
  const history = await readHistory(directory)
  const since = history.last ? `since ${history.last.tag}` : "since its beginning"
  out.write(
    `Slipway's main job on ${directory}: ${history.of} commits ${since}, of which the newest ${history.commits.length}\nbecome pull requests.\n\n`,
  )
  const stage = await setStage(history)
  let held = false
  try {
    await teller.step("Everything is up", async () => ({
      what: `Slipway is process ${stage.app.pid} with a Postgres of its own; GitHub and Slack are emulated`,
      where: `${stage.app.url}, log ${stage.logFile}`,
    }))
    const told = await play(stage, history, teller)
    await teller.step("Nothing was refused", async () => {
      const problems = [...stage.github.problems, ...stage.slack.problems]
      if (problems.length > 0) throw new StepFailed(problems.join("\n"))
      return { what: `every request was valid by GitHub's API description, every message by Slack's limits` }
    })
    const says = `${history.name}: ${told.first.version} and ${told.second.version}, in ${teller.elapsed().toFixed(1)} s`
    const exhibits = await collect(stage, told, says)
    out.write(forTerminal(exhibits, { colour, width: Math.min(100, out.columns ?? 100) }))
    const page = resolve(values.page ?? `${CLONE}/demo.html`)
    await writeFile(page, exhibits.html)
    out.write(
      `\n\nAll of it as a page: ${page}\n${teller.steps.length} steps held in ${teller.elapsed().toFixed(1)} s.\n`,
    )
    if (values.keep) await keep(stage.app.url, stage.github.url)
    held = true
    return 0
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof StepFailed ? error.message : String((error as Error).stack)}\n\nThe app's log: ${stage.logFile}\n`,
    )
    if (values.keep) await keep(stage.app.url, stage.github.url)
    return 1
  } finally {
    await stage.close(!held)
  }
}

/** Until Ctrl-C. */
async function keep(app: string, github: string): Promise<void> {
  process.stdout.write(
    `\nStill running: Slipway ${app} (metrics at ${app}/metrics), GitHub's API ${github}. Ctrl-C ends it.\n`,
  )
  await new Promise<void>((end) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end())
    setInterval(() => undefined, 60_000)
  })
}

process.exit(await main(process.argv.slice(2)))
