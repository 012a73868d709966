import type { Config } from "./config.ts"
import { kindOf } from "./line-kind.ts"
import { own } from "./own.ts"
import type { Line, State } from "./state.ts"

/**
 * The line that the default branch takes over when it was renamed, or another branch became it: the one that released
 * until now and does not any more. Undefined: the default branch is known, or it is not clear which line it was.
 */
export function formerDefault(state: State | undefined, config: Config, defaultBranch: string): Line | undefined {
  if (!state || own(state.lines, defaultBranch)) return undefined
  const left = Object.values(state.lines).filter(
    ({ branch, kind, retired }) => !kind && retired === undefined && kindOf(config, branch, defaultBranch) === null,
  )
  return left.length === 1 ? left[0] : undefined
}
