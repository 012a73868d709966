import { stat, writeFile } from "node:fs/promises"
import { dirname, relative, resolve } from "node:path"
import { isatty } from "node:tty"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { ProblemFound, WrongUsage } from "../src/cli/command.ts"
import { ADDED } from "./story/changes.ts"
import { type History, readHistory } from "./story/history.ts"
import { play } from "./story/play.ts"
import { collect, forBrowser, forTerminal, withoutLinksTo } from "./story/show.ts"
import { type Stage, setStage } from "./story/stage.ts"
import { createTeller, type Seen, StepFailed, type Teller } from "./story/teller.ts"
import { channelUrl } from "./story/website.ts"

const HELP = `npm run demo [-- options]

Plays a release from open pull requests to a rollback, beside it the releases of two components, gates that hold, and what
is live being watched, practised and taken back by itself, through the real app, a real Postgres, and a GitHub, a Slack and
a mail server that run on this machine. Nothing leaves it, and
nothing but the page is left behind.

  --repo DIR    take the commits since the last tag of this git repository (default: this clone)
  --page FILE   where the page goes that shows it all (default: demo.html)
  --keep        leave everything running until Ctrl-C, so that each page can be looked at
  --help

Exit code: 0 if every step held, 1 if one did not, 2 for wrong usage, 130 after Ctrl-C.
`

const CLONE = fileURLToPath(new URL("..", import.meta.url))

const COLOUR = isatty(1) && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb"

interface Wishes {
  readonly repo: string
  readonly page: string
  readonly keep: boolean
}

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  try {
    const options = {
      repo: { type: "string", default: CLONE },
      page: { type: "string", default: resolve(CLONE, "demo.html") },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    } as const
    const { help, ...wishes } = parseArgs({ args: [...args], options }).values
    if (!help) return await tell({ ...wishes, repo: resolve(wishes.repo), page: resolve(wishes.page) })
    process.stdout.write(HELP)
    return 0
  } catch (error) {
    const wrong = error instanceof WrongUsage || error instanceof ProblemFound || isArgument(error)
    if (!wrong) throw error
    process.stderr.write(`demo: ${error.message}\nTry \`npm run demo -- --help\`.\n`)
    return 2
  }
}

/** node:util's parseArgs throws these for options that it does not know. */
const isArgument = (error: unknown): error is TypeError =>
  error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")

async function tell(wishes: Wishes): Promise<number> {
  const history = await readHistory(wishes.repo)
  const folder = await stat(dirname(wishes.page)).catch(() => undefined)
  if (!folder?.isDirectory()) throw new WrongUsage(`there is no folder ${dirname(wishes.page)} for the page`)
  process.stdout.write(`${opening(wishes.repo, history)}\n\n`)
  const interrupted = interruption()
  const teller = createTeller(process.stdout, COLOUR, whereFor(wishes))
  const setting = setStage(history)
  try {
    const { stage } = await teller.step("Everything is up", async () => {
      const up = await Promise.race([setting, interrupted])
      const what = `Slipway is process ${up.app.pid} with a Postgres of its own; GitHub and Slack are emulated`
      return { what, url: up.app.url, stage: up }
    })
    return await onStage(stage, history, wishes, teller, interrupted)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    process.stdout.write("\nEnding …\n")
    await (await setting).close(false)
    return 130
  }
}

/** Where a step is to be seen: live as long as the demo runs, else on the page that it leaves. */
function whereFor({ keep: live, page }: Wishes): (seen: Seen) => string | undefined {
  const near = relative(process.cwd(), page)
  const file = near.startsWith("..") ? page : near
  return ({ url, anchor }) => (live ? url : anchor && `${file}#${anchor}`)
}

/** What is played, and how much of it is not what the clone holds. */
function opening(directory: string, history: History): string {
  const played = history.first.length + history.second.length
  const real = played - history.invented
  const since = history.last ? `since ${history.last.tag}` : "since its beginning"
  const become = real < history.of ? `, of which the newest ${real} become pull requests` : ""
  return [
    `Slipway's main job on ${directory}: ${history.of === 0 ? "no" : history.of} commits ${since}${become}.`,
    ...(history.last ? [] : ["It has no release tag, so that the demo begins at v0.0.0."]),
    ...(history.invented > 0 ? [`That is too little for a story: ${history.invented} more are invented.`] : []),
    `Beside them there are ${ADDED} of the demo's own: one that is reverted, its revert, and one that is corrected.`,
    ...(history.typed
      ? ["Its subjects follow no convention: the demo gives pull requests a type by the first word of their title."]
      : []),
  ].join("\n")
}

async function onStage(
  stage: Stage,
  history: History,
  wishes: Wishes,
  teller: Teller,
  interrupted: Promise<never>,
): Promise<number> {
  let held = false
  try {
    const playing = playAndShow(stage, history, wishes, teller)
    // Once interrupted, nobody waits for it any more; what fails while the stage is taken down is no news.
    playing.catch(() => undefined)
    await Promise.race([playing, interrupted])
    held = true
  } catch (error) {
    if (error instanceof Interrupted) throw error
    const says = error instanceof StepFailed ? error.message : String((error as Error).stack)
    process.stderr.write(`\n${says}\n\nThe app's log: ${stage.logFile}\n`)
  }
  if (wishes.keep) await keep(stage, wishes, interrupted)
  await stage.close(!held)
  return held ? 0 : 1
}

async function playAndShow(stage: Stage, history: History, wishes: Wishes, teller: Teller): Promise<void> {
  const out = process.stdout
  const told = await play(stage, history, teller)
  await teller.step("Nothing was refused", async () => {
    const problems = [stage, stage.watched].flatMap(({ github, slack }) => [...github.problems, ...slack.problems])
    if (problems.length > 0) throw new StepFailed(problems.join("\n"))
    return { what: "every request was valid by GitHub's API description, every message by Slack's limits" }
  })
  const took = teller.elapsed().toFixed(1)
  const exhibits = await collect(stage, told)
  out.write(forTerminal(exhibits, { colour: COLOUR, width: Math.min(100, out.columns ?? 100) }))
  const html = forBrowser(
    exhibits,
    teller.steps,
    `${history.name}: ${told.first.version} and ${told.second.version}, in ${took} s.`,
  )
  const origins = [stage, stage.watched].flatMap(({ github, slack }) => [github.url, new URL(slack.url).origin])
  await writeFile(wishes.page, wishes.keep ? html : withoutLinksTo(origins, html))
  out.write(`\n\nAll of it as a page: ${wishes.page}\n${teller.steps.length} steps held in ${took} s.\n`)
}

/** Until Ctrl-C, which is how it is meant to end. */
async function keep(stage: Stage, { page }: Wishes, interrupted: Promise<never>): Promise<void> {
  process.stdout.write(`
Still running, until Ctrl-C:
  GitHub   ${stage.github.url}/${stage.repo}
           ${stage.github.url}/${stage.components.repo}
           ${stage.watched.github.url}/${stage.watched.repo}
  Slack    ${channelUrl(stage.slack, stage.channel)}
  Slipway  ${stage.app.url}/metrics
  its log  ${stage.logFile}
  the page ${page}
`)
  const timer = setInterval(() => undefined, 60_000)
  await interrupted.catch(() => undefined)
  clearInterval(timer)
}

class Interrupted extends Error {
  override readonly name = "Interrupted"
}

/** Rejects on the first Ctrl-C; a second one ends the process at once. */
function interruption(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => reject(new Interrupted()))
  })
  interrupted.catch(() => undefined)
  return interrupted
}

// A reader such as `head` that has seen enough ends neither the story nor what has to be taken down after it.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error
})

process.exit(await main(process.argv.slice(2)))
