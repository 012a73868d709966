import type { Config } from "../model/config.ts"

type Environment = Config["environments"][string]

/** What an environment says of when something may enter it; who may roll it back is asked already. */
const ENTRY = ["after", "soak", "checks", "freshness", "window", "verify"] as const

/**
 * The keys of a configuration that are read and checked, that people would take for gates, and that nothing acts on yet:
 * whoever relies on one has to be told where they look. A key leaves this list with the rule that enforces it.
 *
 * @returns such as `environments.production.soak`, in the order of the file's description
 */
export function notYetEnforced(config: Config): readonly string[] {
  const { hotfix } = config
  return [
    ...Object.entries(config.environments).flatMap(([name, of]) => entryKeys(name, of)),
    ...(Object.keys(hotfix.environments).length > 0 ? ["hotfix"] : []),
  ]
}

function entryKeys(name: string, environment: Environment): readonly string[] {
  const set = ENTRY.filter((key) => (key === "checks" ? environment.checks.length > 0 : environment[key] !== undefined))
  return [
    ...set.map((key) => `environments.${name}.${key}`),
    ...(environment.approvals ? [`environments.${name}.approvals, but for who may roll back`] : []),
  ]
}
