/** A GitHub with many repositories, and somebody who presses Approve in one after the other; a process of its own. */
import { setTimeout as delay } from "node:timers/promises"
import { startGitHub } from "../../demo/peers/github.ts"
import type { Source } from "./shapes.ts"

export type GitHubOrder =
  | { readonly is: "start"; readonly secret: string; readonly accounts: number; readonly repositories: number }
  | { readonly is: "install"; readonly webhooks: string }
  | { readonly is: "press"; readonly everyMs: number }
  | { readonly is: "press no more" }

export interface StartedGitHub {
  readonly url: string
  readonly appId: string
  readonly privateKey: string
  readonly accounts: readonly string[]
}

/** Milliseconds from a press until the page says what it did; `open`: how many presses were not answered. */
export interface Pressed {
  readonly times: readonly number[]
  readonly open: number
}

const MANAGER = "ana"
const AUTHOR = "ben"
const PAGE = "Slipway / readiness"
/** Nobody waits longer for an answer. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 5

type GitHub = Awaited<ReturnType<typeof startGitHub>>

let github: GitHub | undefined
let repositories: string[] = []
let pressing: { readonly stop: AbortController; readonly pressed: Promise<Pressed> } | undefined

process.on("message", async (order: GitHubOrder) => process.send?.((await answer(order)) ?? null))
process.once("disconnect", () => process.exit(0))

async function answer(order: GitHubOrder): Promise<unknown> {
  switch (order.is) {
    case "start":
      return await start(order)
    case "install":
      return await install(order.webhooks)
    case "press": {
      const stop = new AbortController()
      pressing = { stop, pressed: pressInTurn(order.everyMs, stop.signal) }
      return undefined
    }
    case "press no more":
      pressing?.stop.abort()
      return await pressing?.pressed
  }
}

/** Each repository has one change that nobody has released. */
async function start(order: GitHubOrder & { is: "start" }): Promise<StartedGitHub> {
  github = await startGitHub({ webhookSecret: order.secret, validate: false, appOwner: "account-0" })
  for (const login of [MANAGER, AUTHOR]) github.createUser(login)
  const accounts = Array.from({ length: order.accounts }, (_, at) => `account-${at}`)
  for (const account of accounts) github.createOrganization(account, { owners: [MANAGER], members: [AUTHOR] })
  repositories = Array.from({ length: order.repositories }, (_, at) => `account-${at % order.accounts}/shop-${at}`)
  for (const repo of repositories) {
    const [owner = "", name = ""] = repo.split("/")
    await github.createRepository({ owner, name, by: MANAGER })
    github.addCollaborator(repo, AUTHOR, "write")
    await github.pushCommit({
      repo,
      by: AUTHOR,
      author: AUTHOR,
      message: "feat: sell",
      files: { "shop.txt": "sold\n" },
    })
  }
  return { url: github.url, appId: github.app.id, privateKey: github.app.privateKeyPem, accounts }
}

/** Installs the App on every account, and waits until it has a page in every repository. */
async function install(webhooks: string): Promise<readonly Source[]> {
  if (!github) throw new Error("there is no GitHub yet")
  github.setWebhookUrl(webhooks)
  for (const account of new Set(repositories.map((repo) => repo.split("/")[0] ?? ""))) github.installApp(account)
  for (const repo of repositories) while (!pageOf(repo)) await delay(20)
  await github.settled()
  const known = new Map<string, Source>()
  for (const { event, payload } of github.deliveries) {
    if (event !== "check_run") continue
    const { repository, installation, check_run } = payload as unknown as Source & { check_run: { head_sha: string } }
    known.set(repository.full_name, { repository, installation, head: check_run.head_sha })
  }
  return [...known.values()]
}

const pageOf = (repo: string) => github?.checkRuns(repo, { name: PAGE })[0]

/** Presses Approve in one repository after the other, each time without waiting for what it does. */
async function pressInTurn(everyMs: number, stop: AbortSignal): Promise<Pressed> {
  const answers: Promise<number | undefined>[] = []
  // What people press is not kept waiting by what else GitHub has to send: that goes out one by one here.
  github?.filterDeliveries(({ action }) => action !== "requested_action")
  while (!stop.aborted) {
    const next = repositories.findIndex((repo) =>
      pageOf(repo)?.actions.some(({ identifier }) => identifier === "approve"),
    )
    const [repo] = next < 0 ? [] : repositories.splice(next, 1)
    if (repo === undefined) break
    answers.push(press(repo))
    await delay(everyMs, undefined, { signal: stop }).catch(() => undefined)
  }
  const times = await Promise.all(answers)
  github?.filterDeliveries(undefined)
  const answered = times.filter((time) => time !== undefined)
  return { times: answered.toSorted((a, b) => a - b), open: times.length - answered.length }
}

/** @returns undefined if nothing was said within `PATIENCE_MS` */
async function press(repo: string): Promise<number | undefined> {
  const page = pageOf(repo)
  if (!github || !page) throw new Error(`${repo} has no page`)
  await github.click({ repo, checkRunId: page.id, identifier: "approve", by: MANAGER })
  const delivery = github.deliveries.findLast(({ action }) => action === "requested_action")
  if (!delivery) throw new Error("the press made no webhook")
  const begun = performance.now()
  void github.send("check_run", delivery.payload, { id: delivery.id })
  // A draft's page is neutral; what has been cut waits for people, or is ready.
  while (pageOf(repo)?.conclusion === "neutral") {
    if (performance.now() - begun > PATIENCE_MS) return undefined
    await delay(LOOK_EVERY_MS)
  }
  return performance.now() - begun
}
