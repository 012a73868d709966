import { isSameEnvironment, type ProtectionRequest } from "../../model/protection.ts"
import type { Requested } from "../../model/signal.ts"
import { asRequest, type Verdict } from "../../model/verdict.ts"
import type { Run } from "../run.ts"
import { findRelease } from "./find-release.ts"
import { openTogether, putRequest } from "./requests.ts"
import { putVerdict, verdictOf } from "./verdicts.ts"

/** A verdict is for one entry: what was pressed for it counts for the next deployment, and for no later one. */
function nextEntry(run: Run, verdict: Verdict): Verdict {
  const { asked: _, again: __, green: ___, wasGreen: ____, reopened: _____, ...rest } = verdict
  // guard: one-entry
  return putVerdict(run, { ...rest, answers: [], since: run.at, approvals: [], round: verdict.round + 1 })
}

/** The verdicts on one commit before one environment: of several components that were released from it, one each. */
const verdictsAt = (run: Run, of: { readonly sha: string | null; readonly environment: string }) =>
  Object.values(run.state.verdicts ?? {}).filter(
    (one) => one.sha === of.sha && isSameEnvironment(one.environment, of.environment),
  )

/** A deployment that asks is the entry that people were asked about: it takes over what they said. */
export function takeOver(run: Run, asks: Requested): Partial<ProtectionRequest> {
  const found = findRelease(run.state, asks)
  const verdict =
    found.is === "found" ? verdictsAt(run, asks).find(({ release }) => release === found.release.id) : undefined
  if (!verdict || verdict.closed) return {}
  const { standing, approvals, answers, hold, attempt } = asRequest(verdict)
  nextEntry(run, verdict)
  return {
    ...(standing === undefined ? {} : { standing }),
    approvals,
    answers,
    ...(hold ? { hold } : {}),
    ...(attempt ? { attempt } : {}),
  }
}

/** A deployment of the release ended, well or not: whatever let it in is used up. */
export function spend(run: Run, release: string, environment: string): void {
  const verdict = verdictOf(run.state, { release, environment })
  if (verdict) nextEntry(run, verdict)
}

/** A hold is of the commit in the environment: all that waits there is held, and freed, together. */
export function holdTogether(run: Run, lead: ProtectionRequest, hold: ProtectionRequest["hold"] | undefined): void {
  for (const one of openTogether(run.state, lead)) putRequest(run, withHold(one, hold))
  for (const one of verdictsAt(run, lead)) putVerdict(run, withHold(one, hold))
}

export function withHold<T extends { readonly hold?: ProtectionRequest["hold"] & {} }>(
  it: T,
  hold: T["hold"] | undefined,
): T {
  const { hold: _, ...rest } = it
  return (hold ? { ...rest, hold } : rest) as T
}
