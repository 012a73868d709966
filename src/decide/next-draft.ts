import { handOf } from "../model/hand.ts"
import { isBeside, type Release } from "../model/release.ts"
import type { Line, State } from "../model/state.ts"
import { versionOfTag } from "../model/tag.ts"
import { componentOf } from "./division.ts"
import { previousOn } from "./next-on-line.ts"
import { withVersion } from "./release-changes.ts"
import { giveBack } from "./releases.ts"
import { putRelease, type Run, record, releaseOf } from "./run.ts"

/** The release that a component's changes ask for, whether it is drafted already or not; it may have no version. */
export function nextDraft(run: Run, line: Line, component = ""): Release {
  const drafted = draftedOn(run.state, line, component) ?? newRelease(run, line, component)
  return withVersion(run.state, line, { ...drafted, previous: previousOn(run.state, line, component) })
}

/** The one that follows the head of a line. */
export const draftedOn = (state: State, line: Line, component = ""): Release | undefined =>
  state.releases.find((r) => isBeside(r, { branch: line.branch, component }) && r.phase.is === "drafted")

export function draftNext(run: Run, line: Line, component: string): void {
  const drafted = draftedOn(run.state, line, component)
  const release = nextDraft(run, line, component)
  if (release.next.next === null) {
    if (drafted) giveBack(run, drafted, "nothing that it would release is left")
    return
  }
  if (!drafted) {
    run.state = { ...run.state, lastRelease: Math.max(run.state.lastRelease, Number(release.id)) }
    record(
      run,
      "drafted",
      { version: release.next.next, because: release.next.because.slice(0, 10).map((r) => r.subject) },
      { release: release.id },
    )
  } else if (drafted.next.next !== release.next.next) {
    record(run, "version moved", { from: drafted.next.next, to: release.next.next }, { release: release.id })
  }
  putRelease(run, release)
}

/** A release that nothing is known of yet, or the draft that a read-back found: the state was lost, the draft was not. */
function newRelease(run: Run, line: Line, component: string): Release {
  const found = newestDraft(run, line, component)
  return {
    id: found?.release ?? String(Math.max(run.state.lastRelease, ...foundIds(run)) + 1),
    branch: line.branch,
    component,
    phase: { is: "drafted" },
    previous: null,
    next: { current: null, next: null, bump: null, because: [] },
    tag: "",
    hand: found ? handOf(found.body) : { above: "", below: "" },
    redraws: 0,
    approvals: [],
    answers: [],
    rolledBack: [],
    ...(found ? { foundDraft: found.id } : {}),
  }
}

/** Ids of drafts with our marker that the state of the last run did not know of yet. */
const foundIds = (run: Run): readonly number[] =>
  Object.keys(run.facts.learned.drafts ?? {}).flatMap((id) =>
    /^\d{1,9}$/.test(id) && Number(id) > (run.before?.lastRelease ?? 0) ? [Number(id)] : [],
  )

/** The newest draft with our marker that no release of the state speaks of, and whose tag is one of the component's. */
function newestDraft(run: Run, line: Line, component: string) {
  const template = componentOf(line, { component })?.tag
  return foundIds(run)
    .filter((id) => !releaseOf(run.state, String(id)))
    .sort((x, y) => y - x)
    .flatMap((id) => {
      const draft = run.facts.learned.drafts?.[id]
      const isOurs = draft && (component === "" || (template && versionOfTag(draft.tag, template) !== null))
      return isOurs ? [{ release: String(id), ...draft }] : []
    })[0]
}
