import type { Config } from "./config.ts"
import { own } from "./own.ts"
import { isSameEnvironment } from "./protection.ts"
import type { Line, State } from "./state.ts"

/** What an environment asks of a release that enters it. */
export type EntryRules = Config["environments"][string]

/** An environment that the configuration does not name has no gates of its own: a release has to be out, no more. */
const NONE: EntryRules = { checks: [], rollback: [] }

/** The gates of an environment in a configuration; GitHub tells environments apart without their case. */
export const entryRulesIn = ({ environments }: Config, name: string): EntryRules => named(environments, name) ?? NONE

/**
 * The same for what a hotfix branch releases: the gates of its own way, where one is declared for the environment. Who is
 * there at a time, who locked it, and what it is watched for, is the environment's business: these hold for hotfixes as well.
 */
function hotfixRulesIn(config: Config, name: string): EntryRules {
  const usual = entryRulesIn(config, name)
  const declared = named(config.hotfix.environments, name)
  if (!declared) return usual
  const { concurrency, locked, criteria, watch, "on-call": onCall } = usual
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(locked ? { locked } : {}),
    ...(criteria ? { criteria } : {}),
    ...(watch === undefined ? {} : { watch }),
    ...(onCall ? { "on-call": onCall } : {}),
    ...declared,
  }
}

/** Whether hotfixes have a way of their own into an environment. */
export const hasHotfixPath = ({ hotfix }: Config, name: string): boolean =>
  named(hotfix.environments, name) !== undefined

function named(environments: Config["environments"], name: string): EntryRules | undefined {
  const exact = own(environments, name)
  // guard: environment-by-another-name
  return exact ?? Object.entries(environments).find(([other]) => isSameEnvironment(other, name))?.[1]
}

/** Whose configuration says what may enter that a line released, and how it is read. */
export interface Ruling {
  readonly line: Line
  readonly rulesIn: (config: Config, environment: string) => EntryRules
}

/**
 * A line's own; of a hotfix branch the default branch's: the way of hotfixes is declared in advance, and no hotfix says of
 * itself how it gets in. Undefined: nothing is known of the default branch.
 */
export function rulingOf({ lines }: Pick<State, "lines">, line: Line, defaultBranch: string): Ruling | undefined {
  if (line.kind?.is !== "hotfix") return { line, rulesIn: entryRulesIn }
  // guard: hotfix-by-its-own-file
  const home = own(lines, defaultBranch)
  return home && { line: home, rulesIn: hotfixRulesIn }
}
