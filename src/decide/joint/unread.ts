import { quote } from "../../model/quote.ts"
import type { Seen } from "../../model/seen.ts"
import type { Line, State } from "../../model/state.ts"
import { list } from "../wording.ts"

/**
 * Why nobody can say whom the plans of a repository name: a branch was never read, or what was read last of its files is
 * not all of them; undefined: it is known. Whoever may be named waits, since a plan that nobody read may name them.
 */
export function unreadPlans({ lines, unknown }: Pick<State, "lines" | "unknown">): string | undefined {
  const open = Object.values(lines).filter(({ retired }) => retired === undefined)
  if (open.length === 0) return "its branches were not read yet"
  const reasons = open.flatMap((line) => {
    const because = unreadOn(line, unknown)
    return because === undefined ? [] : [`${line.branch}: ${because}`]
  })
  return reasons.length === 0 ? undefined : list(reasons, 3)
}

function unreadOn({ branch, ledger, broken, config, plan, plans = [], inForce }: Line, unknown: State["unknown"]) {
  if (!ledger) return broken ?? "its history was not read yet"
  // Where the plan stands is said by the configuration.
  if (config.is === "invalid" && !inForce.config) return invalid(config)
  const refused = [`config:${branch}`, `plan:${branch}`, `plans:${branch}`]
  const lost = unknown.find(({ what }) => refused.includes(what))
  if (lost) return lost.because
  const broke = [plan, ...plans].find(({ is }) => is === "invalid")
  return broke && invalid(broke)
}

const invalid = (file: Seen<unknown>): string =>
  `${file.is === "absent" ? "a file" : quote(file.path)} cannot be read: mend it there`
