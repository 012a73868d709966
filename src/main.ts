import { readFileSync, realpathSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { Probot } from "probot"
import { createAct } from "./act/act.ts"
import { type App, createApp } from "./app.ts"
import { type Environment, readEnvironment, type Settings } from "./config/environment.ts"
import { decide } from "./decide/decide.ts"
import { isEcho } from "./decide/echo.ts"
import { settle } from "./decide/settle.ts"
import { createAdopt } from "./engine/adopt.ts"
import { createEngine, type Engine, systemClock } from "./engine/engine.ts"
import type { CalendarEntry } from "./model/calendar.ts"
import type { Clock } from "./model/clock.ts"
import type { Effect } from "./model/effect.ts"
import type { Announcements, Facts } from "./model/facts.ts"
import type { Outcome } from "./model/outcome.ts"
import type { Signal } from "./model/signal.ts"
import type { State } from "./model/state.ts"
import { createObserve } from "./observe/observe.ts"
import { createAttestations } from "./peers/attestations.ts"
import { toPeerError } from "./peers/errors.ts"
import { createGitHub, type GitHub } from "./peers/github.ts"
import { slipwayOctokit } from "./peers/github-octokit.ts"
import { createHttpProbe } from "./peers/http-probe.ts"
import { listInstallations, listRepositories } from "./peers/installations.ts"
import { privateNetworks } from "./peers/probe-addresses.ts"
import { createPrometheus, type Prometheus } from "./peers/prometheus.ts"
import { createSlack } from "./peers/slack.ts"
import { auditKey } from "./store/audit-key.ts"
import { createCheckpoints } from "./store/checkpoints.ts"
import { readDepths } from "./store/depths.ts"
import { extendingRepositories } from "./store/extending-repositories.ts"
import { knownRepositories } from "./store/known-repositories.ts"
import { listenersTo } from "./store/listeners.ts"
import { readNeighbours } from "./store/neighbours.ts"
import { openStore, type Store } from "./store/open.ts"
import { repositoryStates } from "./store/repository-states.ts"
import { StoreError } from "./store/store-error.ts"
import { createLog } from "./telemetry/log.ts"
import { createMetrics, type Metrics } from "./telemetry/metrics.ts"
import { createCalendarFeed } from "./web/calendar-feed.ts"
import { createPages } from "./web/pages.ts"
import { CannotListen, startWebServer, type WebServer } from "./web/server.ts"
import { type Answer, createWebhookRoute, type Webhook } from "./web/webhook.ts"

type Log = ReturnType<typeof createLog>

export interface Overrides {
  readonly clock?: Clock
  readonly log?: Log
}

export interface Running {
  /** Where it listens: with `PORT=0` a port that was free. */
  readonly url: string
  readonly engine: Engine<Signal>
  readonly store: Store
  /** Takes nothing more, finishes or hands back what runs, and closes the database: within 10 s. */
  stop(): Promise<void>
}

/** Something that Slipway cannot do without is missing or wrong. `message` says what to do; there is no bug to trace. */
export class StartRefused extends Error {
  override readonly name = "StartRefused"
}

const VERSION = String(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version)
const WEB_STOPS_WITHIN_MS = 1_500
const ENGINE_STOPS_WITHIN_MS = 7_500
/**
 * How long a killed process's request may still take effect: as long as we ourselves would wait for it, and a little
 * more. With the default time-out these are the 10 s after which GitHub ends a request.
 */
const LANDING_FACTOR = 1.25

/**
 * Puts the process together and starts it. GitHub or Slack out of reach is no reason not to: the work waits.
 *
 * @throws StartRefused with what to do
 */
export async function start(env: Environment, overrides: Overrides = {}): Promise<Running> {
  const read = readEnvironment(env)
  if (!read.ok) throw new StartRefused(read.problems.join("\n\n"))
  const { settings } = read
  const log = overrides.log ?? createLog({ level: settings.logLevel, format: settings.logFormat })
  const clock = overrides.clock ?? systemClock
  const metrics = createMetrics()
  const probot = createProbot(settings, metrics, log)
  const github = createGitHub(probot)
  const stopping = new AbortController()
  const [owner, store] = await askAndOpen(github, settings, log)

  const engine = createWiredEngine({ settings, store, github, metrics, log, clock })
  const served = createServed(settings.allowedAccounts, owner)
  const known = (of: Parameters<typeof knownRepositories>[1]) => knownRepositories(store.db, of)
  const adopt = createAdopt({
    list: (installation) => listRepositories(probot, installation),
    known,
    ingest: engine.ingest,
    log,
    stopping: stopping.signal,
  })
  const extending = (repo: Parameters<typeof extendingRepositories>[1]) => extendingRepositories(store.db, repo)
  const now = () => clock.now()
  const app = createApp({
    appId: settings.app.id,
    apiUrl: settings.githubApiUrl,
    engine,
    serves: served.serves,
    known,
    extending,
    listening: async (repo, subjects) => (await listenersTo(store.db, repo, subjects)).map((one) => one.repo),
    adopt,
    now,
  })
  await probot.load(app.load)
  metrics.watch(() => readDepths(store.db, clock.now()))

  const close = async (web?: WebServer): Promise<void> => {
    stopping.abort()
    await web?.stop(WEB_STOPS_WITHIN_MS)
    await engine.stop({ withinMs: ENGINE_STOPS_WITHIN_MS })
    await store.close()
  }
  try {
    await engine.start()
    const web = await listen({ settings, store, probot, app, metrics, log, stopping: stopping.signal, clock, served })
    log.info({ version: VERSION, url: web.url, database: settings.database.is }, `Slipway listens on ${web.url}`)
    void adoptInstalled({ probot, github, served, adopt, log, stopping: stopping.signal })
    return { url: web.url, engine, store, stop: () => close(web) }
  } catch (error) {
    await close()
    throw error instanceof CannotListen ? new StartRefused(error.message, { cause: error }) : error
  }
}

function createProbot(settings: Settings, metrics: Metrics, log: Log): Probot {
  const { requestTimeoutMs } = settings
  return new Probot({
    appId: settings.app.id,
    privateKey: settings.app.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.githubApiUrl,
    Octokit: slipwayOctokit({ version: VERSION, requestTimeoutMs, onRequest: metrics.githubRequest }),
    log,
  })
}

/** Both take a while, so they are done at the same time. @throws StartRefused, with nothing left open */
async function askAndOpen(github: GitHub, settings: Settings, log: Log): Promise<[string | undefined, Store]> {
  const { database } = settings
  const [owner, store] = await Promise.allSettled([
    askOwner(github, settings, log),
    openStore({
      databaseUrl: database.is === "server" ? database.url : undefined,
      dataDir: database.is === "embedded" ? database.dataDir : "",
      log: (message) => log.info(message),
    }),
  ])
  if (store.status === "rejected") {
    const cause: unknown = store.reason
    throw cause instanceof StoreError ? new StartRefused(cause.message, { cause }) : cause
  }
  if (owner.status === "rejected") {
    await store.value.close()
    throw owner.reason
  }
  return [owner.value, store.value]
}

/** @returns undefined if GitHub cannot say now. A wrong key is answered 401, an id that no App has 404. */
async function askOwner(github: GitHub, settings: Settings, log: Log): Promise<string | undefined> {
  try {
    return (await github.app()).owner
  } catch (error) {
    const problem = toPeerError(error)
    if (problem.is === "unauthorized" || problem.is === "gone")
      throw new StartRefused(
        `GitHub (${settings.githubApiUrl}) does not accept APP_ID ${settings.app.id} with this private key: ${problem.message}. Compare "App ID" on the App's page with APP_ID; if they are the same, the key is another App's or was revoked: generate a new one there. Check GITHUB_API_URL and the clock of this machine too, since the credentials are valid for minutes only.`,
      )
    log.warn({ problem: problem.message }, "GitHub cannot be asked about the App now; going on, and asking again")
    return undefined
  }
}

interface Wiring {
  readonly settings: Settings
  readonly store: Store
  readonly github: GitHub
  readonly metrics: Metrics
  readonly log: Log
  readonly clock: Clock
}

function createWiredEngine({ settings, store, github, metrics, log, clock }: Wiring): Engine<Signal> {
  const { requestTimeoutMs, accounts } = settings
  const slack = createSlack({ apiUrl: settings.slackApiUrl, log, requestTimeoutMs })
  const slackOf = (owner: string) => {
    const { slackToken } = accounts(owner)
    return slackToken === undefined ? undefined : slack.client(slackToken)
  }
  return createEngine<State, Signal, Facts, Effect>({
    store,
    clock,
    log,
    metrics,
    requestTimeoutMs,
    landingMs: requestTimeoutMs * LANDING_FACTOR,
    parts: {
      settle,
      isEcho,
      observe: createObserve({
        github,
        appId: settings.app.id,
        neighbours: (repo, names) => readNeighbours(store.db, repo, names),
        announcements: (owner) => announcementsOf(settings, owner),
        ...(settings.trustedRoots === undefined ? {} : { attestations: createAttestations(settings.trustedRoots) }),
        probe: (owner) => createHttpProbe({ version: VERSION, allowed: privateNetworks(accounts(owner).probePrivate) }),
        metrics: metricsOf(settings),
      }),
      decide,
      act: createAct({
        github,
        slack: { for: slackOf },
        checkpoint: createCheckpoints(store.db, auditKey(settings.app.privateKey), clock),
      }),
      outcome: (effect, outcome) => ended(effect, outcome, clock.now()),
    },
  })
}

const ended = ({ kind, key, target }: Effect, outcome: Outcome, now: Date): Signal => ({
  kind: "ended",
  effect: key,
  of: kind,
  target,
  outcome,
  at: now.toISOString(),
})

function announcementsOf({ accounts }: Settings, owner: string): Announcements {
  const { slackToken, slackChannel } = accounts(owner)
  if (slackToken === undefined) return { is: "off", because: `no Slack token is set for ${owner}` }
  return { is: "on", channel: slackChannel ?? null }
}

function metricsOf({ accounts, requestTimeoutMs }: Settings): (owner: string) => Prometheus | undefined {
  return (owner) => {
    const { prometheusUrl: url, prometheusToken: token } = accounts(owner)
    return url === undefined
      ? undefined
      : createPrometheus({ url, ...(token === undefined ? {} : { token }), requestTimeoutMs })
  }
}

interface Served {
  /** Undefined: not listed, and GitHub has not said yet who owns the App. */
  serves(account: string): boolean | undefined
  readonly knowsOwner: () => boolean
  owner(login: string): void
}

/** The App's owner and the accounts that ALLOWED_ACCOUNTS names are served, and nobody else. */
function createServed(allowed: readonly string[] | undefined, known: string | undefined): Served {
  let owner = known?.toLowerCase()
  return {
    serves(account) {
      const login = account.toLowerCase()
      if (allowed?.includes(login)) return true
      return owner === undefined ? undefined : login === owner
    },
    knowsOwner: () => owner !== undefined,
    owner(login) {
      owner = login.toLowerCase()
    },
  }
}

interface Listening {
  readonly settings: Settings
  readonly store: Store
  readonly probot: Probot
  readonly app: App
  readonly metrics: Metrics
  readonly log: Log
  readonly stopping: AbortSignal
  readonly clock: Clock
  readonly served: Served
}

async function listen(listening: Listening): Promise<WebServer> {
  const { settings, store, probot, app, metrics, log, stopping, clock } = listening
  const calendar = createCalendarFeed(settings.webhookSecret, clock.now, (owner) =>
    accountCalendar(listening, owner).catch((err: unknown) => {
      log.warn({ err, owner }, "a calendar could not be made")
      throw err
    }),
  )
  const deliver = async ({ id, name, payload }: Webhook): Promise<Answer> => {
    // Probot's own `receive` writes the payload to the log. The name may be one that its types do not know.
    await probot.webhooks.receive({ id, name, payload } as never)
    return app.answerTo(payload)
  }
  const ready = async (): Promise<void> => {
    if (stopping.aborted) throw new Error("the process is stopping")
    await store.ping().catch((err: unknown) => {
      log.warn({ err }, "not ready: the database cannot be used")
      throw err
    })
  }
  return await startWebServer({
    host: settings.host,
    port: settings.port,
    webhook: createWebhookRoute({ secret: settings.webhookSecret, deliver, count: metrics.webhook }),
    pages: createPages({ version: VERSION, ready, metrics: metrics.registry, calendar }),
    log,
  })
}

const DAY_MS = 24 * 60 * 60_000
/** A feed shows what was lately, too: who looks at last week sees when the trains went. */
const FEED_DAYS = { back: 7, ahead: 90 }

/** The calendar of an account's releases, from what is known of its repositories; undefined: it has none here. */
async function accountCalendar({ store, served, clock }: Listening, owner: string): Promise<string | undefined> {
  if (served.serves(owner) === false) return undefined
  const [{ calendarOf }, { renderIcs }] = await Promise.all([import("./decide/calendar.ts"), import("./render/ics.ts")])
  const now = clock.now()
  const instant = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString()
  const span = { from: instant(-FEED_DAYS.back), until: instant(FEED_DAYS.ahead) }
  const entries: CalendarEntry[] = []
  let isKnown = false
  for await (const { repo, state } of repositoryStates(store.db, [owner])) {
    isKnown = true
    entries.push(...calendarOf(repo, state, span))
  }
  return isKnown ? renderIcs(`Releases of ${owner}`, entries, now) : undefined
}

interface Adopting {
  readonly probot: Probot
  readonly github: GitHub
  readonly served: Served
  readonly adopt: (installation: string) => void
  readonly log: Log
  readonly stopping: AbortSignal
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

/** Once a start: asks who owns the App, if that is not known yet, and where it is installed, until GitHub answers. */
async function adoptInstalled({ probot, github, served, adopt, log, stopping }: Adopting): Promise<void> {
  for (let wait = FIRST_RETRY_MS; !stopping.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      if (!served.knowsOwner()) served.owner((await github.app()).owner)
      const installations = await listInstallations(probot)
      for (const { id, account, suspended } of installations) if (!suspended && served.serves(account)) adopt(id)
      return
    } catch (err) {
      if (stopping.aborted) return
      log.warn({ err, againInMs: wait }, "GitHub could not be asked where the App is installed")
      await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined)
    }
  }
}

/**
 * Runs Slipway until SIGTERM or SIGINT; a second one ends it at once, which loses nothing either.
 *
 * @returns the exit code: 1 if it could not start, with what to do on standard error
 */
export async function run(env: Environment): Promise<number> {
  const asked = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve(signal))
  })
  try {
    const running = await start(env)
    await asked
    await running.stop()
    return 0
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    process.stderr.write(`Slipway does not start.\n\n${error.message}\n`)
    return 1
  }
}

const started = process.argv[1]
if (started && realpathSync(started) === import.meta.filename) process.exitCode = await run(process.env)
