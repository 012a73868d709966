/** Opens a store and stays until it is killed; forked by embedded.test.ts. */
import { openStore } from "../../src/store/open.ts"

export type Says = { readonly opened: true } | { readonly opened: false; readonly message: string }

const say = (says: Says): void => void process.send?.(says)

try {
  const store = await openStore({ dataDir: process.argv[2] ?? "" })
  await store.db
    .insertInto("slipway.keys")
    .values({ key: "1", repo: "{}" })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  say({ opened: true })
} catch (error) {
  say({ opened: false, message: error instanceof Error ? error.message : String(error) })
}
