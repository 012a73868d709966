import type { Config } from "./config.ts"
import { own } from "./own.ts"
import { isSameEnvironment } from "./protection.ts"

/** What an environment asks of a release that enters it. */
export type EntryRules = Config["environments"][string]

/** An environment that the configuration does not name has no gates of its own: a release has to be out, no more. */
const NONE: EntryRules = { checks: [], rollback: [] }

/** The gates of an environment in a configuration; GitHub tells environments apart without their case. */
export function entryRulesIn({ environments }: Config, name: string): EntryRules {
  const exact = own(environments, name)
  // guard: environment-by-another-name
  return exact ?? Object.entries(environments).find(([other]) => isSameEnvironment(other, name))?.[1] ?? NONE
}
