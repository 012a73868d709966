import { own } from "../model/own.ts"
import type { Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"

/**
 * Whether GitHub's settings are looked at in this run: once a day, by a timer, where the default branch's configuration
 * names an environment. A push or a merge never pays for it.
 */
export function isSettingsDue(
  repo: Repository,
  state: State | undefined,
  signals: readonly Signal[],
  now: Date,
): boolean {
  if (state?.settings === undefined || state.uninstalled) return false
  if (signals.some(({ kind }) => kind !== "ended")) return false
  return state.settings.next <= now.toISOString() && own(state.lines, repo.defaultBranch)?.config.is === "valid"
}
