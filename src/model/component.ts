import type { Config } from "./config.ts"
import { matchesPath } from "./path-glob.ts"
import { PLAN_FOLDER } from "./plan-folder.ts"
import type { Workspace } from "./workspace.ts"
import { CONFIG_PATH, OTHER_PLAN_PATH } from "./written-paths.ts"

/** A part of a repository that is released by itself. A repository without components is one, with an empty name. */
export interface Component {
  readonly name: string
  /** Patterns of paths from the repository's root. */
  readonly paths: readonly string[]
  /** Such as `api-v{version}`. */
  readonly tag: string
  /** Components of the same workspace that it needs at run time. */
  readonly dependsOn: readonly string[]
  /** Components that keep one version with it. */
  readonly linked: readonly string[]
}

/** Paths that concern every component, wherever they lie: what decides about gates is in nobody's folder. */
export const sharedPaths = (config: Config): readonly string[] => [
  ...new Set([CONFIG_PATH, config.plan.path, OTHER_PLAN_PATH, PLAN_FOLDER]),
]

/** The patterns that a configuration asks of every commit; none where nothing depends on paths. */
export function pathsAsked(config: Config, components: readonly Component[]): readonly string[] {
  const ruled = config.changes.flatMap(({ when }) => when.path ?? [])
  const owned = isWhole(components) ? [] : [...components.flatMap(({ paths }) => paths), ...sharedPaths(config)]
  return [...new Set([...owned, ...ruled])].sort()
}

/** Whether the repository is released as a whole. */
export const isWhole = (components: readonly Component[]): boolean => components[0]?.name === ""

const known = new WeakMap<Config, Map<Workspace | undefined, readonly Component[]>>()

/**
 * The components of a repository: those that `components` names, and the packages of its workspace where `workspaces`
 * asks for them. A package within the paths of a named component is part of that one.
 *
 * @param workspace as it was read; undefined where it was not, or where nobody asks for it
 * @returns in the order of the configuration, never empty; the same list for the same arguments
 */
export function componentsOf(config: Config, workspace?: Workspace): readonly Component[] {
  const byWorkspace = known.get(config) ?? new Map<Workspace | undefined, readonly Component[]>()
  known.set(config, byWorkspace)
  const found = byWorkspace.get(workspace) ?? listComponents(config, workspace)
  byWorkspace.set(workspace, found)
  return found
}

type Named = Pick<Component, "name" | "paths" | "tag">

function listComponents(config: Config, workspace: Workspace | undefined): readonly Component[] {
  const named: readonly Named[] = Object.entries(config.components).map(([name, { path, tag }]) => ({
    name,
    paths: path,
    tag,
  }))
  const packages = config.workspaces ? (workspace?.packages ?? []) : []
  const ownerOf = new Map(packages.map((one) => [one.name, ownerAmong(named, one.folder) ?? one.component]))
  const all = [
    ...named,
    ...packages
      .filter(({ folder }) => ownerAmong(named, folder) === undefined)
      // What lerna and changesets call the tags of a workspace's packages.
      .map(({ component, folder, name }) => ({ name: component, paths: [`${folder}/**`], tag: `${name}@{version}` })),
  ]
  if (all.length === 0) return [{ name: "", paths: ["**"], tag: config.version.tag, dependsOn: [], linked: [] }]
  const needed = (name: string) => {
    const packed = packages.filter((one) => ownerOf.get(one.name) === name).flatMap(({ dependsOn }) => dependsOn)
    return [...new Set(packed.flatMap((one) => ownerOf.get(one) ?? []))].filter((one) => one !== name).sort()
  }
  const linkedWith = (name: string) => {
    const group = config.linked.find((one) => one.includes(name)) ?? []
    return group.filter((one) => one !== name && all.some((other) => other.name === one))
  }
  return all.map((one) => ({ ...one, dependsOn: needed(one.name), linked: linkedWith(one.name) }))
}

const ownerAmong = (named: readonly Named[], folder: string): string | undefined =>
  named.find(({ paths }) => paths.some((pattern) => matchesPath(`${folder}/package.json`, pattern)))?.name
