import type { Change } from "../../model/change.ts"
import type { Gate } from "../../model/gate.ts"
import { instant, list } from "../wording.ts"
import type { Subject } from "./subject.ts"

/** From the plan's `code_freeze` on, the release is pinned: nothing that landed later may be in it. */
export function codeFreezeGate({ plan, changes, release, now }: Subject): Gate | null {
  const freeze = plan?.timeline.code_freeze
  if (!freeze) return null
  const gate = (state: Gate["state"], because: string): Gate => ({ name: "code freeze", state, because })
  if (now.toISOString() < freeze) return gate("pending", `the code freeze begins on ${instant(freeze)}`)
  const at = landings(changes)
  const late = changes.filter((_, index) => (at[index] ?? "") > freeze)
  if (late.length > 0)
    return gate(
      "failed",
      `${list(late.map((c) => (c.pull ? c.id : c.sha.slice(0, 7))))} landed after the code freeze of ${instant(freeze)}; ` +
        "move “timeline.code_freeze” in the plan, or re-cut without them",
    )
  if (release.phase.is === "drafted")
    return gate("pending", `frozen since ${instant(freeze)}; the release is being cut`)
  return gate("passed", `frozen since ${instant(freeze)}, and nothing landed after it`)
}

/**
 * When each change landed, by GitHub's word: its merge, or the push that brought it.
 *
 * Where no webhook told of the push, the commit's own date is all there is, and that is its author's to choose. At least
 * nothing lands before what is below it: a date that is earlier than the last one that GitHub told is not believed.
 *
 * @param changes in the order in which they landed
 * @returns ISO 8601 in UTC, so that text compares as time
 */
export function landings(changes: readonly Change[]): readonly string[] {
  let known = ""
  return changes.map(({ commits, pull }) => {
    const last = commits.at(-1)
    const told = pull?.mergedAt ?? last?.push?.at
    const at = new Date(told ?? last?.at ?? 0).toISOString()
    if (told === undefined) return at > known ? at : known
    if (at > known) known = at
    return at
  })
}
