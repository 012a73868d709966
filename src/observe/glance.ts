import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { trackIn } from "./line-config.ts"

/*
 * A glance asks GitHub for the little that shows whether a webhook was missed where it matters: where the branches of
 * open releases stand, and what the checks say of the commits that these are about. It is a request a branch and three a
 * commit, as a rule four in all. Whatever else is missed, the next click reads for itself.
 */

const isGlance = (signals: readonly Signal[]): boolean => signals.some(({ kind }) => kind === "glance")

const openIn = (state: State | undefined): readonly Release[] =>
  state?.releases.filter(({ phase }) => phase.is !== "published") ?? []

/** Branches whose heads are compared with GitHub's. */
export const glancedBranches = (state: State | undefined, signals: readonly Signal[]): ReadonlySet<string> =>
  new Set(isGlance(signals) ? openIn(state).map(({ branch }) => branch) : [])

/** More are components that are released apart, all with commits of their own. */
const COMMITS_MOST = 3

/** Commits whose checks are read: candidates, and of what is not cut yet the head. */
export function glancedCommits(state: State | undefined, signals: readonly Signal[]): readonly string[] {
  if (!isGlance(signals)) return []
  const shas = openIn(state).flatMap(({ phase, branch, component }) => {
    if (phase.is !== "drafted") return [phase.candidate.sha]
    const line = own(state?.lines, branch)
    return (line && trackIn(line, component)?.ledger.head) ?? []
  })
  return [...new Set(shas)].slice(0, COMMITS_MOST)
}
