import { own } from "../model/own.ts"
import { fullName } from "../model/repository.ts"
import type { Way } from "../model/settings.ts"
import { componentsOn } from "./division.ts"
import { endFinding, find } from "./findings.ts"
import { configOf } from "./plan-of.ts"
import { type Run, record } from "./run.ts"
import { waysRound } from "./ways-round.ts"
import { list, plural } from "./wording.ts"

const SOON_MS = 60_000
const DAY_MS = 24 * 60 * 60_000
const AGAIN_MS = 5 * 60_000

/**
 * Compares GitHub's settings with those of the look before: one that does not close a way round any more is a finding,
 * and so is one that can no longer be seen. What was open from the first day is nobody's doing: the page says how many.
 */
export function watchSettings(run: Run): void {
  const home = own(run.state.lines, run.repo.defaultBranch)
  const { settings } = run.state
  if (!home || Object.keys(configOf(home).environments).length === 0) {
    if (settings) {
      const { settings: _, ...rest } = run.state
      run.state = rest
    }
    return
  }
  const { protection } = run.facts.learned
  if (!protection) {
    // It is due and was not read: this run is a merge's, which does not pay for it.
    if (!settings || settings.next <= run.at) put(run, settings?.ways ?? [], settings ? AGAIN_MS : SOON_MS)
    return
  }
  const tags = [...new Set(componentsOn(home).map(({ tag }) => tag))]
  const ways = waysRound(protection, { defaultBranch: run.repo.defaultBranch, tags })
  for (const way of ways)
    compare(
      run,
      way,
      settings?.ways.find(({ id }) => id === way.id),
    )
  put(run, ways, DAY_MS)
}

const findingOf = ({ id }: Way): string => `way:${id}`

function compare(run: Run, now: Way, before: Way | undefined): void {
  if (now.is === "closed") {
    endFinding(run, findingOf(now), `${now.name}: ${now.says}`)
    return
  }
  if (before?.is !== "closed") return
  const what = now.is === "open" ? "stands open, and was closed before" : "can no longer be seen, and was closed before"
  const release = run.state.releases.at(-1)?.id
  find(run, {
    id: findingOf(now),
    kind: now.is === "open" ? "way opened" : "way unseen",
    says: `A way round Slipway ${what}: ${now.name}. ${now.says}`,
    todo: now.closes ?? `“slipway doctor ${fullName(run.repo)}” says what closes it.`,
    ...(release === undefined ? {} : { release }),
  })
}

function put(run: Run, ways: readonly Way[], wait: number): void {
  if (run.facts.learned.protection && run.state.settings?.ways.length === 0)
    record(run, "settings seen", { ways: ways.map(({ id, is }) => `${id}: ${is}`) })
  run.state = { ...run.state, settings: { next: new Date(run.now.getTime() + wait).toISOString(), ways } }
}

/** When they are looked at again (ISO 8601). */
export const settingsAt = ({ state }: Run): readonly string[] => (state.settings ? [state.settings.next] : [])

/** What an open page says of ways that no setting closes; nothing where all are closed, or none was looked at yet. */
export function waysWarning({ state, repo }: Run): readonly string[] {
  const ways = state.settings?.ways ?? []
  const [open, unseen] = (["open", "unseen"] as const).map((is) => ways.filter((way) => way.is === is))
  if (!open || !unseen || open.length + unseen.length === 0) return []
  const stand =
    open.length === 0
      ? []
      : [
          `${plural(open.length, "way")} round Slipway ${open.length === 1 ? "stands" : "stand"} open (${namesOf(open)})`,
        ]
  const hidden = unseen.length === 0 ? [] : [`${unseen.length} cannot be seen (${namesOf(unseen)})`]
  return [`${[...stand, ...hidden].join("; ")}: “slipway doctor ${fullName(repo)}” names the settings that close them.`]
}

const namesOf = (ways: readonly Way[]): string => list(ways.map(({ name }) => name))
