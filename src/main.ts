import { realpathSync } from "node:fs"
import { createApp } from "./app.ts"
import { type Environment, readEnvironment } from "./config/environment.ts"
import { createAdopt } from "./engine/adopt.ts"
import { type Engine, systemClock } from "./engine/engine.ts"
import { followInstallations } from "./engine/follow-installations.ts"
import type { Clock } from "./model/clock.ts"
import type { Signal } from "./model/signal.ts"
import { createGitHub } from "./peers/github.ts"
import { createRateLimits } from "./peers/github-limits.ts"
import { listInstallations, listRepositories, reachedBy } from "./peers/installations.ts"
import { adoptInstalled } from "./process/adopt-installed.ts"
import { askAndOpen } from "./process/ask-and-open.ts"
import { createProcessChores } from "./process/chores.ts"
import { createProbot, tellLimit } from "./process/github-app.ts"
import { listen } from "./process/listen.ts"
import { openTracer } from "./process/open-tracer.ts"
import { createScopes } from "./process/scope.ts"
import { createServed } from "./process/served.ts"
import { keepHeapSmall } from "./process/small-heap.ts"
import { StartRefused } from "./process/start-refused.ts"
import { VERSION } from "./process/version.ts"
import { createWiredEngine } from "./process/wired-engine.ts"
import { readDepths } from "./store/depths.ts"
import { extendingRepositories } from "./store/extending-repositories.ts"
import { followedRepositories } from "./store/followed-repositories.ts"
import { knownRepositories } from "./store/known-repositories.ts"
import { listenersTo } from "./store/listeners.ts"
import { missedSince } from "./store/missed-deliveries.ts"
import type { Store } from "./store/open.ts"
import { createLog, type ProcessLog } from "./telemetry/log.ts"
import { createMetrics } from "./telemetry/metrics.ts"
import { CannotListen, type WebServer } from "./web/server.ts"

export interface Overrides {
  readonly clock?: Clock
  readonly log?: ProcessLog
}

export interface Running {
  /** Where it listens: with `PORT=0` a port that was free. */
  readonly url: string
  readonly engine: Engine<Signal>
  readonly store: Store
  /** Looks now for what never arrived, as it does every few minutes; resolves when it was found, and asked for. */
  catchUp(): Promise<void>
  /** Takes nothing more, finishes or hands back what runs, and closes the database: within 10 s. */
  stop(): Promise<void>
}

const WEB_STOPS_WITHIN_MS = 1_500
const ENGINE_STOPS_WITHIN_MS = 7_500
const TRACES_STOP_WITHIN_MS = 500

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
  const metrics = createMetrics(clock.now)
  const limits = createRateLimits(clock, tellLimit(log, metrics))
  const tracer = await openTracer(env, log)
  const scopes = createScopes(tracer)
  const probot = createProbot(settings, metrics, log, limits, scopes)
  const github = createGitHub(probot)
  const stopping = new AbortController()
  const [owner, store] = await askAndOpen(github, settings, log)

  const engine = createWiredEngine({ settings, store, github, metrics, log, clock, scopes })
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
    missedSince: (delivery) => missedSince(store.db, delivery),
    now,
  })
  await probot.load(app.load)
  metrics.watch(() => readDepths(store.db, clock.now()))
  const follow = () =>
    followInstallations({
      installations: async () =>
        (await listInstallations(probot)).map(({ suspended, ...of }) => ({ ...of, open: !suspended })),
      serves: served.serves,
      reached: (installation) => reachedBy(probot, installation),
      followed: () => followedRepositories(store.db),
      ingest: engine.ingest,
      adopt,
      log,
    })
  const chores = createProcessChores({ probot, store, engine, follow, limits, log, clock, stopping: stopping.signal })

  const close = async (web?: WebServer): Promise<void> => {
    stopping.abort()
    await web?.stop(WEB_STOPS_WITHIN_MS)
    await Promise.all([engine.stop({ withinMs: ENGINE_STOPS_WITHIN_MS }), chores.stop(ENGINE_STOPS_WITHIN_MS)])
    await store.close()
    await tracer?.close(TRACES_STOP_WITHIN_MS)
  }
  try {
    await engine.start()
    const web = await listen({
      settings,
      store,
      probot,
      app,
      engine,
      metrics,
      log,
      stopping: stopping.signal,
      clock,
      served,
      scopes,
    })
    log.info({ version: VERSION, url: web.url, database: settings.database.is }, `Slipway listens on ${web.url}`)
    chores.start()
    void adoptInstalled({ github, served, follow, log, stopping: stopping.signal })
    return { url: web.url, engine, store, catchUp: chores.now, stop: () => close(web) }
  } catch (error) {
    await close()
    throw error instanceof CannotListen ? new StartRefused(error.message, { cause: error }) : error
  }
}

/**
 * Runs Slipway until SIGTERM or SIGINT; a second one ends it at once, which loses nothing either.
 *
 * @returns the exit code: 1 if it could not start, with what to do on standard error
 */
export async function run(env: Environment): Promise<number> {
  keepHeapSmall()
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
