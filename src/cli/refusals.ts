import { own } from "../model/own.ts"
import type { NextVersion } from "../model/version.ts"
import { shortSha } from "../render/words.ts"
import { plain } from "./paint.ts"
import type { Unreleased } from "./unreleased.ts"

/**
 * What fails the gate `version` of the App: what a branch does not make though changes ask for it, and what somebody
 * stated in vain. One line each, fit for a terminal.
 */
export function refusals({ next, misplanned, plan, plans, components }: Unreleased): readonly string[] {
  const place = (file = ""): string => own(plans, file) ?? file
  if (!components) return inVain({ next, misplanned }, place(plan))
  return components.flatMap((one) =>
    inVain(one, place(one.plan)).map((line) => `${plain(one.component.name)}: ${line}`),
  )
}

interface Version {
  readonly next: NextVersion
  readonly misplanned?: string | undefined
}

const inVain = ({ next: { refused = [] }, misplanned }: Version, plan: string): readonly string[] => [
  ...refused.map(
    ({ what, by, because }) => `${plain(`${what} (${nameOf(by, plan)})`)} cannot be followed: ${plain(because)}`,
  ),
  ...(misplanned === undefined ? [] : [plain(plan === "" ? misplanned : `${plan}: ${misplanned}`)]),
]

/** A commit, or the file and line of the plan. */
function nameOf(by: string, plan: string): string {
  if (by === "the plan") return plan
  return /^[0-9a-f]{40}/.test(by) ? shortSha(by) : by
}
