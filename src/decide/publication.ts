import { agendaOf } from "../model/agenda.ts"
import { issuesIn } from "../model/checklist.ts"
import { communicationOf } from "../model/communication.ts"
import type { Publish } from "../model/effect.ts"
import { foreignOf, issuesNeeded } from "../model/foreign-feature.ts"
import { neighbourKey } from "../model/joint.ts"
import type { Outcome } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import type { Plan } from "../model/plan.ts"
import { PLAN_FOLDER } from "../model/plan-folder.ts"
import { isBeside, type Publishing, type Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import type { Clicked } from "../model/signal.ts"
import { answer } from "./answers.ts"
import { approvalRule } from "./approvals.ts"
import { approvalsNow } from "./approvals-shown.ts"
import { asksNobody } from "./asked.ts"
import { beginBack } from "./bring-back.ts"
import { versionOf } from "./candidate.ts"
import { gateChangers } from "./changed-gates.ts"
import { followWithChangelog } from "./changelog-pull.ts"
import { deployed } from "./deployments.ts"
import { beginDispatch } from "./dispatch.ts"
import { draftBeforePublishing } from "./draft-content.ts"
import { hotfixesIn } from "./gates/back.ts"
import { issueRef } from "./gates/features.ts"
import { type Subject, unknownBecause } from "./gates/subject.ts"
import { questionFor } from "./gates/ticked-metric.ts"
import { letsOf } from "./joint/called-by.ts"
import { beginRow, isOwnTurn, isUnderWay } from "./joint/row.ts"
import { isLatest } from "./latest.ts"
import { releaseUrl } from "./links.ts"
import { authorsOf } from "./promotion/authors.ts"
import { gatesOfRelease, notPassed } from "./readiness.ts"
import { promisedAssets, promisedAudit, whyNotAssets } from "./release-assets.ts"
import { subjectOf } from "./release-changes.ts"
import { evidenceOf } from "./release-evidence.ts"
import { notesOf } from "./release-notes.ts"
import { approvedUnder, isPrerelease, type Pinned, published } from "./releases.ts"
import { reviewOf } from "./reviewed.ts"
import { riskShown } from "./risk-shown.ts"
import { lastingIn } from "./rollback/lasting.ts"
import { draftTarget, putRelease, type Run, record, releaseOf, reply, withAnswer } from "./run.ts"
import { stopped } from "./stopped.ts"
import { tagMessage } from "./tag-message.ts"
import { beginTelling, toldBy } from "./telling.ts"
import { list, plain, short } from "./wording.ts"

/** What the gates saw may not be older than this when the tag is made. */
const GUARD_MS = 60_000

/** The button: publishes when, and only when, every gate is passed on facts that were read just now. */
export function publish(run: Run, release: Release, click: Clicked): void {
  if (release.phase.is === "cut" && release.phase.publishing) {
    answer(run, release, click, false, `${release.phase.publishing.by} pressed Publish already; it is under way`)
    return
  }
  if (release.row && isUnderWay(release)) {
    const because = `${release.row.by} pressed Publish already; the repositories come out one by one`
    answer(run, release, click, false, because)
    return
  }
  const obstacle = whyNot(run, release)
  if (obstacle) {
    answer(run, release, click, false, obstacle)
    return
  }
  const isOne = begin(run, release, { by: click.by.login, asked: click.at }) === "alone"
  const then = isOne ? "tag and release are being made" : "the other repositories are asked to look at theirs afresh"
  answer(run, release, click, true, `every gate is passed: ${then}`)
}

/** Begins to publish what nothing stands in the way of; where its plan names other repositories, they are asked first. */
export function begin(
  run: Run,
  release: Release,
  asked: { readonly by: string; readonly asked: string },
): "alone" | "together" {
  const subject = subjectOf(run, release)
  if (subject?.plan?.repositories && isPinned(release) && !isOwnTurn(run, release)) {
    beginRow(run, release, subject, asked)
    return "together"
  }
  attempt(run, release, { ...asked, attempt: 1 })
  return "alone"
}

const isPinned = (release: Release): release is Pinned => release.phase.is === "cut"

/**
 * Why a release cannot be published now; undefined: it can. Looks at what this very run has read.
 *
 * @param but a gate that is not asked: by whom it waits for
 */
export function whyNot(run: Run, release: Release, but?: "together"): string | undefined {
  const subject = subjectOf(run, release)
  if (!subject || release.phase.is !== "cut") return "it is not cut: the first Approve pins the commit that ships"
  if (subject.line.broken) return subject.line.broken
  if (subject.line.outdated)
    return `${subject.line.outdated}: the history of ${subject.line.branch} is read again first`
  const earlier = run.state.releases.find((r) => isBeside(r, release) && r.phase.is === "cut")
  if (earlier && earlier.id !== release.id) return `${earlier.tag} was cut before it and is not published yet`
  const open = notPassed(gatesOfRelease(subject)).filter(({ name }) => name !== but)
  if (open.length > 0) return open.map((g) => `${g.name} is ${g.state} (${g.because})`).join("; ")
  const stale = unread(run, subject)
  const files = whyNotAssets(run, release)
  if (files !== undefined) return files
  if (stale.length > 0) return `not read afresh: ${list(stale)}; press Publish again`
  const { sha, base } = release.phase.candidate
  if (base !== undefined)
    return `its pull request #${release.pull?.number} is not merged yet: merge it, and it is published`
  const tag = run.facts.learned.tags?.[release.tag]
  if (tag === undefined)
    return `whether ${release.tag} is free could not be read: ${unknownBecause(run.state, `tag:${release.tag}`) ?? "no answer"}`
  if (tag !== null && tag !== sha) return `the tag ${release.tag} stands on ${short(tag)} already, not on ${short(sha)}`
  return undefined
}

/** What the gates rest on, and this very run has not read: a mirror is good enough to show, not to publish by. */
export function unread(run: Run, subject: Subject): readonly string[] {
  const { line, sha, release, hash, plan, covered } = subject
  const { ledgers, configs, plans, planFolders, ci, evidence, issues, standings, authorship } = run.facts.learned
  const ticking = issuesIn(plan?.checklist?.before ?? [])
  const bound = plan?.features.flatMap((f) => (f.status === "dropped" ? [] : (issueRef(f) ?? []))) ?? []
  const needed = issuesNeeded(plan?.features ?? [])
  const people = release.approvals.filter((a) => a.candidate === hash).map((a) => a.by.login)
  return [
    ...(ledgers?.[line.branch] ? [] : [`the head of ${line.branch}`]),
    ...(configs?.[line.branch] ? [] : ["the configuration"]),
    ...(plans?.[line.branch] ? [] : ["the plan"]),
    ...(planFolders?.[line.branch] ? [] : [`the plans of ${PLAN_FOLDER}`]),
    ...(ci?.[line.branch] ? [] : ["which checks are required"]),
    ...(evidence?.[sha] ? [] : [`the checks of ${short(sha)}`]),
    ...[...bound, ...needed, ...ticking].filter((ref) => issues?.[ref] === undefined),
    ...unreadMetrics(run, subject),
    ...people.filter((login) => standings?.[login] === undefined).map((login) => `what ${login} may do here`),
    ...[...covered, ...gateChangers(line, release)]
      .filter(({ id }) => authorship?.[id] === undefined)
      .map((c) => `who wrote ${c.pull ? c.id : short(c.sha)}`),
    ...unreadReviews(run, subject),
    ...unreadNeighbours(run, subject),
  ]
}

/** What ticks an item now may not a minute later. */
function unreadMetrics({ facts: { learned } }: Run, { plan, release, sha }: Subject): readonly string[] {
  // guard: measured-afresh
  return (plan?.checklist?.before ?? []).flatMap(({ item, by }) =>
    by.is === "metric" && own(learned.metrics, questionFor({ release, sha }, by.metric).key) === undefined
      ? [`the metric of “${item}”`]
      : [],
  )
}

/** A review counts while it stands: somebody may have asked for changes since, or lost their permission. */
function unreadReviews(
  { state, facts: { learned } }: Run,
  { covered, config, plan, line, release }: Subject,
): readonly string[] {
  const rule = approvalRule(config, plan, line.trusted ?? [], release.component)
  const reviewed = covered.filter((change) => reviewOf(state, change, rule.risk).is === "covered")
  if (asksNobody(rule) || reviewed.length === 0) return []
  const unread = reviewed.filter(({ id }) => own(learned.reviews, id) === undefined)
  return [
    ...unread.map(({ id }) => `the reviews of ${id}`),
    ...(learned.approvers === undefined ? ["who may write here"] : []),
  ]
}

/** What other repositories show is read in every run; where it was not, nobody knows whether it still stands. */
function unreadNeighbours({ repo, facts: { learned } }: Run, { line, plan }: Subject): readonly string[] {
  const needed = foreignOf(plan?.features ?? []).flatMap((one) => (one.is === "feature" ? [one.repo] : []))
  const named = [...letsOf(line), ...(plan?.repositories ?? []).map(({ repo }) => repo), ...needed]
  // guard: neighbours-read-afresh
  return [...new Set(named.map(neighbourKey))]
    .filter((name) => name !== neighbourKey(fullName(repo)) && own(learned.neighbours, name) === undefined)
    .map((name) => `what ${name} shows`)
}

function attempt(run: Run, release: Release, asked: Pick<Publishing, "by" | "asked" | "attempt">): void {
  const line = own(run.state.lines, release.branch)
  if (release.phase.is !== "cut" || !line) return
  const { candidate, publishing: before } = release.phase
  const early = before?.early
  const subject = subjectOf(run, release)
  const publishing: Publishing = {
    ...asked,
    under: approvedUnder(run.state, line, release),
    notes: notesOf(run, release),
    gates: subject ? gatesOfRelease(subject) : [],
    ...(subject ? { approvals: approvalsNow(subject) } : {}),
    ...(subject
      ? {
          authors: authorsOf(run.state, subject.covered),
          ...riskKept(subject),
          ...hotfixesKept(subject),
          lasting: lastingIn(subject),
        }
      : {}),
    ...(subject ? { tells: toldBy(subject.changes, candidate.version, inRepository(run, subject)) } : {}),
    ...leftToDo(subject?.plan),
    ...featuresKept(subject?.plan),
    ...(early ? { early } : {}),
  }
  const content: Publish = {
    release: release.id,
    tag: release.tag,
    sha: candidate.sha,
    prerelease: isPrerelease(candidate.version),
    latest: isLatest(run.state, release, candidate.version),
    message: tagMessage(release.tag, publishing.notes),
    ...promisedAssets(run, release),
    ...promisedAudit(run, release, candidate.version, publishing),
    by: publishing.by,
  }
  putRelease(run, { ...release, phase: { is: "cut", candidate, publishing } })
  record(
    run,
    "publishing",
    subject ? evidenceOf(subject, publishing) : { tag: release.tag, sha: candidate.sha, attempt: publishing.attempt },
    { release: release.id, by: publishing.by },
  )
  draftBeforePublishing(run, release, publishing.notes, candidate.sha)
  run.effects.push({
    kind: "publish",
    key: `publish:${release.id}:${publishing.asked}:${publishing.attempt}`,
    target: draftTarget(release.id),
    lane: `release:${release.id}`,
    mode: "append",
    guard: { notAfter: new Date(run.now.getTime() + GUARD_MS).toISOString() },
    content,
  })
}

/**
 * What an environment asks by the risk. What a hotfix branch calls low by its own files counts for none of them, whose rules
 * are those of the default branch: absent is as good as high.
 */
const riskKept = (subject: Subject): Pick<Publishing, "risk"> =>
  subject.line.kind?.is === "hotfix" ? {} : { risk: riskShown(subject).level }

function featuresKept(plan: Plan | null | undefined): Pick<Publishing, "features"> {
  const ids = plan?.features.flatMap(({ id, status }) => (status === "dropped" ? [] : [id])) ?? []
  return ids.length > 0 ? { features: ids } : {}
}

/** Later nobody can tell: the branch's history is known from its last release on. */
function hotfixesKept(subject: Subject): Pick<Publishing, "hotfixes"> {
  const hotfixes = hotfixesIn(subject)
  return hotfixes.length > 0 ? { hotfixes } : {}
}

/** The plan is spent when it is out: what it asks for afterwards, and when, stays with the release. */
function leftToDo(plan: Plan | null | undefined): Pick<Publishing, "checklist" | "agenda" | "communication"> {
  const { during = [], after = [] } = plan?.checklist ?? {}
  const agenda = plan ? agendaOf(plan) : []
  const communication = plan ? communicationOf(plan) : undefined
  return {
    ...(during.length + after.length > 0 ? { checklist: { during, after } } : {}),
    ...(agenda.length > 0 ? { agenda } : {}),
    ...(communication && communication.stakeholders.length + communication.messages.length > 0
      ? { communication }
      : {}),
  }
}

const inRepository = ({ repo }: Run, { config }: Subject) => ({ config, repository: fullName(repo) })

/** How an attempt ended: the release is out; or the gates were seen too long ago and are looked at again; or it is off. */
export function publicationEnded(run: Run, id: string, outcome: Outcome, at: string): void {
  const release = releaseOf(run.state, id)
  if (release?.phase.is !== "cut" || !release.phase.publishing || outcome.is === "retry") return
  const { publishing, candidate } = release.phase
  if (outcome.is === "done") {
    published(run, release, publishing, at, outcome.result)
    reply(run, id, `published:${candidate.sha}`, {
      is: "published",
      by: publishing.by,
      version: versionOf(release),
      sha: candidate.sha,
      at,
      url: releaseUrl(run.repo, release),
    })
    const out = releaseOf(run.state, id)
    if (out) beginTelling(run, out, publishing.tells ?? [])
    const line = own(run.state.lines, release.branch)
    if (out && line) followWithChangelog(run, line, out)
    const told = releaseOf(run.state, id)
    if (told) beginBack(run, told)
    const brought = releaseOf(run.state, id)
    if (brought) beginDispatch(run, brought)
    for (const signal of publishing.early ?? []) deployed(run, signal)
    return
  }
  const reason = outcome.code === "expired" ? whyNot(run, release) : outcome.because
  if (reason === undefined) {
    attempt(run, release, { by: publishing.by, asked: publishing.asked, attempt: publishing.attempt + 1 })
    return
  }
  const obstacle = plain(reason)
  const said = { by: publishing.by, did: "publish", counted: false, because: obstacle, at }
  const { unattended } = release
  putRelease(run, {
    ...release,
    phase: { is: "cut", candidate },
    answers: withAnswer(release.answers, said),
    ...(unattended ? { unattended: stopped(unattended, unattended.hash, obstacle, run.now) } : {}),
  })
  record(
    run,
    "not published",
    { tag: release.tag, sha: candidate.sha, because: obstacle },
    { release: id, by: publishing.by },
  )
}
