import { channelOf } from "../model/known-tags.ts"
import type { Base } from "../model/ledger.ts"
import type { Line } from "../model/state.ts"
import { ledgerFor } from "./division.ts"

/** The last release of a component that is behind the head of a line: on a channel's branch that may be one of its own. */
export function lastReleaseOn(line: Line, component: string): Base | null {
  const ledger = ledgerFor(line, { component })
  const { kind } = line
  if (kind?.is !== "channel") return ledger?.base ?? null
  const mark = ledger?.tags?.inside.findLast((one) => one.landed && channelOf(one.version) === kind.channel)
  return mark ? { tag: mark.tag, version: mark.version, sha: mark.sha } : (ledger?.base ?? null)
}
