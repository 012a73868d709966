import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { type GitHubPeer, startGitHub } from "../../../demo/peers/github.ts"
import { type SlackPeer, startSlack } from "../../../demo/peers/slack.ts"
import { wakeDueKeys } from "../../../src/engine/poll.ts"
import { type Running, start } from "../../../src/main.ts"
import type { Clock } from "../../../src/model/clock.ts"
import { createLog } from "../../../src/telemetry/log.ts"
import { freshDatabase } from "../../engine/databases.ts"
import { expectNoLeak, leaksIn, planted } from "../../secrets/planted.ts"
import { type Place, placeAt } from "./place.ts"

/**
 * The whole of Slipway in this process, on a database of its own, between a GitHub and a Slack that it did not write.
 * What a stage does as a place it does in acme/shop.
 */
export interface Stage extends Place {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  readonly app: Running
  /** With these a second process is started beside it. */
  readonly clock: Clock
  readonly log: ReturnType<typeof createLog>
  env(): { readonly [name: string]: string | undefined }
  /** What was logged from `warn` on. */
  readonly lines: LogLine[]
  /** Resolves when every webhook was answered and nothing is left to do; what waits to settle waits no longer. */
  quiet(): Promise<void>
  /** Lets the clock of Slipway jump ahead. */
  pass(ms: number): void
  /** Lets the clock jump ahead and waits for what follows. */
  later(ms: number): Promise<void>
  /** Another repository of acme, with the same people unless others are named, known to Slipway by a first push. */
  build(name: string, files?: { readonly [path: string]: string }, writers?: readonly string[]): Promise<Place>
  /** Stops the app; `restart` starts it again. */
  stop(): Promise<void>
  /** Stops the app and starts it again, on the same data or on none, and with these settings from now on. */
  restart(data?: "kept" | "lost", settings?: { readonly [name: string]: string }): Promise<void>
  /** The numbers that Prometheus would read. */
  metrics(): Promise<string>
  /** @throws if anything that was asked of GitHub or Slack was not as they describe it, or a secret is shown anywhere */
  close(): Promise<void>
}

const WARN = 40

interface LogLine {
  readonly level: number
  readonly msg: string
  readonly [field: string]: unknown
}

export interface StageOptions {
  readonly files?: { readonly [path: string]: string }
  readonly env?: { readonly [name: string]: string }
  readonly slack?: boolean
  readonly settle?: boolean
  /** On the Postgres that Slipway starts itself; else in a database of its own on the one of the test run. */
  readonly embedded?: boolean
  /** What the owner of the installation accepted, where that is not what app.yml asks for. */
  readonly grants?: { readonly permissions: { [name: string]: string } }
  /** What is done before the App is installed. */
  readonly before?: (github: GitHubPeer) => Promise<void>
}

/** Who may write, beside ana, who owns acme. */
const WRITERS: readonly string[] = ["ben", "cleo"]
const SECRET = planted("webhook")

/** Sets the stage: acme/shop, owned by ana, with ben and cleo who may write, the App installed, a Slack channel. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead) }
  const [github, slack] = await Promise.all([
    startGitHub({ webhookSecret: SECRET, now: () => clock.now() }),
    startSlack(),
  ])
  const folders = [await folder()]
  const database = async () => (options.embedded ? {} : { DATABASE_URL: await freshDatabase("tcp", "tables") })
  let place = await database()
  for (const login of ["ana", "ben", "cleo"]) github.createUser(login)
  github.createOrganization("acme", { owners: ["ana"], members: ["ben", "cleo"] })
  const create = async (name: string, files: { readonly [path: string]: string } = {}, writers = WRITERS) => {
    await github.createRepository({
      owner: "acme",
      name,
      defaultBranch: "main",
      files: { "README.md": `# ${name}\n`, "docs/rollback.md": "Go back.\n", ...files },
      by: "ana",
    })
    for (const login of writers) github.addCollaborator(`acme/${name}`, login, "write")
  }
  await create("shop", options.files)
  await options.before?.(github)
  await slack.createChannel("releases")
  let changed: { readonly [name: string]: string } = {}
  const env = () => ({
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: github.url,
    HOST: "127.0.0.1",
    PORT: "0",
    SLIPWAY_DATA_DIR: folders.at(-1),
    ...place,
    ...(options.slack === false
      ? {}
      : { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.url, SLACK_CHANNEL: "#releases" }),
    ...options.env,
    ...changed,
  })
  const lines: LogLine[] = []
  const leaks: string[] = []
  const log = createLog({
    level: "debug",
    destination: {
      write(line) {
        leaks.push(...leaksIn(line))
        const said = JSON.parse(line) as LogLine
        if (said.level >= WARN) lines.push(said)
      },
    },
  })
  let app = await start(env(), { clock, log })
  let isRunning = true
  const listen = () => github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  listen()
  github.installApp("acme", options.grants)

  const quiet = async () => {
    for (let seen = -1; seen !== github.deliveries.length; ) {
      seen = github.deliveries.length
      await github.settled()
      await app.engine.idle()
      if (await wakeDueKeys(app.store, clock.now())) {
        seen = -1
        await delay(10)
        continue
      }
      const undecided = await undecidedKeys(app)
      if (undecided.length === 0) continue
      ahead += 2_100
      seen = -1
      // What the poll does four times a second.
      for (const key of undecided) await app.store.wakes.send(app.store.db, key)
    }
  }
  const surroundings = { github, slack, channel: "releases", quiet, settle: options.settle !== false }
  const stage: Stage = {
    ...placeAt("acme/shop", surroundings),
    github,
    slack,
    clock,
    log,
    env,
    lines,
    get app() {
      return app
    },
    quiet,
    pass: (ms) => {
      ahead += ms
    },
    async later(ms) {
      ahead += ms
      await quiet()
    },
    async build(name, files, people) {
      await create(name, files, people)
      const place = placeAt(`acme/${name}`, surroundings)
      await place.push("ana", "chore: begin", { ".gitignore": "dist\n" })
      return place
    },
    async stop() {
      if (isRunning) await app.stop()
      isRunning = false
    },
    async restart(data = "kept", settings = {}) {
      changed = { ...changed, ...settings }
      await stage.stop()
      if (data === "lost") {
        folders.push(await folder())
        place = await database()
      }
      app = await start(env(), { clock, log })
      isRunning = true
      listen()
    },
    metrics: async () => (await fetch(`${app.url}/metrics`)).text(),
    async close() {
      await stage.stop()
      expectNoLeak("GitHub", JSON.stringify(github.world()))
      expectNoLeak("Slack", JSON.stringify(await slack.messages("releases").catch(() => [])))
      await Promise.all([github.close(), slack.close()])
      await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })))
      const problems = [...github.problems, ...slack.problems]
      if (leaks.length > 0) throw new Error(`the log shows secrets: ${[...new Set(leaks)].join(", ")}`)
      if (problems.length > 0) throw new Error(`against GitHub's or Slack's own description:\n${problems.join("\n")}`)
    },
  }
  // An installation's repositories are looked at in the background; what is asked of GitHub later is not of that.
  while (github.checkRuns("acme/shop").length === 0) await delay(10)
  await quiet()
  return stage
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "slipway-e2e-"))

const undecidedKeys = async (app: Running): Promise<string[]> => {
  const { db } = app.store
  const rows = await db.selectFrom("slipway.inbox").select("key").distinct().where("decided_at", "is", null).execute()
  return rows.map((row) => row.key)
}
