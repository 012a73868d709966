import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppProcess, startApp } from "../app-process.ts"
import { type GitHubPeer, startGitHub } from "../peers/github.ts"
import { type SlackPeer, startSlack } from "../peers/slack.ts"
import * as components from "./components.ts"
import * as gates from "./gates.ts"
import type { History } from "./history.ts"
import { MANAGER, ON_CALL, OWNER } from "./people.ts"
import type { Place } from "./place.ts"
import { planFor } from "./plan.ts"
import * as watched from "./watched.ts"
import { setWatchedStage, type WatchedStage } from "./watched-stage.ts"
import { openWebsites } from "./website.ts"

/** Everything that the story plays on. */
export interface Stage extends Place {
  readonly slack: SlackPeer
  readonly app: AppProcess
  /** The repository of the second act. */
  readonly components: Place
  /** The repository of the third act. */
  readonly gates: Place
  /** Where the fourth act plays. */
  readonly watched: WatchedStage
  readonly logFile: string
  /** Where the app keeps its database. */
  readonly dataDir: string
  readonly channel: string
  /** `keepLog`: the folder with the log stays. */
  close(keepLog: boolean): Promise<void>
}

const CHANNEL = "releases"
const SECRET = "the-demo-signs-its-webhooks"

const CONFIG = `# yaml-language-server: $schema=../schemas/slipway.schema.json
version: { other: patch }
approvals: { required: 1 }
publish:
  assets: [{ name: "app-*.tgz", sha256: required }]
  dispatch: package.yml
environments:
  staging: {}
  production: {}
slack: { channel: "#${CHANNEL}" }
`

const WORKFLOW =
  "name: CI\non:\n  push: { branches: [main] }\njobs:\n  test: { runs-on: ubuntu-latest, steps: [] }\n  e2e: { runs-on: ubuntu-latest, steps: [] }\n"

const PACKAGE =
  "name: package\non:\n  workflow_dispatch:\n    inputs: { version: {}, tag: {}, sha: {}, component: {}, notes_url: {} }\njobs:\n  package: { runs-on: ubuntu-latest, steps: [] }\n"

const PROCEDURE = "# Rollback\n\nPress *Roll back* on the check of the environment, then watch the thread.\n"

/** Starts the peers and the app, and seeds an organisation, its people, a repository, a plan and a channel. */
export async function setStage(history: History): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-demo-"))
  const [github, slack] = await Promise.all([startGitHub({ webhookSecret: SECRET }), startSlack()])
  const logFile = join(folder, "slipway.log")
  const dataDir = join(folder, "data")
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: github.url,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    HOST: "127.0.0.1",
    PORT: "0",
    SLIPWAY_DATA_DIR: dataDir,
  }
  const starting = startApp(env, logFile, "own")
  const watching = setWatchedStage(folder, watched.FILES)
  // It is heard of when it is waited for.
  watching.catch(() => undefined)
  await seed(github, slack, history).catch(async (error: unknown) => {
    await Promise.allSettled([starting.then((app) => app.stop()), watching.then((it) => it.close())])
    throw error
  })
  const app = await starting
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  const repo = `${OWNER}/${history.name}`
  const second = { github, repo: `${repo}-components` }
  const third = { github, repo: `${repo}-gates` }
  openWebsites({ github, slack, repos: [repo, second.repo, third.repo], channel: CHANNEL, reader: MANAGER })
  const fourth = await watching
  openWebsites({ ...fourth, repos: [fourth.repo], reader: MANAGER })
  return {
    github,
    slack,
    app,
    repo,
    components: second,
    gates: third,
    watched: fourth,
    logFile,
    dataDir,
    channel: CHANNEL,
    async close(keepLog) {
      await app.stop()
      await Promise.all([github.close(), slack.close(), fourth.close()])
      if (!keepLog) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function seed(github: GitHubPeer, slack: SlackPeer, history: History): Promise<void> {
  const names = new Map([...history.first, ...history.second].map(({ by, authorName }) => [by, authorName]))
  const authors = [...names.keys()]
  for (const [login, name] of names) github.createUser(login, { name })
  for (const login of [MANAGER, ON_CALL]) github.createUser(login)
  github.createOrganization(OWNER, { owners: [MANAGER], members: [ON_CALL, ...authors] })
  github.createTeam(OWNER, "on-call", [ON_CALL])
  await github.createRepository({
    owner: OWNER,
    name: history.name,
    defaultBranch: "main",
    by: MANAGER,
    files: {
      "README.md": `# ${history.name}\n`,
      "docs/rollback.md": PROCEDURE,
      "release-plan.yml": planFor(history, { owner: MANAGER, responsible: ON_CALL }, new Date()),
      ".github/slipway.yml": CONFIG,
      ".github/workflows/ci.yml": WORKFLOW,
      ".github/workflows/package.yml": PACKAGE,
    },
  })
  const files = { ...components.FILES, ".github/slipway.yml": components.CONFIG }
  const name = `${history.name}-components`
  await github.createRepository({ owner: OWNER, name, defaultBranch: "main", by: MANAGER, files })
  await begin(github, `${OWNER}/${history.name}`, [ON_CALL, ...authors], [history.last?.tag ?? "v0.0.0"])
  await begin(github, `${OWNER}/${name}`, authors, components.TAGS)
  const third = `${history.name}-gates`
  await github.createRepository({ owner: OWNER, name: third, defaultBranch: "main", by: MANAGER, files: gates.FILES })
  await begin(github, `${OWNER}/${third}`, [ON_CALL, ...authors], gates.TAGS)
  await slack.createChannel(CHANNEL)
}

async function begin(github: GitHubPeer, repo: string, people: readonly string[], tags: readonly string[]) {
  for (const login of people) github.addCollaborator(repo, login, "write")
  const sha = github.world()[repo]?.branches.main ?? ""
  for (const name of tags) await github.createTag({ repo, by: MANAGER, name, sha })
}
