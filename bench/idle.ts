import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { readHistory } from "../demo/story/history.ts"
import { play } from "../demo/story/play.ts"
import { setStage } from "../demo/story/stage.ts"
import { createTeller } from "../demo/story/teller.ts"
import { memoryOf, postmasterOf, type Sample } from "./memory.ts"
import type { BenchRow } from "./row.ts"

const LIMIT_MB = 200
/**
 * Long enough that idle connections of the pool are closed, after 10 s (node-postgres, `idleTimeoutMillis`), and that V8 has
 * given back what the app collects at rest (src/engine/collect-at-rest.ts): it waits 8 s for more (v8/src/heap/memory-reducer.h).
 */
const REST_MS = 30_000
const SAMPLES = 5
const CLONE = fileURLToPath(new URL("..", import.meta.url))

/**
 * Memory of the app and its embedded Postgres while they wait, after the whole flow of the demo (releases, a rollback)
 * has gone through them.
 */
export async function run(): Promise<readonly BenchRow[]> {
  if (process.platform !== "linux")
    return [{ bench: "idle", case: "app and database", figure: "can be measured on Linux only" }]
  const history = await readHistory(CLONE)
  // The first start of a clone, or of new code, leaves compiled code behind (bin/compile-cache.js).
  await (await setStage(history)).close(false)
  const stage = await setStage(history)
  try {
    await play(stage, history, createTeller({ write: () => true }, false))
    await delay(REST_MS)
    const postmaster = await postmasterOf(stage.dataDir)
    const samples: Sample[] = []
    for (let at = 0; at < SAMPLES; at++) {
      await delay(500)
      samples.push(memoryOf(stage.app.pid, postmaster))
    }
    const { app, database, processes } = samples.sort((a, b) => a.app - b.app)[Math.floor(SAMPLES / 2)] as Sample
    const total = app + database
    return [
      {
        bench: "idle",
        case: `memory after the demo's flow, at rest: app and its Postgres (${processes} processes)`,
        figure: `${total.toFixed(0)} MB (app ${app.toFixed(0)}, database ${database.toFixed(0)})`,
        limit: `< ${LIMIT_MB} MB`,
        ok: total < LIMIT_MB,
      },
    ]
  } finally {
    await stage.close(false)
  }
}

if (import.meta.filename === process.argv[1]) console.table(await run())
