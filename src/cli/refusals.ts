import type { NextVersion } from "../model/version.ts"
import { shortSha } from "../render/words.ts"
import { plain } from "./paint.ts"
import type { Unreleased } from "./unreleased.ts"

/**
 * What fails the gate `version` of the App: what a branch does not make though changes ask for it, and what somebody
 * stated in vain. One line each, fit for a terminal.
 */
export function refusals({ next, components }: Unreleased): readonly string[] {
  if (!components) return inVain(next)
  return components.flatMap((one) => inVain(one.next).map((line) => `${plain(one.component.name)}: ${line}`))
}

const inVain = ({ refused = [] }: NextVersion): readonly string[] =>
  refused.map(({ what, by, because }) => `${plain(`${what} (${nameOf(by)})`)} cannot be followed: ${plain(because)}`)

const nameOf = (by: string): string => (/^[0-9a-f]{40}/.test(by) ? shortSha(by) : by)
