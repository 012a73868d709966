import type { Config } from "./config.ts"
import { matchesGlob } from "./glob.ts"
import { rangeInName } from "./maintenance-range.ts"

/** What a release branch makes. */
export type LineKind =
  | { readonly is: "stable" }
  /** Prereleases with this identifier: `rc` makes 2.0.0-rc.1. */
  | { readonly is: "channel"; readonly channel: string }
  /** Versions inside the range (`1.x`, `1.4.x`) and no other. */
  | { readonly is: "maintenance"; readonly range: string }
  /** Patches of the release that it was branched from. */
  | { readonly is: "hotfix" }

export const STABLE: LineKind = { is: "stable" }

/**
 * What a branch is by the configuration of the **default branch**, so that no branch can make itself one that releases;
 * null: no release branch.
 */
export function kindOf(config: Config, branch: string, defaultBranch: string): LineKind | null {
  const named = config.branches?.find(({ name }) => name === branch)
  if (named) {
    if (named.channel !== undefined) return { is: "channel", channel: named.channel }
    const range = named.maintenance ? (named.range ?? rangeInName(branch)) : null
    return range === null ? STABLE : { is: "maintenance", range }
  }
  if (!config.branches && branch === defaultBranch) return STABLE
  return isHotfix(config, branch) && branch !== defaultBranch ? { is: "hotfix" } : null
}

/** Whether a branch's name is one of `hotfix.branches`. */
const isHotfix = ({ hotfix }: Config, branch: string): boolean =>
  hotfix.branches.some((pattern) => matchesGlob(branch, pattern))

/** The beginning of every branch name that a pattern matches: what GitHub's list of refs can be asked for. */
export const prefixOf = (pattern: string): string => pattern.split("*", 1)[0] ?? ""
