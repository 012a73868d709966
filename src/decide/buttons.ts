import type { Button } from "../model/effect.ts"
import { hashOf } from "../model/hash.ts"

export const APPROVE: Button = {
  label: "Approve",
  description: "Counts for changes that are not yours",
  identifier: "approve",
}
export const CUT: Button = {
  label: "Approve",
  description: "Pins this commit as the candidate",
  identifier: "approve",
}
export const HOLD: Button = { label: "Hold", description: "Blocks publishing until lifted", identifier: "hold" }
export const RECUT: Button = {
  label: "Re-cut",
  description: "Moves to the head; approvals are void",
  identifier: "recut",
}
export const PUBLISH: Button = {
  label: "Publish",
  description: "Tags and publishes what was tested",
  identifier: "publish",
}

export const HOLD_ENTRY: Button = {
  label: "Hold",
  description: "Keeps it out until it is lifted",
  identifier: "hold",
}

export const LOCK: Button = {
  label: "Lock",
  description: "Nothing enters until it is unlocked",
  identifier: "lock",
}
export const UNLOCK: Button = {
  label: "Unlock",
  description: "Releases may enter again",
  identifier: "unlock",
}
export const LET_IN_AGAIN: Button = {
  label: "Let in again",
  description: "Asks its gates anew, for one deployment",
  identifier: "approve",
}

/** GitHub's limit for a button's identifier. https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const IDENTIFIER_LIMIT = 20

/** Names of Slipway's other checks: an environment of such a name must not be able to speak for them. */
const RESERVED = /^(?:readiness|plan|impact|freeze|environment)\b/i

/** The name of the check run that shows an environment. */
export const environmentCheckName = (environment: string): string =>
  `Slipway / ${RESERVED.test(environment.trim()) ? `environment ${environment}` : environment}`

/** How the identifier of every button that rolls back begins. */
export const ROLLBACK = "rollback:"

/** `rollback:production`; a longer name is shortened to the start of its hash, so that two never meet. */
export function rollbackIdentifier(environment: string): string {
  const whole = `${ROLLBACK}${environment}`
  return whole.length <= IDENTIFIER_LIMIT ? whole : `${ROLLBACK}${hashOf(environment).slice(0, 11)}`
}

export const rollBack = (environment: string): Button => ({
  label: "Roll back",
  description: "Deploys the last known good release",
  identifier: rollbackIdentifier(environment),
})
