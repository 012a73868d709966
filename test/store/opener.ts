/** Opens a store and stays until it is killed; forked by embedded.test.ts. */
import { openStore } from "../../src/store/open.ts"

try {
  const store = await openStore({ dataDir: process.argv[2] ?? "" })
  await store.db
    .insertInto("slipway.keys")
    .values({ key: "1", repo: "{}" })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  process.send?.({ opened: true })
} catch (error) {
  process.send?.({ opened: false, message: error instanceof Error ? error.message : String(error) })
}
