import type { Environment, Failed, Live } from "../model/deployment.ts"
import type { State } from "../model/state.ts"
import { releaseOf } from "./run.ts"

/** Whether the last word on the environment is that this release failed there: nothing went live since. */
export const isFailing = ({ failed, live }: Environment, release: string): boolean =>
  (live?.release === release && live.verification?.is === "failed") ||
  (failed?.release === release && (live === undefined || failed.at >= live.since))

/** What somebody wanted gone is not called good because it could not be taken back; deployed again it may be. */
export const isJudgedBad = ({ live, rollback }: Environment): boolean =>
  rollback !== undefined &&
  rollback.from.release === live?.release &&
  Date.parse(live.since) <= Date.parse(rollback.begun)

const FAILED_KEPT = 10

/** The newest failure is the one that is spoken of; those of other releases are not forgotten for it. */
export function withFailed(environment: Environment, failed: Failed): Environment {
  const all = [...(environment.failedBefore ?? []), ...(environment.failed ? [environment.failed] : [])]
  const others = all.filter(({ release }) => release !== failed.release)
  const [newest = failed, ...before] = [...others, failed].toSorted((a, b) => (a.at < b.at ? 1 : -1))
  return { ...environment, failed: newest, failedBefore: before.slice(0, FAILED_KEPT).reverse() }
}

/** How a release failed there last, unless it went live since. */
export const failedThere = (environment: Environment, release: string): Failed | undefined =>
  failuresIn(environment).find((one) => one.release === release)

export const failuresIn = ({ failed, failedBefore = [] }: Environment): readonly Failed[] => [
  ...failedBefore,
  ...(failed ? [failed] : []),
]

const GOOD_KEPT = 10

/** In the order in which they last went live, each release once. */
export function withGood(good: Environment["good"], live: Live): Environment["good"] {
  const known = good.find((g) => g.release === live.release)
  if (known && known.since > live.since) return good
  return [...good.filter((g) => g !== known), live]
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
    .slice(-GOOD_KEPT)
}

/**
 * The newest release that was live and verified in the environment, and was not rolled back there.
 *
 * @param bad another that does not count, by its id
 */
export const lastKnownGood = (state: State, environment: Environment, bad?: string): Live | undefined =>
  environment.good.findLast(({ release }) => release !== bad && !isRolledBackFrom(state, environment, release))

/** Whether the environment left the release for an earlier one, and it did not come back since. */
export const isRolledBackFrom = (state: State, { name }: Environment, release: string): boolean =>
  releaseOf(state, release)?.rolledBack.some(({ environment }) => environment === name) ?? false
