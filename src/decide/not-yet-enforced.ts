import type { Config } from "../model/config.ts"

/**
 * The keys of a configuration that are read and checked, that people would take for gates, and that nothing acts on yet:
 * whoever relies on one has to be told where they look. A key leaves this list with the rule that enforces it.
 *
 * @returns such as `environments.production.verify`, in the order of the file's description
 */
export function notYetEnforced(config: Config): readonly string[] {
  const { hotfix } = config
  return [...(Object.keys(hotfix.environments).length > 0 ? ["hotfix"] : [])]
}
