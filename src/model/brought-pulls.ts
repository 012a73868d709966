import { join, type Ledger } from "./ledger.ts"
import type { State } from "./state.ts"

/**
 * The ledger with the pull requests that were merged into another release branch, and came from there with a merge of
 * the whole: when a channel is promoted, each of its changes counts by itself, not as part of one merge.
 */
export function withBroughtPulls(ledger: Ledger, state: Pick<State, "lines"> | undefined): Ledger {
  const others = Object.values(state?.lines ?? {}).filter(({ branch }) => branch !== ledger.branch)
  const pulls = others.flatMap((line) => line.ledger?.pulls ?? [])
  if (pulls.length === 0) return ledger
  const landed = new Set(ledger.commits.map(({ sha }) => sha))
  const known = new Set(ledger.pulls.map(({ number }) => number))
  return join(
    ledger,
    pulls.filter(({ number, mergeSha }) => landed.has(mergeSha) && !known.has(number)),
  )
}
