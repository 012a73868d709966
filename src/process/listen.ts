import type { Probot } from "probot"
import type { App } from "../app.ts"
import type { Settings } from "../config/environment.ts"
import type { Engine } from "../engine/engine.ts"
import type { Clock } from "../model/clock.ts"
import type { Log } from "../model/log.ts"
import type { Signal } from "../model/signal.ts"
import type { Store } from "../store/open.ts"
import type { Metrics } from "../telemetry/metrics.ts"
import { createCalendarFeed } from "../web/calendar-feed.ts"
import { createPages } from "../web/pages.ts"
import { createReportRoute, REPORT_PATHS } from "../web/report-route.ts"
import { startWebServer, type WebServer } from "../web/server.ts"
import { createWebhookRoute, WEBHOOK_PATH } from "../web/webhook.ts"
import { accountCalendar } from "./account-calendar.ts"
import { createDeliver } from "./deliver.ts"
import type { Scopes } from "./scope.ts"
import type { Served } from "./served.ts"
import { takeReports } from "./take-report.ts"
import { VERSION } from "./version.ts"

interface Listening {
  readonly settings: Settings
  readonly store: Store
  readonly probot: Probot
  readonly app: App
  readonly engine: Pick<Engine<Signal>, "ingest">
  readonly metrics: Metrics
  readonly log: Log
  readonly stopping: AbortSignal
  readonly clock: Clock
  readonly served: Served
  readonly scopes: Scopes
}

/** Opens the door for GitHub, and the pages for people, probes and Prometheus. @throws CannotListen */
export async function listen(listening: Listening): Promise<WebServer> {
  const { settings, store, probot, app, metrics, log, stopping, clock, scopes } = listening
  const calendar = createCalendarFeed(settings.webhookSecrets, clock.now, (owner) =>
    accountCalendar(listening, owner).catch((err: unknown) => {
      log.warn({ err, owner }, "a calendar could not be made")
      throw err
    }),
  )
  let keepsWhatComes = true
  const deliver = createDeliver(probot, app, log, scopes.webhook)
  const ready = async (): Promise<void> => {
    if (stopping.aborted) throw new Error("the process is stopping")
    try {
      await store.ping()
      // Only then: it costs the database more than a look.
      if (!keepsWhatComes) await store.pingWriting()
      keepsWhatComes = true
    } catch (err) {
      log.warn({ err }, "not ready: the database cannot be used")
      throw err
    }
  }
  const webhook = createWebhookRoute({
    secrets: settings.webhookSecrets,
    appId: settings.app.id,
    signedAsBefore: once(() =>
      log.info({}, "a webhook was signed with WEBHOOK_SECRET_BEFORE: the App's page still has it"),
    ),
    deliver: async (webhook) => {
      const answer = await deliver(webhook)
      if (answer.is === "stored" || answer.is === "failed") keepsWhatComes = answer.is === "stored"
      return answer
    },
    count: metrics.webhook,
  })
  const reports = createReportRoute({ ...takeReports(listening), count: metrics.report })
  const doors = new Map([[WEBHOOK_PATH, webhook] as const, ...REPORT_PATHS.map((path) => [path, reports] as const)])
  const pages = { version: VERSION, ready, metrics: metrics.registry, calendar }
  const { host, port } = settings
  if (!settings.pages) return await startWebServer({ host, port, doors, pages: createPages(pages), log })
  const own = await startWebServer({ ...settings.pages, doors: new Map(), pages: createPages(pages), log })
  try {
    const open = await startWebServer({ host, port, doors, pages: createPages({ ...pages, show: "open" }), log })
    log.info({ pages: own.url }, `Pages and metrics are on ${own.url}`)
    return { url: open.url, stop: async (within) => void (await Promise.all([open.stop(within), own.stop(within)])) }
  } catch (error) {
    await own.stop(0)
    throw error
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}
