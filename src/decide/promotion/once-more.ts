import type { Environment } from "../../model/deployment.ts"
import type { Button } from "../../model/effect.ts"
import { isSameEnvironment } from "../../model/protection.ts"
import { LET_IN_AGAIN } from "../buttons.ts"
import type { Run } from "../run.ts"
import { entryId } from "./entry.ts"
import { lostVerdicts, standingBefore } from "./verdicts.ts"

/**
 * The button that lets in once more what failed in an environment, was rolled back there, or went in round its gates, and what
 * a press of it is bound to. Undefined: it did not, or nothing is let in any more.
 */
export function onceMore(
  run: Run,
  { name, component = "" }: Environment,
  release: string,
): { readonly button: Button; readonly externalId: string } | undefined {
  const verdict = lostVerdicts(run).find(
    (one) => one.release === release && one.component === component && isSameEnvironment(one.environment, name),
  )
  const standing = verdict && standingBefore(run, verdict)
  const hash = standing?.is === "judged" ? standing.entries[0]?.hash : undefined
  return hash === undefined ? undefined : { button: LET_IN_AGAIN, externalId: entryId(hash) }
}
