import { join } from "node:path"
import { wakeDueKeys } from "../../src/engine/poll.ts"
import { start } from "../../src/main.ts"
import { createReportToken } from "../../src/store/report-tokens.ts"
import { createLog } from "../../src/telemetry/log.ts"
import { type GitHubPeer, startGitHub } from "../peers/github.ts"
import { type MetricsPeer, startMetrics } from "../peers/metrics.ts"
import { type SlackPeer, startSlack } from "../peers/slack.ts"
import { type SmtpPeer, startSmtp } from "../peers/smtp/server.ts"
import { MANAGER, ON_CALL, OWNER } from "./people.ts"
import type { Place } from "./place.ts"
import { until } from "./teller.ts"

/**
 * Where the fourth act plays: a Slipway of its own, beside peers of its own, whose clock is moved by hand. What takes minutes
 * by its rules (verifying a release, watching a metric) is over in seconds.
 */
export interface WatchedStage extends Place {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  readonly smtp: SmtpPeer
  readonly metrics: MetricsPeer
  readonly channel: string
  /** Who writes what is released. */
  readonly author: string
  /** Lets the clock jump ahead. */
  pass(minutes: number): Promise<void>
  now(): Date
  /** Asks for a drill, by a token made for that. @returns the status of the answer */
  drill(environment: string): Promise<number>
  close(): Promise<void>
}

const SECRET = "the-fourth-act-signs-its-webhooks"
const CHANNEL = "shop"
const AUTHOR = "ada"
/** How often timers are compared with the clock that jumps. */
const TICK_MS = 150

/** @param folder for the database and the log, which nobody else uses */
export async function setWatchedStage(
  folder: string,
  files: { readonly [path: string]: string },
): Promise<WatchedStage> {
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const [github, slack, smtp, metrics] = await Promise.all([
    startGitHub({ webhookSecret: SECRET, now }),
    startSlack(),
    startSmtp(),
    startMetrics(),
  ])
  const repo = await seed(github, files)
  await slack.createChannel(CHANNEL)
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: github.url,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    SLACK_CHANNEL: `#${CHANNEL}`,
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    MAIL_FROM: "Releases <releases@acme.example>",
    PROMETHEUS_URL: metrics.url,
    HOST: "127.0.0.1",
    PORT: "0",
    SLIPWAY_DATA_DIR: join(folder, "watched"),
  }
  const log = createLog({ level: "warn", destination: { write: () => undefined } })
  const app = await start(env, { clock: { now }, log })
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  github.installApp(OWNER)
  const wake = () =>
    wakeDueKeys(app.store, now()).then(
      () => undefined,
      () => undefined,
    )
  const ticking = setInterval(() => void wake(), TICK_MS)
  return {
    github,
    slack,
    smtp,
    metrics,
    repo,
    channel: CHANNEL,
    author: AUTHOR,
    now,
    async pass(minutes) {
      ahead += minutes * 60_000
      await wake()
    },
    async drill(environment) {
      const key = await until(
        "the repository to be known",
        async () => (await app.store.db.selectFrom("slipway.keys").select("key").executeTakeFirst())?.key,
        () => repo,
      )
      const asked = {
        name: "nightly",
        reach: { is: "repository", key },
        environments: [environment],
        drills: true,
      } as const
      const { token } = await createReportToken(app.store.db, asked, now())
      const answer = await fetch(`${app.url}/api/drill`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ id: "tonight", environment, at: now().toISOString() }),
      })
      return answer.status
    },
    async close() {
      clearInterval(ticking)
      await app.stop()
      await Promise.all([github.close(), slack.close(), smtp.stop(), metrics.close()])
    },
  }
}

async function seed(github: GitHubPeer, files: { readonly [path: string]: string }): Promise<string> {
  for (const login of [MANAGER, ON_CALL, AUTHOR]) github.createUser(login)
  github.createOrganization(OWNER, { owners: [MANAGER], members: [ON_CALL, AUTHOR] })
  const name = "shop"
  const repo = `${OWNER}/${name}`
  await github.createRepository({ owner: OWNER, name, defaultBranch: "main", by: MANAGER, files })
  for (const login of [ON_CALL, AUTHOR]) github.addCollaborator(repo, login, "write")
  await github.createTag({ repo, by: MANAGER, name: "v1.0.0", sha: github.world()[repo]?.branches.main ?? "" })
  return repo
}
