import { type Component, componentsOf } from "../../model/component.ts"
import type { Config } from "../../model/config.ts"
import { type Clone, resolveCommit } from "../read-clone.ts"

/**
 * The components whose history is read: those of the configuration and, where it asks for them, the packages of the
 * workspace as it is at a ref. Packages that are gone by then are nobody's.
 *
 * @throws ProblemFound where the workspace cannot be read; WrongUsage where the ref names no commit
 */
export async function componentsAt(clone: Clone, config: Config, ref: string): Promise<readonly Component[]> {
  const commit = config.workspaces ? await resolveCommit(clone, ref) : null
  if (commit === null) return componentsOf(config)
  const { localWorkspace } = await import("../local-components.ts")
  return componentsOf(config, await localWorkspace(clone, config, commit))
}
