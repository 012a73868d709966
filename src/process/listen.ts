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
import { createReportRoute } from "../web/report-route.ts"
import { startWebServer, type WebServer } from "../web/server.ts"
import { type Answer, createWebhookRoute, type Webhook } from "../web/webhook.ts"
import { accountCalendar } from "./account-calendar.ts"
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
}

/** Opens the door for GitHub, and the pages for people, probes and Prometheus. @throws CannotListen */
export async function listen(listening: Listening): Promise<WebServer> {
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
    reports: createReportRoute({ ...takeReports(listening), count: metrics.report }),
    pages: createPages({ version: VERSION, ready, metrics: metrics.registry, calendar }),
    log,
  })
}
