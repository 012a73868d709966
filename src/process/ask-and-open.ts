import type { Settings } from "../config/environment.ts"
import type { GitHub } from "../peers/github.ts"
import { openStore, type Store } from "../store/open.ts"
import { StoreError } from "../store/store-error.ts"
import type { ProcessLog } from "../telemetry/log.ts"
import { askOwner } from "./github-app.ts"
import { StartRefused } from "./start-refused.ts"

/**
 * Asks who owns the App and opens the database; both take a while, so they are done at the same time.
 *
 * @throws StartRefused, with nothing left open
 */
export async function askAndOpen(
  github: GitHub,
  settings: Settings,
  log: ProcessLog,
): Promise<[string | undefined, Store]> {
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
