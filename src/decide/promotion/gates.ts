import { own } from "../../model/own.ts"
import { type ProtectionRequest, requestKey } from "../../model/protection.ts"
import { stopGate } from "../gates/stop.ts"
import { unknownBecause } from "../gates/subject.ts"
import type { Run } from "../run.ts"
import { plain } from "../wording.ts"
import { afterGate, isWayBack, rollbackGate, soakGate } from "./after.ts"
import { artifactGate } from "./artifact.ts"
import { attestationGate } from "./attestation.ts"
import { backGate } from "./back.ts"
import { checksGate, freshnessGate } from "./checks.ts"
import { concurrencyGate } from "./concurrency.ts"
import { coverageGate } from "./coverage.ts"
import { criteriaGate } from "./criteria.ts"
import { drillGate } from "./drilled.ts"
import { type Entry, entryHash, type Judged, type Out, rulesFor, rulingLine } from "./entry.ts"
import { hotfixGate } from "./hotfix.ts"
import { lockedGate } from "./locked.ts"
import { errorBudgetGate, performanceGate } from "./metrics.ts"
import { approvalsGate, holdGate } from "./people.ts"
import { plannedGate } from "./planned.ts"
import { releasedGate } from "./released.ts"
import { smokeGate } from "./smoke.ts"
import { vulnerabilitiesGate } from "./vulnerabilities.ts"
import { windowGate } from "./window.ts"

/**
 * What a request is judged by: an entry for each version of the gates that counts, the newest one last. None: the branch
 * that it was released from is not known any more, and with it which gates stand.
 *
 * @param lead the oldest request of the same commit and environment: what people press is pressed for it
 */
export function entriesOf(
  run: Run,
  request: ProtectionRequest,
  lead: ProtectionRequest,
  release: Out,
): readonly Entry[] {
  const line = own(run.state.lines, release.branch)
  const rules = line ? rulesFor(run, line, request.environment) : []
  const hash = entryHash(lead, rules)
  const { answers } = lead
  // guard: approval-before-the-question
  const isLead = requestKey(lead) === requestKey(request)
  const approvals = isLead ? lead.approvals : lead.approvals.filter(({ at }) => at >= request.at)
  const together = { ...request, approvals, answers }
  return rules.map((one) => ({ run, state: run.state, request: together, release, rules: one, hash, at: run.at }))
}

/**
 * All gates of an entry. `released` always stands. A rollback that Slipway itself began has a way of its own: its goal
 * was live and well there, and who may ask for it was looked at when it was pressed for.
 */
export function judgeEntry(entry: Entry): readonly Judged[] {
  const gates = isWayBack(entry)
    ? [rollbackGate(entry)]
    : [
        configurationGate(entry),
        stoppedGate(entry),
        releasedGate(entry),
        hotfixGate(entry),
        backGate(entry),
        afterGate(entry),
        soakGate(entry),
        checksGate(entry),
        freshnessGate(entry),
        coverageGate(entry),
        smokeGate(entry),
        vulnerabilitiesGate(entry),
        performanceGate(entry),
        errorBudgetGate(entry),
        criteriaGate(entry),
        windowGate(entry),
        artifactGate(entry),
        attestationGate(entry),
        drillGate(entry),
        plannedGate(entry),
        rollbackGate(entry),
        lockedGate(entry),
        concurrencyGate(entry),
        approvalsGate(entry),
        holdGate(entry),
      ]
  return gates.flatMap((one) => (one ? [{ ...one, gate: { ...one.gate, because: plain(one.gate.because) } }] : []))
}

/** Which gates stand is known: where the file could not be read, or is none, there may be others. */
function configurationGate(entry: Entry): Judged | null {
  const { state } = entry
  const line = rulingLine(entry)
  if (!line) return null
  const unread = unknownBecause(state, `config:${line.branch}`)
  if (unread !== undefined)
    return { gate: { name: "configuration", state: "unknown", because: `could not be read: ${unread}` } }
  if (line.config.is !== "invalid") return null
  const [first] = line.config.problems
  const where = first ? `${first.file}:${first.line}: ${first.message}` : `${line.config.path} is not valid`
  return { gate: { name: "configuration", state: "failed", because: where } }
}

/** Where an organisation stops its releases nothing new is deployed either; shown only while it does. */
function stoppedGate(entry: Entry): Judged | null {
  const { run, state, release } = entry
  const line = rulingLine(entry)
  const kind = own(state.lines, release.branch)?.kind
  const gate = line && stopGate({ repo: run.repo, line: kind ? { ...line, kind } : line, state })
  return gate && gate.state !== "passed" ? { gate } : null
}

const WORST = ["failed", "unknown", "pending", "passed"] as const

/** Each gate once, as the one of several versions that is the furthest from passing says it. */
export function strictest(versions: readonly (readonly Judged[])[]): readonly Judged[] {
  const byName = Map.groupBy(versions.flat(), ({ gate }) => gate.name)
  return [...byName.values()].flatMap((all) => {
    const worst = all.toSorted((a, b) => WORST.indexOf(a.gate.state) - WORST.indexOf(b.gate.state))[0]
    return worst ? [{ ...worst, ...earliest(all) }] : []
  })
}

function earliest(all: readonly Judged[]): { readonly until?: string } {
  const until = all.flatMap((one) => one.until ?? []).sort()[0]
  return until === undefined ? {} : { until }
}
