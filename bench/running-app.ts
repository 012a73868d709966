import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { type AppProcess, startApp } from "../demo/app-process.ts"
import { type GitHubPeer, startGitHub } from "../demo/peers/github.ts"

/** Slipway as a process of its own on an empty database, and a GitHub on the loopback that records what it is asked. */
export interface RunningApp {
  readonly github: GitHubPeer
  readonly app: AppProcess
  /** Resolves when every webhook is answered, decided on, and all that was decided is done. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export const SECRET = "the-benchmarks-sign-their-webhooks"
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 50

/** GitHub is not held against its API description here: that is what the tests are for, and it takes its time. */
export async function startRunningApp(settings: { readonly [name: string]: string } = {}): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"))
  const github = await startGitHub({ webhookSecret: SECRET, validate: false })
  const env = {
    APP_ID: github.app.id,
    PRIVATE_KEY: github.app.privateKeyPem,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: github.url,
    HOST: "127.0.0.1",
    PORT: "0",
    SLIPWAY_DATA_DIR: join(folder, "data"),
    ...settings,
  }
  const app = await startApp(env, join(folder, "slipway.log"))
  return {
    github,
    app,
    async quiet() {
      const end = performance.now() + PATIENCE_MS
      for (let seen = -1; seen !== github.deliveries.length; ) {
        seen = github.deliveries.length
        await github.settled()
        while (await isBusy(app.url)) {
          if (performance.now() > end) throw new Error(`Slipway is not done after ${PATIENCE_MS / 1_000} s`)
          await delay(LOOK_EVERY_MS)
        }
        await github.settled()
      }
    },
    async close() {
      await app.stop()
      await github.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** By its own metrics: what is done in one transaction leaves inbox or outbox for the other. */
async function isBusy(url: string): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const waiting = [...text.matchAll(/^slipway_(?:inbox|outbox)_pending (\S+)$/gm)].map((match) => Number(match[1]))
  if (waiting.length !== 2) throw new Error(`${url}/metrics does not say how much waits`)
  return waiting.some((count) => count !== 0)
}
