import type { Account } from "../config/accounts.ts"
import type { CallSettings } from "../peers/http-call.ts"
import type { NameLookup } from "../peers/name-lookup.ts"
import { privateNetworks } from "../peers/probe-addresses.ts"
import { VERSION } from "./version.ts"

/** By which rules an account's calls are sent, and with which secrets. Names of its own network only where that is opened. */
export const callSettingsOf = (
  { probePrivate, secrets = {} }: Pick<Account, "probePrivate" | "secrets">,
  { names, timeoutMs }: { readonly names: NameLookup; readonly timeoutMs: number },
): CallSettings => ({
  version: VERSION,
  allowed: privateNetworks(probePrivate),
  secrets,
  timeoutMs,
  resolve: probePrivate === undefined ? names.byDns : names.asMachine,
})
