import { placeOf } from "../../model/deployment.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import type { Clicked } from "../../model/signal.ts"
import { type GroupedRule, mayClick, withApproval } from "../approvals.ts"
import { asksNobody } from "../asked.ts"
import { environmentCheckName } from "../buttons.ts"
import { type Run, record, stamp, withAnswer } from "../run.ts"
import { plain } from "../wording.ts"
import { standingOf } from "./answer.ts"
import { type Entry, hashInEntryId } from "./entry.ts"
import { holdTogether, withHold } from "./one-entry.ts"
import { ANYBODY_WHO_WRITES, entryRule, reaches } from "./people.ts"
import { leadOf, openRequests, putRequest } from "./requests.ts"
import { lostVerdicts, putStanding, standingRequests } from "./verdicts.ts"

/** Whether a button was pressed on the page of a deployment that waits. */
export const isEntryClick = ({ externalId }: Clicked): boolean => hashInEntryId(externalId) !== undefined

/**
 * Approve or Hold on `Slipway / <environment>`. It counts for what the page showed: the commit, the environment's gates
 * and the deployment that waited, or the next one; every other click is answered with the reason.
 */
export function clickEntry(run: Run, click: Clicked): void {
  const all = [...openRequests(run.state), ...standingRequests(run)]
  // guard: page-of-the-environment
  const waiting = all.find((request) => request.sha === click.sha && isPageOf(run, request, click))
  const entries = waiting ? entriesFor(run, waiting) : []
  const lead = waiting && leadOf(run.state, waiting)
  const obstacle = whyNot(run, entries, click)
  const [entry] = entries
  if (!lead || !entry || obstacle !== undefined) refuse(run, lead, click, obstacle ?? "nothing waits")
  else if (click.button === "approve") approve(run, lead, entries, entry, click)
  else hold(run, lead, entry, click)
}

function whyNot(run: Run, entries: readonly Entry[], click: Clicked): string | undefined {
  if (!entries[0]) return "nothing waits to be let in with this commit any more"
  // guard: page-of-another-deployment
  if (entries[0].hash !== hashInEntryId(click.externalId))
    return "what waits, or what it has to pass, moved since the page was drawn: look at it again"
  if (click.button !== "approve" && click.button !== "hold") return "no such button is known here"
  const may = mayClick(run.state, click.by, rulesOf(entries))
  return may.may ? undefined : may.because
}

const entriesFor = (run: Run, request: ProtectionRequest): readonly Entry[] => {
  const standing = standingOf(run, request)
  return standing.is === "judged" ? standing.entries : []
}

const isPageOf = (run: Run, request: ProtectionRequest, { name }: Clicked): boolean =>
  entriesFor(run, request).some(({ release }) => {
    const place = placeOf({ name: request.environment, component: release.component })
    return environmentCheckName(place).toLowerCase() === name.toLowerCase()
  })

/** Those whom the environment asks for; where it asks for nobody, whoever may write holds, and lifts what they hold. */
function rulesOf(entries: readonly Entry[]): readonly [GroupedRule, ...GroupedRule[]] {
  const [first, ...others] = entries.flatMap(({ rules }) => entryRule(rules) ?? [])
  return first ? [first, ...others] : [ANYBODY_WHO_WRITES]
}

function approve(
  run: Run,
  lead: ProtectionRequest,
  entries: readonly Entry[],
  { release, hash }: Entry,
  click: Clicked,
): void {
  const asks = entries.some(({ rules }) => {
    const rule = entryRule(rules)
    return rule !== undefined && !asksNobody(rule)
  })
  const counts = reaches(release.phase, click.by)
  // What was pressed before it, and came late, is no answer to it.
  const heldSince = lead.hold && lead.hold.at > click.at ? lead.hold : undefined
  if (heldSince?.by.id === click.by.id) {
    refuse(run, lead, click, "they held it after it was pressed")
    return
  }
  const lifts = lead.hold !== undefined && !heldSince && (counts || lead.hold.by.id === click.by.id)
  if (asks && !counts && !lifts) {
    refuse(run, lead, click, "four eyes: they wrote all of it")
    return
  }
  const approval = { by: click.by, does: "approve" as const, at: click.at, sha: click.sha, candidate: hash }
  const because = [...(lifts ? ["the hold is lifted"] : []), approvalSays(asks, counts)].join("; ")
  const again = lostVerdicts(run).some((one) => one.release === release.id && one.environment === lead.environment)
  if (lifts) holdTogether(run, lead, undefined)
  const next = {
    ...(lifts ? withHold(lead, undefined) : lead),
    approvals: counts ? withApproval(lead.approvals, approval) : lead.approvals,
    answers: withAnswer(lead.answers, said(click, counts || lifts, because)),
  }
  putLead(run, next, again ? { reopened: true } : {})
  const { environment, sha, deployment } = lead
  const facts = { environment, sha, deployment, candidate: hash, because }
  record(run, counts ? "approved" : "hold lifted", facts, { release: release.id, by: click.by.login })
  if (!counts || !asks) return
  stamp(run, "approval-asked", release.id, `${environment}/${deployment}`, lead.at)
  stamp(run, "approval-given", release.id, `${environment}/${deployment}/${click.by.login}`, click.at)
}

/** A request that GitHub asks has a run; what stands without one is a verdict's. */
function putLead(run: Run, lead: ProtectionRequest, more: { readonly reopened?: true } = {}): void {
  if (lead.run === "") putStanding(run, lead, more)
  else putRequest(run, lead)
}

function approvalSays(asks: boolean, counts: boolean): string {
  if (!asks) return "no approval is required here"
  return counts
    ? "it counts for everything that is not theirs"
    : "as an approval it does not count: they wrote all of it"
}

function hold(run: Run, lead: ProtectionRequest, { release }: Entry, click: Clicked): void {
  if (lead.approvals.some(({ by, at }) => by.id === click.by.id && at > click.at)) {
    refuse(run, lead, click, "they approved after it was pressed")
    return
  }
  const because = "nothing is let in until they, or another approver, approve"
  const held = { by: click.by, at: click.at }
  holdTogether(run, lead, held)
  putLead(run, {
    ...lead,
    hold: held,
    approvals: lead.approvals.filter(({ by }) => by.id !== click.by.id),
    answers: withAnswer(lead.answers, said(click, true, because)),
  })
  const { environment, sha, deployment } = lead
  record(run, "held", { environment, sha, deployment }, { release: release.id, by: click.by.login })
}

function refuse(run: Run, lead: ProtectionRequest | undefined, click: Clicked, reason: string): void {
  const because = plain(reason)
  if (lead) putLead(run, { ...lead, answers: withAnswer(lead.answers, said(click, false, because)) })
  const { button, checkRun, sha, name } = click
  record(run, "click did not count", { button, because, checkRun, sha, check: name }, { by: click.by.login })
}

const said = ({ by, button, at }: Clicked, counted: boolean, because: string) => ({
  by: by.login,
  did: button,
  counted,
  because: plain(because),
  at,
})
