import { setTimeout as delay } from "node:timers/promises"
import { startSlack } from "../demo/peers/slack.ts"
import { load, payloads, type Source } from "./ack.ts"
import type { BenchRow } from "./row.ts"
import { type RunningApp, SECRET, startRunningApp } from "./running-app.ts"

type Slack = Awaited<ReturnType<typeof startSlack>>

const OWNER = "acme"
const MANAGER = "ana"
const AUTHOR = "ben"
const ENVIRONMENT = "production"
const CHANNEL = "releases"
const PRESSES = 8
/** From one press to the next: each begins in another moment of the load. */
const APART_MS = 1_300
const PER_SECOND = 200
const DEPLOYMENT_LIMIT_MS = 2_000
const NOTICE_LIMIT_MS = 3_000
const PATIENCE_MS = 30_000

const REPOSITORIES = Array.from({ length: PRESSES }, (_, at) => `${OWNER}/shop-${at}`)

/**
 * How soon a press of *Roll back* is a deployment of the last known good release at GitHub, and how soon the thread tells it,
 * while 200 webhooks a second arrive for the same repositories. Each repository has two releases that were live; GitHub and
 * Slack are on the loopback, and answer in a few milliseconds.
 */
export async function run(): Promise<readonly BenchRow[]> {
  const slack = await startSlack()
  await slack.createChannel(CHANNEL)
  const settings = { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.url, SLACK_CHANNEL: `#${CHANNEL}` }
  const running = await startRunningApp(settings)
  try {
    await seed(running)
    const quiet = await pressed(running, slack, REPOSITORIES.slice(0, 1))
    const seconds = Math.ceil((PRESSES * APART_MS) / 1_000) + 2
    const loaded = load({
      url: `${running.app.url}/api/github/webhooks`,
      payloads: payloads(sources(running.github)),
      secret: SECRET,
      seconds,
      pace: { is: "steady", perSecond: PER_SECOND },
    })
    await delay(APART_MS)
    const times = await pressed(running, slack, REPOSITORIES.slice(1))
    const { perSecond, refused } = await loaded
    const under = `, ${Math.round(perSecond)} webhooks/s${refused > 0 ? `, ${refused} REFUSED` : ""}`
    return [
      row("from the press to the deployment, at rest", quiet, "deployment"),
      row("from the press to the notice, at rest", quiet, "notice"),
      { ...row(`from the press to the deployment${under}`, times, "deployment"), ...limit(times, "deployment") },
      { ...row(`from the press to the notice${under}`, times, "notice"), ...limit(times, "notice") },
    ]
  } finally {
    await running.close()
    await slack.close()
  }
}

/** In milliseconds from the press. */
interface Times {
  readonly deployment: number
  readonly notice: number
}

const LIMITS: Times = { deployment: DEPLOYMENT_LIMIT_MS, notice: NOTICE_LIMIT_MS }

const slowest = (times: readonly Times[], of: keyof Times): number => Math.max(...times.map((one) => one[of]))

const limit = (times: readonly Times[], of: keyof Times): Pick<BenchRow, "limit" | "ok"> => ({
  limit: `< ${LIMITS[of] / 1_000} s`,
  ok: slowest(times, of) < LIMITS[of],
})

function row(what: string, times: readonly Times[], of: keyof Times): BenchRow {
  const sorted = times.map((one) => one[of]).toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const count = times.length === 1 ? "1 press" : `${times.length} presses`
  return {
    bench: "rollback",
    case: `${what} (${count})`,
    figure: `p50 ${(middle / 1_000).toFixed(2)} s, slowest ${(slowest(times, of) / 1_000).toFixed(2)} s`,
  }
}

async function seed({ github, app, quiet }: RunningApp): Promise<void> {
  for (const login of [MANAGER, AUTHOR]) github.createUser(login)
  github.createOrganization(OWNER, { owners: [MANAGER], members: [AUTHOR] })
  for (const repo of REPOSITORIES) {
    const name = repo.slice(OWNER.length + 1)
    await github.createRepository({ owner: OWNER, name, by: MANAGER, files: { "README.md": `# ${name}\n` } })
    github.addCollaborator(repo, AUTHOR, "write")
    await github.createTag({ repo, by: MANAGER, name: "v1.0.0", sha: headOf(github, repo) })
  }
  github.setWebhookUrl(`${app.url}/api/github/webhooks`)
  github.installApp(OWNER)
  for (const repo of REPOSITORIES) while (github.checkRuns(repo).length === 0) await delay(50)
  for (const title of ["feat: sell", "fix: sell again"]) {
    await inEach(async (repo) => {
      const commit = { message: title, author: AUTHOR, files: { "shop.txt": `${title}\n` } }
      const { number } = await github.openPullRequest({ repo, by: AUTHOR, title, commits: [commit] })
      await github.mergePullRequest({ repo, number, by: MANAGER })
    })
    await quiet()
    for (const button of ["approve", "publish"]) {
      await inEach((repo) => press(github, repo, "Slipway / readiness", button))
      await quiet()
    }
    await inEach(async (repo) => {
      const ref = headOf(github, repo)
      const deploymentId = await github.createDeployment({ repo, by: MANAGER, ref, environment: ENVIRONMENT })
      await github.setDeploymentStatus({ repo, by: MANAGER, deploymentId, state: "success" })
    })
    await quiet()
  }
}

const inEach = async (happen: (repo: string) => Promise<unknown>): Promise<void> => {
  for (const repo of REPOSITORIES) await happen(repo)
}

const headOf = (github: RunningApp["github"], repo: string): string => github.world()[repo]?.branches.main ?? ""

async function press(github: RunningApp["github"], repo: string, name: string, identifier: string): Promise<void> {
  const check = github.checkRuns(repo, { sha: headOf(github, repo), name })[0]
  if (!check) throw new Error(`${repo} has no check ${name} on its head`)
  await github.click({ repo, checkRunId: check.id, identifier, by: MANAGER })
}

/** Presses *Roll back* in one repository after the other, and waits for what it does at GitHub and says in Slack. */
async function pressed(
  { github }: RunningApp,
  slack: Slack,
  repositories: readonly string[],
): Promise<readonly Times[]> {
  const times: Promise<Times>[] = []
  for (const repo of repositories) {
    const begun = Date.now()
    await press(github, repo, `Slipway / ${ENVIRONMENT}`, `rollback:${ENVIRONMENT}`)
    times.push(measured(github, slack, repo, begun))
    await delay(Math.max(0, begun + APART_MS - Date.now()))
  }
  return Promise.all(times)
}

async function measured(github: RunningApp["github"], slack: Slack, repo: string, begun: number): Promise<Times> {
  const [source] = sources(github, repo)
  const deployed = () =>
    github.requests.find(
      ({ path, method, by }) => by === "installation" && method === "POST" && path === `/repos/${repo}/deployments`,
    )
  const told = () =>
    slack.requests.find(({ method, args }) => method === "chat.postMessage" && isNoticeOf(args, source))
  for (;;) {
    const [deployment, notice] = [deployed(), told()]
    if (deployment && notice)
      return { deployment: Date.parse(deployment.at) - begun, notice: Date.parse(notice.at) - begun }
    if (Date.now() - begun > PATIENCE_MS) throw new Error(`${repo}: no rollback after ${PATIENCE_MS / 1_000} s`)
    await delay(5)
  }
}

/** Slipway's own key in the message's metadata, with GitHub's id of the repository. */
function isNoticeOf(args: { readonly [name: string]: unknown }, source: (Source & Known) | undefined): boolean {
  const said = JSON.stringify(args.metadata ?? {})
  return said.includes(":rolling-back:") && said.includes(`"repository":"${source?.repository.id}"`)
}

interface Known {
  readonly repository: { readonly id: number; readonly full_name: string }
}

/** What GitHub itself says of each repository and its head, taken from a check run that Slipway has made there. */
function sources(github: RunningApp["github"], repo?: string): readonly (Source & Known)[] {
  const all = github.deliveries
    .filter((each) => each.event === "check_run")
    .map((each) => each.payload as unknown as Source & Known)
    .filter(({ repository }) => repo === undefined || repository.full_name === repo)
  return [...new Map(all.map((source) => [source.repository.full_name, source])).values()]
}

if (import.meta.filename === process.argv[1]) console.table(await run())
