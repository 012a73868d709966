import { inc } from "semver"
import type { Config } from "../model/config.ts"
import type { Bump } from "../model/version.ts"

export interface OnLine {
  readonly bump: Bump
  /** The last release of the line; null before the first. */
  readonly current: string | null
  readonly policy: Config["version"]
  /** Whether a version is out, or claimed, anywhere in the repository. */
  readonly taken: (version: string) => boolean
}

export type VersionOnLine =
  | { readonly is: "version"; readonly version: string }
  | { readonly is: "refused"; readonly because: string }

/**
 * The number that a bump makes on a line. A prerelease is promoted as `semver.inc` does it: 2.0.0-rc.1 and a feature
 * make 2.0.0. The first release is `policy.initial`.
 */
export function versionOnLine({ bump, current, policy }: OnLine): VersionOnLine {
  const version = current === null ? policy.initial : inc(current, bump)
  return version === null
    ? { is: "refused", because: `no ${bump} version follows ${current}` }
    : { is: "version", version }
}
