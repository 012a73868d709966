import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto"
import { pino } from "pino"
import { Probot } from "probot"
import { type AppOptions, createApp } from "../../src/app.ts"
import { createDeliver } from "../../src/process/deliver.ts"
import { createCalendarFeed } from "../../src/web/calendar-feed.ts"
import { createPages } from "../../src/web/pages.ts"
import { createReportRoute, REPORT_PATHS } from "../../src/web/report-route.ts"
import { startWebServer } from "../../src/web/server.ts"
import { createWebhookRoute, WEBHOOK_PATH } from "../../src/web/webhook.ts"

export const SECRET = "It's a Secret to Everybody"
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
})

const NOBODY_REPORTS: Parameters<typeof createReportRoute>[0] = {
  authenticate: async () => undefined,
  deliver: async () => ({ is: "ignored" }),
  count: () => undefined,
}

type Delivery = Parameters<AppOptions["engine"]["ingest"]>[0]

export interface Sent {
  readonly event?: string | undefined
  readonly payload?: unknown
  /** Instead of `payload`: exactly these bytes. */
  readonly body?: Uint8Array<ArrayBuffer> | string
  readonly id?: string
  readonly secret?: string
  readonly headers?: { readonly [name: string]: string | undefined }
  readonly method?: string
}

/** The HTTP surface as `main.ts` puts it together, with a real Probot, and an engine that only remembers. */
export async function openDoor(
  more: Partial<AppOptions> & {
    ready?: () => Promise<void>
    reports?: Parameters<typeof createReportRoute>[0]
    calendar?: (owner: string) => Promise<string | undefined>
    withinMs?: number
    secrets?: readonly [string, ...string[]]
    limits?: Parameters<typeof startWebServer>[0]["limits"]
    show?: "all" | "open"
  } = {},
) {
  const deliveries: Delivery[] = []
  const counted: string[] = []
  const lines: { level: number; msg: string; [field: string]: unknown }[] = []
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const ingest = async (delivery: Delivery) => {
    if (deliveries.some(({ id, repo }) => id === delivery.id && repo.id === delivery.repo.id)) return "duplicate"
    deliveries.push(delivery)
    return "stored"
  }
  const app = createApp({
    apiUrl: "https://api.github.com",
    appId: "29310",
    engine: { ingest },
    serves: (account) => account.toLowerCase() === "codertocat",
    known: async () => [],
    extending: async () => [],
    listening: async () => [],
    adopt: () => undefined,
    missedSince: async () => undefined,
    now: () => new Date("2026-11-21T09:00:00Z"),
    ...more,
  })
  const probot = new Probot({ appId: "29310", privateKey, secret: SECRET, log })
  await probot.load(app.load)
  const secrets = more.secrets ?? [SECRET]
  let before = 0
  const webhook = createWebhookRoute({
    secrets,
    appId: "29310",
    signedAsBefore: () => {
      before += 1
    },
    deliver: createDeliver(probot, app, log),
    count: (event, result) => void counted.push(`${event} ${result}`),
    ...(more.withinMs !== undefined && { withinMs: more.withinMs }),
  })
  const reports = createReportRoute(more.reports ?? NOBODY_REPORTS)
  const server = await startWebServer({
    host: "127.0.0.1",
    port: 0,
    doors: new Map([[WEBHOOK_PATH, webhook] as const, ...REPORT_PATHS.map((path) => [path, reports] as const)]),
    ...(more.limits && { limits: more.limits }),
    pages: createPages({
      version: "9.9.9",
      ...(more.show && { show: more.show }),
      readyWithinMs: 50,
      ready: more.ready ?? (async () => undefined),
      calendar: createCalendarFeed(secrets, () => new Date(), more.calendar ?? (async () => undefined)),
      metrics: { contentType: "text/plain; version=0.0.4", metrics: async () => "slipway_runs_total 1\n" },
    }),
    log,
  })
  return {
    url: server.url,
    deliveries,
    counted,
    lines,
    signedAsBefore: () => before,
    close: () => server.stop(0),
    send: (sent: Sent) => send(`${server.url}/api/github/webhooks`, sent),
  }
}

/** Posts a webhook as GitHub does; `headers` with `undefined` leave one out. */
export async function send(url: string, { event, payload, body, id, secret = SECRET, headers, method = "POST" }: Sent) {
  const bytes = body ?? JSON.stringify(payload)
  const signature = `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`
  const all = {
    "content-type": "application/json",
    "x-github-event": event ?? "push",
    "x-github-delivery": id ?? randomUUID(),
    "x-hub-signature-256": signature,
    ...headers,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const answer = await fetch(url, { method, headers: given, ...(method === "GET" ? {} : { body: bytes }) })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    body: JSON.parse(text) as { result?: string; error?: string },
  }
}
