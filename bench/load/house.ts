import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { sql } from "kysely"
import { type AppProcess, startApp } from "../../demo/app-process.ts"
import { type Visited, visitStore } from "../../src/store/open.ts"
import { startPostgresServer } from "../postgres-server.ts"
import { type Child, startChild } from "./child.ts"
import type { GitHubOrder, StartedGitHub } from "./github.ts"
import type { Order, Sent } from "./sender.ts"
import type { Source } from "./shapes.ts"

const DRAIN_WITHIN_MS = 600_000
const SECRET = "the-benchmarks-sign-their-webhooks"

/** Slipway between a GitHub with many repositories and a sender of webhooks. */
export interface House {
  readonly github: Child<GitHubOrder>
  readonly apps: readonly AppProcess[]
  readonly db: Visited
  readonly dataDir: string
  send(count: number, perSecond: number): Promise<Sent>
  /** Resolves when nothing is left to do, with the milliseconds that it took. */
  drained(): Promise<number>
  close(): Promise<void>
}

interface Plan {
  readonly repositories: number
  readonly installations: number
  /** One process on its embedded database, or so many on one Postgres. */
  readonly on: "embedded" | number
}

/** Starts all of it, and installs the App on every account. */
export async function openHouse({ repositories, installations, on }: Plan): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"))
  const dataDir = join(folder, "data")
  const shared = on === "embedded" ? undefined : await startPostgresServer()
  const github = startChild<GitHubOrder>("github.ts")
  const sender = startChild<Order>("sender.ts")
  const apps: AppProcess[] = []
  const close = async (): Promise<void> => {
    for (const child of [sender, github]) child.close()
    await Promise.all(apps.map((app) => app.stop()))
    await shared?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const started = await github.ask<StartedGitHub>({
      is: "start",
      secret: SECRET,
      accounts: installations,
      repositories,
    })
    for (let at = 0; at < (on === "embedded" ? 1 : on); at++)
      apps.push(
        await startApp(
          { ...environment(started, dataDir), ...(shared && { DATABASE_URL: shared.url }) },
          join(folder, `slipway-${at}.log`),
        ),
      )
    const urls = apps.map(({ url }) => `${url}/api/github/webhooks`)
    const sources = await github.ask<readonly Source[]>({ is: "install", webhooks: urls[0] ?? "" })
    const db = await visitStore({ databaseUrl: shared?.url, dataDir }, "read")
    const house: House = {
      github,
      apps,
      db,
      dataDir,
      send: (count, perSecond) => sender.ask<Sent>({ urls, secret: SECRET, sources, count, perSecond }),
      drained: () => drained(db),
      async close() {
        await db.close()
        await close()
      },
    }
    await house.drained()
    return house
  } catch (cause) {
    await close()
    throw cause
  }
}

const environment = ({ url, appId, privateKey, accounts }: StartedGitHub, dataDir: string) => ({
  APP_ID: appId,
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: SECRET,
  GITHUB_API_URL: url,
  ALLOWED_ACCOUNTS: accounts.join(","),
  HOST: "127.0.0.1",
  PORT: "0",
  SLIPWAY_DATA_DIR: dataDir,
  ...(process.env.PROF ? { NODE_OPTIONS: "--cpu-prof --cpu-prof-dir=/tmp/load-prof" } : {}),
})

async function drained({ db }: Visited): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const { rows } = await sql<{ busy: boolean }>`
      select exists (select from slipway.inbox where decided_at is null)
          or exists (select from slipway.outbox where status = 'pending') as busy`.execute(db)
    const took = performance.now() - begun
    if (!rows[0]?.busy) return took
    if (took > DRAIN_WITHIN_MS) throw new Error(`Slipway is not done after ${DRAIN_WITHIN_MS / 1_000} s`)
    await delay(100)
  }
}
