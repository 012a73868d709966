import type { Pull } from "../model/change.ts"
import { hashOf } from "../model/hash.ts"
import { own } from "../model/own.ts"
import type { Release, Words } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { changesOfRelease } from "./release-changes.ts"
import { putRelease, type Run, record } from "./run.ts"
import { list } from "./wording.ts"

/**
 * Keeps what the pull requests of a cut release said when it was cut. Title, labels and description can be edited after
 * the merge, the title and the description by their author, who need not be one of the repository's people: what
 * approvers have read is what is published, and nobody can hold a release up by editing on. Re-cut takes the words in as
 * they are.
 */
export function keepWords(run: Run, line: Line): void {
  const before = own(run.before?.lines, line.branch)?.ledger
  if (!before || !line.ledger || before === line.ledger) return
  const old = new Map(before.pulls.map((pull) => [pull.number, pull]))
  const edited = line.ledger.pulls.flatMap((now) => {
    const then = old.get(now.number)
    return then && then !== now && hashOf(wordsOf(then)) !== hashOf(wordsOf(now)) ? [then] : []
  })
  if (edited.length === 0) return
  for (const release of run.state.releases)
    if (release.branch === line.branch && release.phase.is === "cut") keepIn(run, line, release, edited)
}

function keepIn(run: Run, line: Line, release: Release, edited: readonly Pull[]): void {
  const inside = new Set(changesOfRelease(line, release).map(({ id }) => id))
  const fresh = edited.filter(({ number }) => inside.has(`#${number}`) && !own(release.words, String(number)))
  if (fresh.length === 0) return
  const words = Object.fromEntries(fresh.map((pull) => [pull.number, wordsOf(pull)]))
  putRelease(run, { ...release, words: { ...release.words, ...words } })
  record(run, "edited after the cut", { pulls: fresh.map(({ number }) => number) }, { release: release.id })
}

const wordsOf = ({ title, labels, says }: Pull): Words => ({ title, labels, ...(says ? { says } : {}) })

/** What the page says of it; undefined: nothing was edited. */
export function editedWarning({ phase, words = {} }: Release): string | undefined {
  const pulls = Object.keys(words).map((number) => `#${number}`)
  if (phase.is !== "cut" || pulls.length === 0) return undefined
  return `${list(pulls)} ${pulls.length === 1 ? "was" : "were"} edited after the cut. The notes stay as they were approved; Re-cut takes it in.`
}
