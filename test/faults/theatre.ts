import { setTimeout as delay } from "node:timers/promises"
import { type GitHubPeer, startGitHub } from "../../demo/peers/github.ts"
import { type SlackPeer, startSlack } from "../../demo/peers/slack.ts"
import { MortalApp, type MortalOptions } from "./app.ts"
import { type Fate, type PeerProxy, startProxy, type Write } from "./proxy.ts"

/** A process that may die, or several that do as one. */
export type Actor = Pick<MortalApp, "url" | "isDead" | "lives" | "accident" | "lastWords" | "start" | "kill" | "close">

/** Slipway in a process of its own, behind proxies, before a GitHub and a Slack of its own. */
export interface Theatre {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  readonly app: Actor
  /** Resolves when what people wait for is there; webhooks that were not taken are delivered again meanwhile. */
  until(what: string, holds: () => boolean): Promise<void>
  /** Resolves when the app is up, every webhook was taken, and nothing is left to decide or to do. */
  quiet(): Promise<void>
  /** Effects that were given up. */
  deadLetters(): Promise<number>
  close(): Promise<void>
}

/** Small, so that leases are short: a process that follows a killed one waits until they run out. */
export const REQUEST_TIMEOUT_MS = 1_500
const LOOK_EVERY_MS = 40
/** Of one life, for one thing that is waited for. */
const PATIENCE_MS = 180_000

/**
 * @param compileCache a folder with Node's compiled modules: a start costs half as much
 * @param fateOf asked once for each write of a living app
 * @param more of its environment
 * @param cast who plays Slipway
 */
export async function openTheatre(
  compileCache: string,
  fateOf: (write: Write) => Fate,
  more: { readonly [name: string]: string } = {},
  cast: (options: MortalOptions) => Actor = (options) => new MortalApp(options),
): Promise<Theatre> {
  const secret = crypto.randomUUID()
  const [github, slack] = await Promise.all([startGitHub({ webhookSecret: secret }), startSlack()])
  const before = async (write: Write): Promise<Fate> => {
    // What a dead process had sent is on its way still, and lands.
    if (app.isDead) return "pass"
    const fate = fateOf(write)
    if (fate === "die before") await app.kill()
    return fate
  }
  const after = () => app.kill()
  const proxies = await Promise.all([
    startProxy({ peer: "github", target: github.url, before, after }),
    startProxy({ peer: "slack", target: slack.url, before, after }),
  ])
  github.reachAt(proxies[0].url)
  const app: Actor = cast({
    env: {
      APP_ID: github.app.id,
      PRIVATE_KEY: github.app.privateKeyPem,
      WEBHOOK_SECRET: secret,
      GITHUB_API_URL: proxies[0].url,
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: proxies[1].url,
      SLACK_CHANNEL: "#releases",
      HOST: "127.0.0.1",
      PORT: "0",
      SLIPWAY_REQUEST_TIMEOUT: String(REQUEST_TIMEOUT_MS),
      NODE_COMPILE_CACHE: compileCache,
      ...more,
    },
    mayStart: () => landed(proxies),
    onUp: async (url) => {
      github.setWebhookUrl(`${url}/api/github/webhooks`)
      await github.redeliverFailed()
    },
  })
  return {
    github,
    slack,
    app,
    until: (what, holds) =>
      waitFor(app, async () => {
        await deliverAgain(github, app)
        return holds() ? undefined : what
      }),
    quiet: () => waitFor(app, () => whatIsLoud(github, app, proxies)),
    deadLetters: async () => gauge(await metricsOf(app), "slipway_dead_letters"),
    async close() {
      github.pauseDeliveries()
      await app.close()
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await Promise.all([github.close(), slack.close()])
    },
  }
}

/** Requests that a killed process has sent take effect before the next begins, as they do within `landingMs`. */
async function landed(proxies: readonly PeerProxy[]): Promise<void> {
  while (proxies.some((proxy) => proxy.underWay() > 0)) await delay(5)
}

/** @throws when a life has not brought it in 60 s, or the app ended by itself */
async function waitFor(app: Actor, missing: () => Promise<string | undefined>): Promise<void> {
  let life = app.lives
  let end = performance.now() + PATIENCE_MS
  for (;;) {
    const what = await missing()
    if (what === undefined) return
    if (app.accident !== undefined) throw new Error(app.accident)
    if (app.lives !== life) {
      life = app.lives
      end = performance.now() + PATIENCE_MS
    }
    if (performance.now() > end)
      throw new Error(`in its life ${life}, after ${PATIENCE_MS / 1000} s, still missing: ${what}\n${app.lastWords()}`)
    await delay(LOOK_EVERY_MS)
  }
}

/** GitHub does not repeat what it could not deliver: somebody presses "Redeliver", or asks for it by API. */
async function deliverAgain(github: GitHubPeer, app: Actor): Promise<boolean> {
  await github.settled()
  if (app.url === undefined || github.deliveries.every(({ status }) => isTaken(status))) return false
  await github.redeliverFailed()
  return true
}

/** `unsent` are those from before the App's first start: GitHub had no address yet. */
const isTaken = (status: unknown): boolean => status === 202 || status === "unsent"

async function whatIsLoud(github: GitHubPeer, app: Actor, proxies: readonly PeerProxy[]): Promise<string | undefined> {
  const [life, heard] = [app.lives, github.deliveries.length]
  if (await deliverAgain(github, app)) return "an end of deliveries"
  const metrics = await metricsOf(app)
  const waiting = ["slipway_inbox_pending", "slipway_outbox_pending"].map((name) => `${name} ${gauge(metrics, name)}`)
  if (waiting.some((count) => !count.endsWith(" 0"))) return `rest: ${waiting.join(", ")}`
  const isStill = life === app.lives && heard === github.deliveries.length
  return isStill && proxies.every((proxy) => proxy.underWay() === 0) ? undefined : "rest: somebody speaks"
}

/** Empty where the app is dead, or dies over it. */
const metricsOf = async ({ url }: Actor): Promise<string> =>
  url === undefined
    ? ""
    : await fetch(`${url}/metrics`).then(
        (response) => response.text(),
        () => "",
      )

/** NaN: no data. */
const gauge = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, "m").exec(metrics)?.[1] ?? Number.NaN)
