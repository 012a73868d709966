import type { Decision } from "../model/decision.ts"
import { placeOf } from "../model/deployment.ts"
import type { Effect } from "../model/effect.ts"
import type { Facts } from "../model/facts.ts"
import type { Handles } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"
import type { Clicked, Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { countWaiting } from "../model/waiting.ts"
import { askAtEntries } from "./asking.ts"
import { mirror, prune } from "./branches.ts"
import { followBack } from "./bring-back.ts"
import { environmentCheckName, ROLLBACK, rollbackIdentifier } from "./buttons.ts"
import { clickReadiness } from "./clicks.ts"
import { tellCollisions } from "./collisions.ts"
import { rememberContributors } from "./contributors.ts"
import { followCriteria } from "./criteria/follow.ts"
import { deployed } from "./deployments.ts"
import { desired } from "./desired.ts"
import { lookLate, ran } from "./dispatch.ts"
import { followDrift } from "./drift.ts"
import { drillAsked } from "./drill/asked.ts"
import { followDrills } from "./drill/follow.ts"
import { followHistory } from "./follow-history.ts"
import { followStops } from "./follow-stops.ts"
import { forgotten } from "./forget.ts"
import { cutAtFreeze, nextLook } from "./freeze.ts"
import { showFreezes } from "./freeze-check.ts"
import { handEdited } from "./hand-edits.ts"
import { wantImpacts } from "./impact.ts"
import { followUp } from "./informing/follow-up.ts"
import { informAudiences } from "./informing/messages.ts"
import { informStakeholders } from "./informing/stakeholders.ts"
import { newlyListening, withFace, withoutFace } from "./joint/face.ts"
import { answerRows, followCalls } from "./joint/member.ts"
import { keepNews, relayNews } from "./joint/news.ts"
import { followRows } from "./joint/row.ts"
import { emptyState, learn } from "./learn.ts"
import { followConfiguration } from "./lines.ts"
import { markOldCandidates } from "./old-candidates.ts"
import { ended } from "./outcomes.ts"
import { showProposals } from "./plan-check.ts"
import { followGood } from "./pointers.ts"
import { isSecondTime } from "./presses.ts"
import { answerRequests } from "./promotion/answer.ts"
import { clickEntry, isEntryClick } from "./promotion/clicks.ts"
import { heardInside } from "./promotion/inside.ts"
import { clickLock, isLockClick } from "./promotion/lock-clicks.ts"
import { deploymentsRead, lookBefore } from "./promotion/look-before.ts"
import { takeOver } from "./promotion/one-entry.ts"
import { endedUnanswered, requested } from "./promotion/requests.ts"
import { judgeVerdicts } from "./promotion/verdicts.ts"
import { watchPublishing } from "./published-by-hand.ts"
import { followPulls, pullTouched, withdrawPulls } from "./release-pull.ts"
import { remind } from "./reminders.ts"
import { reported } from "./reported.ts"
import { followActions } from "./rollback/actions.ts"
import { clickRollback } from "./rollback/click.ts"
import { followRollbacks } from "./rollback/follow.ts"
import { followIncidents } from "./rollback/follow-incidents.ts"
import { labelled, unlabelled } from "./rollback/incident.ts"
import { revertTouched } from "./rollback/reverted.ts"
import { followFirstWords } from "./rollback/second-person.ts"
import { runHeard } from "./rollback/workflow.ts"
import { type Run, record } from "./run.ts"
import { watchTags } from "./strayed-tags.ts"
import { tell } from "./telling.ts"
import { keepThreadsBeside } from "./threads-beside.ts"
import { askTicks } from "./ticked-metrics.ts"
import { runTrains } from "./train.ts"
import { isTriedAgain } from "./tried-again.ts"
import { publishUnattended } from "./unattended.ts"
import { followVerifications } from "./verification.ts"
import { watchSettings } from "./watch-settings.ts"
import { keepWords } from "./words.ts"

export interface DecideInput {
  readonly repo: Repository
  /** Undefined the first time. */
  readonly state: State | undefined
  readonly facts: Facts
  readonly signals: readonly Signal[]
  readonly handles: Handles
  readonly now: Date
}

/**
 * What follows from what is known, what was read and what happened: the one place where Slipway makes up its mind.
 * Pure; the same input gives the same decision, and deciding twice changes nothing.
 */
export function decide(input: DecideInput): Decision<State, Effect> {
  const { repo, facts, handles, now, signals } = input
  const at = now.toISOString()
  const state = learn(input.state ?? emptyState, facts, at, repo.defaultBranch)
  const onlyEnds = signals.length > 0 && signals.every((s) => s.kind === "ended")
  const run: Run = {
    repo,
    facts,
    handles,
    now,
    at,
    before: input.state,
    state,
    onlyEnds,
    effects: [],
    audit: [],
    times: [],
    news: [],
    withdraws: [],
    anew: new Set(),
    waiting: [],
  }
  if (isUninstalled(run.state, signals)) return farewell(run, signals)
  if (run.state.uninstalled) run.state = withoutFarewell(run.state)

  mirror(run, signals)
  followConfiguration(run, signals)
  followStops(run)
  for (const line of Object.values(run.state.lines)) keepWords(run, line)
  for (const line of Object.values(run.state.lines)) followPulls(run, line)
  for (const signal of signals) if (signal.kind === "release-edited") watchPublishing(run, signal)
  watchTags(run, signals)
  watchSettings(run)
  for (const line of Object.values(run.state.lines)) followHistory(run, line)
  const heard = [...signals, ...deploymentsRead(run)]
  for (const signal of heard) apply(run, signal, heard)
  followDrift(run)
  // Who pressed Approve has read what stood there before.
  for (const line of Object.values(run.state.lines)) keepWords(run, line)
  for (const line of Object.values(run.state.lines)) cutAtFreeze(run, line)
  for (const line of Object.values(run.state.lines)) runTrains(run, line)
  for (const line of Object.values(run.state.lines)) followHistory(run, line)
  followBack(run, signals)
  followCalls(run)
  followRows(run)
  answerRows(run)
  for (const line of Object.values(run.state.lines)) publishUnattended(run, line)
  remind(run)
  tellCollisions(run)
  followVerifications(run)
  followGood(run, signals)
  followRollbacks(run)
  followDrills(run)
  followFirstWords(run)
  followActions(run)
  followCriteria(run)
  followIncidents(run)
  answerRows(run)
  followRows(run)
  answerRequests(run)
  judgeVerdicts(run)
  lookBefore(run)
  askAtEntries(run)
  lookLate(run)
  tell(run)
  markOldCandidates(run)
  withdrawPulls(run)
  informStakeholders(run)
  informAudiences(run)
  followUp(run)
  desired(run)
  relayNews(run)
  keepNews(run)
  keepThreadsBeside(run)
  askTicks(run)
  wantImpacts(run, signals)
  showFreezes(run, signals)
  showProposals(run, signals)

  const kept = rememberContributors(input.state, prune(run.state, at, repo.defaultBranch))
  const shown = withFace(run, kept)
  const revisitAt = nextLook(run, newlyListening(run, kept))
  const forgets = forgotten(handles, kept)
  const retries = signals.some((s) => s.kind === "look")
    ? Object.keys(kept.refused).filter(isTriedAgain)
    : announcedAtLast(input, kept)
  return {
    ...shown,
    effects: run.effects,
    audit: run.audit,
    times: run.times,
    ...(forgets.length > 0 ? { forgets } : {}),
    ...(retries.length > 0 ? { retries } : {}),
    ...(run.withdraws.length > 0 ? { withdraws: run.withdraws } : {}),
    ...(run.waiting.length > 0 ? { waiting: countWaiting(run.waiting) } : {}),
    ...(revisitAt ? { revisitAt } : {}),
  }
}

/** Replies were refused for want of their thread: where that could be posted at last, they are due again. */
function announcedAtLast({ state, signals }: DecideInput, { refused }: State): readonly string[] {
  const threads = signals.flatMap((s) =>
    s.kind === "ended" && s.of === "thread" && s.outcome.is === "done" && state?.refused[s.target] !== undefined
      ? [s.target.replace(/^thread:(\w+).*$/, "reply:$1:")]
      : [],
  )
  return Object.keys(refused).filter((target) => threads.some((replies) => target.startsWith(replies)))
}

/** @param heard all that this run decides on, in order */
function apply(run: Run, signal: Signal, heard: readonly Signal[]): void {
  switch (signal.kind) {
    case "clicked":
      clicked(run, signal)
      return
    case "requested":
      requested(run, signal, takeOver)
      return
    case "deployed":
      heardInside(run, signal)
      if (!endedUnanswered(run, signal)) deployed(run, signal)
      return
    case "reported":
      reported(run, signal)
      return
    case "drill asked":
      drillAsked(run, signal)
      return
    case "release-edited":
      handEdited(run, signal)
      return
    case "ended":
      ended(run, signal)
      return
    case "ran":
      ran(run, signal)
      runHeard(run, signal)
      return
    case "moved":
    case "issue":
      pullTouched(run, signal)
      revertTouched(run, signal)
      return
    case "labelled":
      labelled(run, signal, heard.slice(heard.indexOf(signal) + 1))
      return
    case "unlabelled":
      unlabelled(run, signal)
      return
    case "merged":
      revertTouched(run, signal)
      return
    case "proposed":
    case "evidence":
    case "look":
    case "glance":
    case "organisation":
    case "neighbour":
    case "uninstalled":
      return
  }
}

function clicked(run: Run, click: Clicked): void {
  if (isSecondTime(run, click)) return
  const environment = Object.values(run.state.environments).find(
    (e) => rollbackIdentifier(e.name) === click.button && environmentCheckName(placeOf(e)) === click.name,
  )
  if (environment) clickRollback(run, environment, click)
  else if (isLockClick(click)) clickLock(run, click)
  else if (click.button.startsWith(ROLLBACK))
    record(run, "click did not count", unknownEnvironment(click), { by: click.by.login })
  else if (isEntryClick(click)) clickEntry(run, click)
  else clickReadiness(run, click)
}

/** Nothing was ever deployed there that Slipway knows of: its state was lost, or the environment was renamed. */
const unknownEnvironment = ({ button, checkRun, sha }: Clicked) => ({
  button,
  checkRun,
  sha,
  because: "nothing is known of this environment",
})

/** Taken away, and not given back since: only a new installation says `look` while nothing can be read. */
function isUninstalled(state: State, signals: readonly Signal[]): boolean {
  const last = signals.findLast((s) => s.kind === "uninstalled" || s.kind === "look")
  return last ? last.kind === "uninstalled" : state.uninstalled === true
}

/** The App is gone from the repository: nothing can be done, and nothing is. What is known, and what ended, is kept. */
function farewell(run: Run, signals: readonly Signal[]): Decision<State, Effect> {
  for (const signal of signals) if (signal.kind === "ended") ended(run, signal)
  if (!run.state.uninstalled) record(run, "uninstalled", {})
  return { ...withoutFace(run, { ...run.state, uninstalled: true }), effects: [], audit: run.audit, times: run.times }
}

function withoutFarewell(state: State): State {
  const { uninstalled: _, ...rest } = state
  return rest
}
