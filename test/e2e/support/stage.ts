import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SeenCheckRun } from "../../../demo/peers/github/world.ts"
import { type GitHubPeer, startGitHub } from "../../../demo/peers/github.ts"
import { type SlackPeer, startSlack } from "../../../demo/peers/slack.ts"
import { type Running, start } from "../../../src/main.ts"

/** The whole of Slipway in this process, on a database of its own, between a GitHub and a Slack that it did not write. */
export interface Stage {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  readonly app: Running
  /** `owner/name` of the repository on stage. */
  readonly repo: string
  /** Resolves when every webhook was answered and nothing is left to do; what waits to settle waits no longer. */
  quiet(): Promise<void>
  /** Lets the clock of Slipway jump ahead. */
  pass(ms: number): void
  /** The newest readiness check, or that of a commit. */
  readiness(sha?: string): SeenCheckRun
  /** Presses a button of the newest readiness check and waits for what follows. */
  press(button: string, by: string, sha?: string): Promise<SeenCheckRun>
  /** Opens and merges a pull request with one commit; returns its number and the merge commit. */
  merge(by: string, title: string, more?: MergeOptions): Promise<{ number: number; sha: string }>
  /** Stops the app and starts it again on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface MergeOptions {
  readonly method?: "squash" | "merge" | "rebase"
  readonly files?: { readonly [path: string]: string }
  readonly body?: string
  readonly labels?: string[]
  readonly order?: "push-first" | "pr-first"
}

export interface StageOptions {
  readonly files?: { readonly [path: string]: string }
  readonly env?: { readonly [name: string]: string }
  readonly slack?: boolean
  readonly settle?: boolean
}

const SECRET = "a-webhook-secret-for-tests"

/** Sets the stage: acme/shop, owned by ana, with ben and cleo who may write, the App installed, a Slack channel. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead) }
  const [github, slack] = await Promise.all([
    startGitHub({ webhookSecret: SECRET, now: () => clock.now() }),
    startSlack(),
  ])
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-e2e-"))
  const repo = "acme/shop"
  for (const login of ["ana", "ben", "cleo"]) github.createUser(login)
  github.createOrganization("acme", { owners: ["ana"], members: ["ben", "cleo"] })
  await github.createRepository({
    owner: "acme",
    name: "shop",
    defaultBranch: "main",
    files: { "README.md": "# shop\n", "docs/rollback.md": "Go back.\n", ...options.files },
    by: "ana",
  })
  for (const login of ["ben", "cleo"]) github.addCollaborator(repo, login, "write")
  await slack.createChannel("releases")
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: github.url,
    HOST: "127.0.0.1",
    PORT: "0",
    SLIPWAY_DATA_DIR: dataDir,
    LOG_LEVEL: "error",
    ...(options.slack === false
      ? {}
      : { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.url, SLACK_CHANNEL: "#releases" }),
    ...options.env,
  }
  let app = await start(env, { clock })
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  github.installApp("acme")

  const stage: Stage = {
    github,
    slack,
    get app() {
      return app
    },
    repo,
    async quiet() {
      for (let seen = -1; seen !== github.deliveries.length; ) {
        seen = github.deliveries.length
        await github.settled()
        await app.engine.idle()
        if (!(await hasUndecided(app))) continue
        ahead += 2_100
        seen = -1
      }
    },
    pass: (ms) => {
      ahead += ms
    },
    readiness(sha) {
      const run = github.checkRuns(repo, { name: "Slipway / readiness", ...(sha ? { sha } : {}) })[0]
      if (!run) throw new Error("there is no readiness check yet")
      return run
    },
    async press(button, by, sha) {
      const run = stage.readiness(sha)
      await github.click({ repo, checkRunId: run.id, identifier: button, by })
      await stage.quiet()
      return stage.readiness(run.headSha)
    },
    async merge(by, title, more = {}) {
      const file = more.files ?? { [`src/${title.replace(/\W+/g, "-").slice(0, 40)}.txt`]: `${title}\n` }
      const { number } = await github.openPullRequest({
        repo,
        by,
        title,
        ...(more.body === undefined ? {} : { body: more.body }),
        ...(more.labels === undefined ? {} : { labels: more.labels }),
        commits: [{ message: title, files: { ...file }, author: by }],
      })
      const { sha } = await github.mergePullRequest({
        repo,
        number,
        by: "ana",
        method: more.method ?? "squash",
        ...(more.order === undefined ? {} : { order: more.order }),
      })
      if (options.settle !== false) await stage.quiet()
      return { number, sha }
    },
    async restart() {
      await app.stop()
      app = await start(env, { clock })
      github.setWebhookUrl(`${app.url}/api/github/webhooks`)
    },
    async close() {
      await app.stop()
      await Promise.all([github.close(), slack.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  await stage.quiet()
  return stage
}

const hasUndecided = async (app: Running): Promise<boolean> => {
  const rows = await app.store.db.selectFrom("slipway.inbox").select("seq").where("decided_at", "is", null).execute()
  return rows.length > 0
}
