import { Hono } from "hono"
import { html } from "hono/html"
import { secureHeaders } from "hono/secure-headers"
import type { CalendarFeed } from "./calendar-feed.ts"

export interface PagesOptions {
  readonly version: string
  /** Resolves when the process can do its work; throws what is wrong otherwise. */
  readonly ready: () => Promise<void>
  /** How long `ready` may take; 3 s, which is what probes are usually given, and more than a database needs. */
  readonly readyWithinMs?: number
  /** Calendars of accounts, for who has their address. */
  readonly calendar: CalendarFeed
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> }
  /** `open`: only what has to be reached from outside, where the others have a listener of their own. */
  readonly show?: "all" | "open"
}

/**
 * What a browser, a load balancer or Prometheus may ask. Nothing here tells of a repository, but for calendars, to who
 * has their address.
 */
export function createPages(options: PagesOptions): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], frameAncestors: ["'none'"] },
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
    }),
  )
  app.use(async (context, next) => {
    await next()
    context.header("cache-control", "no-store")
  })
  addOpen(app, options)
  if (options.show !== "open") addOthers(app, options)
  for (const { path, method } of [...app.routes])
    if (method === "GET")
      app.all(path, (context) => context.text("Only GET and HEAD are understood here.\n", 405, { allow: "GET, HEAD" }))
  app.notFound((context) => context.text("There is nothing here. Webhooks go to /api/github/webhooks.\n", 404))
  return app
}

/** For load balancers, which ask where they send to, and for calendars, which are read from anywhere. */
function addOpen(app: Hono, { calendar }: PagesOptions): void {
  app.get("/healthz", (context) => context.text("ok\n"))
  app.get("/calendar/:owner/:file", async (context) => {
    const { owner, file } = context.req.param()
    const token = /^([\w-]{1,100})\.ics$/.exec(file)?.[1]
    // Why it could not be made is in the log of who makes it: the address holds the token, and is logged nowhere.
    const text = token === undefined ? undefined : await calendar.read(owner, token).catch(() => null)
    if (text === null) return context.text("The calendar cannot be read at this moment.\n", 503)
    if (text === undefined) return await context.notFound()
    context.header("content-type", "text/calendar; charset=utf-8")
    return context.body(text)
  })
}

function addOthers(app: Hono, { version, ready, metrics, readyWithinMs = 3_000 }: PagesOptions): void {
  app.get("/", (context) => context.html(aboutPage(version)))
  app.get("/readyz", async (context) => {
    const problem = await problemOf(ready, readyWithinMs)
    return problem === undefined ? context.text("ready\n") : context.text(`not ready: ${problem}\n`, 503)
  })
  app.get("/metrics", async (context) => {
    context.header("content-type", metrics.contentType)
    return context.body(await metrics.metrics())
  })
}

/** A database that hangs is as little use as one that refuses. */
async function problemOf(ready: () => Promise<void>, withinMs: number): Promise<string | undefined> {
  const late = new Promise<string>((resolve) => {
    setTimeout(() => resolve(`the database gave no answer within ${withinMs} ms`), withinMs).unref()
  })
  const asked = ready().then(
    () => undefined,
    // The reason may name hosts and users: it is for the log, and this page for anybody.
    () => "the database does not answer, or lacks a migration of this version; the log says why",
  )
  return await Promise.race([asked, late])
}

const aboutPage = (version: string) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Slipway</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; }
      code { font-size: 0.9em; }
    </style>
  </head>
  <body>
    <h1>Slipway ${version}</h1>
    <p>
      A GitHub App that takes a release from merged pull request to verified in production, with gates that cannot be
      skipped. People meet it on GitHub and in Slack; there is nothing to see here.
    </p>
    <p>
      For those who run it: <code>/healthz</code> says that the process is up, <code>/readyz</code> that it can work,
      <code>/metrics</code> how much it does.
    </p>
  </body>
</html>`
