import type { Environment, Live } from "../model/deployment.ts"
import type { State } from "../model/state.ts"
import { releaseOf } from "./run.ts"

/** Whether the last word on the environment is that a deployment of this release failed: nothing went live since. */
export const isFailing = ({ failed, live }: Environment, release: string): boolean =>
  failed?.release === release && (live === undefined || failed.at >= live.since)

/** The newest release that was live and well in the environment, other than `bad` and those that were rolled back. */
export function lastKnownGood(state: State, environment: Environment, bad: string): Live | undefined {
  const isBad = (live: Live) =>
    live.release === bad ||
    (releaseOf(state, live.release)?.rolledBack.some((r) => r.environment === environment.name) ?? false)
  return environment.good.findLast((live) => !isBad(live))
}
