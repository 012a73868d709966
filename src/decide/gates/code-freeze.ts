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
  const late = changes.filter((change) => landedAt(change) > freeze)
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

/** The instant of the last thing that a change brought. ISO 8601 in UTC, so that text compares as time. */
export const landedAt = (change: Change): string =>
  new Date(change.pull?.mergedAt ?? change.commits.at(-1)?.at ?? 0).toISOString()
