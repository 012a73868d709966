import type { Config } from "../model/config.ts"

/** A key that is read and checked, that people would take for a gate, and that nothing acts on yet. */
interface Promised {
  readonly key: string
  readonly isSet: (config: Config) => boolean
}

/** None at present. A key leaves this list with the rule that enforces it. */
const PROMISED: readonly Promised[] = []

/** The keys on which somebody relies in vain: whoever sets one has to be told where they look. */
export const notYetEnforced = (config: Config): readonly string[] =>
  PROMISED.flatMap(({ key, isSet }) => (isSet(config) ? [key] : []))
