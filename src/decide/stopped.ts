import type { Unattended } from "../model/release.ts"

const FIRST_MINUTES = 5
const LONGEST_MINUTES = 6 * 60

/**
 * Something that no gate knows stands in the way of a release that goes by itself: a taken tag, a ruleset, a missing
 * permission. Each look costs some twenty requests, so it is looked at again after 5 minutes, then 10, up to 6 hours.
 *
 * @param hash what was to be published: for something else it is tried at once
 */
export function stopped(before: Unattended | undefined, hash: string, because: string, now: Date): Unattended {
  const times = (before?.hash === hash ? before.times : 0) + 1
  const minutes = Math.min(FIRST_MINUTES * 2 ** Math.min(times - 1, 10), LONGEST_MINUTES)
  return { is: "stopped", hash, because, times, again: new Date(now.getTime() + minutes * 60_000).toISOString() }
}
