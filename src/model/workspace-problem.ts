import { componentsOf } from "./component.ts"
import { collide } from "./component-problems.ts"
import type { Config } from "./config.ts"
import { matchesPath } from "./path-glob.ts"
import { quote, quoteAll } from "./quote.ts"
import type { Manifest, Workspace } from "./workspace.ts"

/**
 * Why the packages of a workspace cannot be components as they are: two would share a name, and with it check and draft,
 * or a tag, and with it their releases. Null: each is one of its own.
 *
 * @param config what else it names as components
 */
export function workspaceProblem(config: Config, workspace: Workspace | undefined): string | null {
  if (!config.workspaces || !workspace) return null
  return sameName(config, workspace) ?? sameComponent(config, workspace) ?? sameTag(config, workspace)
}

/** Two packages of one name have the same tags. Those that lie within named components alone are part of these. */
function sameName(config: Config, { manifests }: Workspace): string | null {
  const owned = Object.values(config.components).flatMap(({ path }) => path)
  const isFree = ({ path }: Manifest) => !owned.some((pattern) => matchesPath(path, pattern))
  for (const [name, all] of Map.groupBy(manifests, ({ name }) => name))
    if (name !== null && all.length > 1 && all.some(isFree))
      return `${quoteAll(all.slice(0, 2).map(({ path }) => path))} both name their package ${quote(name)}: rename one, or take it out of the workspace`
  return null
}

function sameComponent(config: Config, workspace: Workspace): string | null {
  const byName = Map.groupBy(componentsOf(config, workspace), ({ name }) => name)
  for (const [name, all] of byName)
    if (all.length > 1)
      return `two components would be called ${quote(name)} (${quoteAll(all.slice(0, 2).map(({ paths }) => paths[0] ?? ""))}): name one of them otherwise under \`components\` in .github/slipway.yml`
  return null
}

/** Tags of packages meet only where their names do; those of named components are whatever the configuration says. */
function sameTag(config: Config, workspace: Workspace): string | null {
  const all = componentsOf(config, workspace)
  const named = all.filter(({ name }) => Object.hasOwn(config.components, name))
  for (const one of named) {
    const other = all.find(({ name, tag }) => name !== one.name && collide(tag, one.tag))
    if (other)
      return `components ${quote(one.name)} and ${quote(other.name)} have tags that can be taken for each other's, ${quote(one.tag)} and ${quote(other.tag)}: give ${quote(one.name)} another \`tag\` in .github/slipway.yml`
  }
  return null
}
