/**
 * A process with an engine of its own, forked by processes.test.ts.
 * The peer is a table in the same database, so that what a killed process did to it remains.
 */
import { sql } from "kysely"
import { createEngine, systemClock } from "../../src/engine/engine.ts"
import { throwIfLate } from "../../src/model/in-time.ts"
import { openStore } from "../../src/store/open.ts"
import { type Effect, fakeParts, Peer, repository, watch } from "./fake-domain.ts"

export type Order =
  | { do: "start" }
  | { do: "ingest"; key: string; id: string; effects?: Partial<Effect>[] } // answers with an event "ingested"
  | { do: "stop" }

export type Event =
  | { event: "ready" }
  | { event: "ingested"; id: string }
  | { event: "acting"; key: string; mayHaveHappened: boolean }
  | { event: "acted"; key: string }
  | { event: "late" }
  | { event: "observing" }
  | { event: "runs"; count: number }

/** Where this process dies, or hangs until it is continued. */
export type Trap =
  | "none"
  | "die in observe"
  | "die before the peer"
  | "die after the peer"
  | "hang after the peer"
  | `look at http://${string}`

const [url, trap, requestTimeoutMs] = process.argv.slice(2) as [string, Trap, string]
const tell = (event: Event): void => void process.send?.(event)
const die = (): never => {
  process.kill(process.pid, "SIGKILL")
  throw new Error("killed")
}

// Listened for from the start: the parent may send it before we come to where we wait, and unheard it would end us.
const continued = new Promise((resolve) => process.once("SIGUSR2", resolve))
const store = await openStore({ databaseUrl: url, dataDir: "unused" })
const seen = watch()
const parts = fakeParts(new Peer(), {
  async observe({ signals }) {
    tell({ event: "observing" })
    if (trap === "die in observe") die()
    return { seen: signals.length }
  },
  async act(effect, { mayHaveHappened, signal }) {
    tell({ event: "acting", key: effect.key, mayHaveHappened })
    // The parent pauses this process while it looks; the answer is there before it goes on.
    if (trap.startsWith("look at ")) {
      await fetch(trap.slice("look at ".length))
      try {
        throwIfLate(signal)
      } catch (error) {
        tell({ event: "late" })
        throw error
      }
    }
    if (trap === "die before the peer") die()
    const { rows } = mayHaveHappened
      ? await sql`select 1 from peer where key = ${effect.key}`.execute(store.db)
      : { rows: [] }
    if (rows.length === 0)
      await sql`insert into peer (key, pid) values (${effect.key}, ${process.pid})`.execute(store.db)
    if (trap === "die after the peer") die()
    // The parent pauses this process here; when it goes on, the key is another's.
    if (trap === "hang after the peer") await continued
    tell({ event: "acted", key: effect.key })
    return { is: "done", handle: { id: String(process.pid) } }
  },
})
const engine = createEngine({
  store,
  parts,
  clock: systemClock,
  log: seen.log,
  metrics: seen.metrics,
  requestTimeoutMs: Number(requestTimeoutMs),
})
process.on("message", async (order: Order) => {
  if (order.do === "stop") {
    await engine.stop()
    tell({ event: "runs", count: seen.runs.filter((run) => run === "decided").length })
    await store.close()
    process.disconnect()
  } else if (order.do === "start") {
    await engine.start()
  } else {
    const { id, key, effects } = order
    const signals = [{ kind: "add" as const, amount: 1, ...(effects && { effects }) }]
    await engine.ingest({ id, repo: repository(key), signals })
    tell({ event: "ingested", id })
  }
})
tell({ event: "ready" })
