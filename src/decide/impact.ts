import { gt } from "semver"
import type { Change, Proposal } from "../model/change.ts"
import { type Component, isWhole } from "../model/component.ts"
import type { Config } from "../model/config.ts"
import { group, holds, type Ledger, landsPull } from "../model/ledger.ts"
import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import type { Cause, Impact, ImpactPage } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import type { Proposed, Signal } from "../model/signal.ts"
import type { Line } from "../model/state.ts"
import type { Bump, Reason } from "../model/version.ts"
import { classifyText, firstLine } from "./classify.ts"
import { closedBy, isClosed } from "./closed-pulls.ts"
import { knownTypes } from "./commit-types.ts"
import { componentsOn } from "./division.ts"
import { labelWords } from "./label-words.ts"
import { hostUrl } from "./links.ts"
import { draftedOn, nextDraft } from "./next-draft.ts"
import { configOf } from "./plan-of.ts"
import { changesOfRelease } from "./release-changes.ts"
import { notesOn } from "./release-notes.ts"
import { fitsChange } from "./rule-conditions.ts"
import { impactTarget, type Run } from "./run.ts"
import { statementsOf } from "./statements.ts"
import { suggestTitle } from "./suggest-title.ts"
import { nextVersion } from "./version.ts"
import { plain } from "./wording.ts"

/** Of pull requests, the newest: one beyond them shows its impact anew when it changes next. */
const KEPT = 200

/**
 * `Slipway / impact`: what merging each pull request that this run heard of would release. It is information, never a
 * gate, and costs one request where its content changed: the engine spares what stands there already.
 */
export function wantImpacts(run: Run, signals: readonly Signal[]): void {
  const proposed = new Map<number, Proposed>()
  for (const signal of signals) {
    const closed = closedBy(signal)
    if (closed !== undefined) {
      proposed.delete(closed)
      remember(run, closed, null)
    }
    if (
      signal.kind === "issue" &&
      signal.of === undefined &&
      signal.state === "open" &&
      isClosed(run.state, signal.number)
    )
      forget(run, signal.number)
    if (signal.kind === "proposed" && !isClosed(run.state, signal.pull.number)) proposed.set(signal.pull.number, signal)
  }
  for (const { pull, base } of proposed.values()) want(run, pull, base)
}

function want(run: Run, pull: Proposal, base: string): void {
  const line = own(run.state.lines, base)
  const before = own(run.state.impacts, String(pull.number))
  if (line ? !configOf(line).impact : before === undefined) return
  const page = line ? pageOf(run, line, pull) : elsewhere(run, pull, base)
  if (!page) return
  if (line) remember(run, pull.number, pull.headSha)
  else forget(run, pull.number)
  const target = impactTarget(pull.number, pull.headSha)
  run.effects.push({
    kind: "check",
    key: `${target}@${run.at}`,
    target,
    lane: target,
    mode: "replace",
    content: {
      name: "Slipway / impact",
      sha: pull.headSha,
      externalId: `slipway:impact:${pull.number}`,
      conclusion: page.title || page.unlabelled ? "neutral" : "success",
      page,
      buttons: [],
    },
  })
}

function remember(run: Run, number: number, shown: string | null): void {
  const all = Object.entries<string | null>({ ...run.state.impacts, [number]: shown })
  run.state = { ...run.state, impacts: Object.fromEntries(all.slice(-KEPT)) }
}

function forget(run: Run, number: number): void {
  if (own(run.state.impacts, String(number)) === undefined) return
  const others = Object.entries(run.state.impacts ?? {}).filter(([of]) => of !== String(number))
  run.state = { ...run.state, impacts: Object.fromEntries(others) }
}

const frame = (run: Run, { number }: Proposal, base: string) => ({
  is: "impact" as const,
  repository: fullName(run.repo),
  webUrl: hostUrl(run.repo),
  number,
  base,
})

/** A pull request that was moved to a branch that nothing is released from. */
const elsewhere = (run: Run, pull: Proposal, base: string): ImpactPage => ({
  ...frame(run, pull, base),
  previous: null,
  impact: { is: "elsewhere" },
})

/**
 * Undefined: the history of the branch is not known, or has the pull request already. That it was opened may be heard after
 * a reading that found it merged, and after the push that merged it, which names it before its own event comes.
 */
function pageOf(run: Run, line: Line, pull: Proposal): ImpactPage | undefined {
  const { ledger } = line
  if (!ledger || line.broken || holds(ledger, pull.headSha)) return undefined
  if (ledger.pulls.some(({ number }) => number === pull.number)) return undefined
  if (ledger.commits.some((commit) => landsPull(commit, pull.number))) return undefined
  const components = componentsOn(line)
  if (!isWhole(components)) return pageByFiles(run, line, pull, ledger, components)
  const config = configOf(line)
  const own = withPull({ ...ledger, commits: [], pulls: [] }, pull, run.at)
  const alone = nextDraft(run, { ...line, ledger: own })
  const merged = { ...line, ledger: withPull(ledger, pull, run.at) }
  const then = nextDraft(run, merged)
  const notes = lineOf(notesOn(run, merged, then), pull.number)
  const causes = causesIn(merged, then)
  const [change] = group(own.commits, own.pulls)
  const unsaid = notSaid(pull, config, alone.next.bump, change)
  return {
    ...frame(run, pull, line.branch),
    previous: then.previous?.version ?? null,
    impact: impactOf({ now: draftedOn(run.state, line), then, alone, pull, counts: notes !== undefined, causes }),
    ...(notes ? { notes } : {}),
    ...unsaid,
    ...refusedOf(then, pull),
  }
}

/** What the pull request states itself, and does not get: a version that is out, say. */
function refusedOf({ next }: Release, { number, headSha }: Proposal): Pick<ImpactPage, "refused"> {
  const own = next.refused?.filter(({ by }) => by === `#${number}` || by === headSha) ?? []
  return own.length === 0 ? {} : { refused: own.map(({ what, because }) => plain(`${what}: ${because}`)) }
}

/**
 * Which components it touches no payload says, and a request for it would be a second one: what it would do to each is
 * shown. Files that are not known count for every component, so one history answers for all.
 */
function pageByFiles(
  run: Run,
  line: Line,
  pull: Proposal,
  ledger: Ledger,
  components: readonly Component[],
): ImpactPage {
  const merged = { ...line, ledger: withPull(ledger, pull, run.at) }
  const drafts = components.map(({ name }) => nextDraft(run, merged, name))
  const of = components.slice(0, COMPONENTS).map(({ name }, at) => ({
    name,
    version: drafts[at]?.next.next ?? null,
    now: draftedOn(run.state, line, name)?.next.next ?? null,
  }))
  const first = drafts.find(({ next }) => next.next !== null)
  const notes = first && lineOf(notesOn(run, merged, first), pull.number)
  const own = withPull({ ...ledger, commits: [], pulls: [] }, pull, run.at)
  const config = configOf(line)
  const changes = group(own.commits, own.pulls)
  const { bump } = nextVersion({ changes, current: first?.next.current ?? null, config })
  return {
    ...frame(run, pull, line.branch),
    previous: null,
    impact: { is: "by files", asks: bump, components: of, more: components.length - of.length },
    ...(notes ? { notes } : {}),
    ...notSaid(pull, config, bump, changes[0]),
  }
}

const COMPONENTS = 20

/** The branch as a squash merge would leave it: one commit, which bears the title. What it really brings, GitHub does not tell before. */
function withPull(ledger: Ledger, pull: Proposal, at: string): Ledger {
  const { headSha: sha, title, number, author } = pull
  const message = `${firstLine(title)} (#${number})`
  const commit = { sha, message, author: author.login, authorName: author.login, at, landing: sha }
  return {
    ...ledger,
    head: sha,
    commits: [...ledger.commits, commit],
    pulls: [...ledger.pulls.filter((p) => p.number !== number), { ...pull, mergeSha: sha, mergedAt: at }],
  }
}

interface Compared {
  readonly now: Release | undefined
  readonly then: Release
  /** Were it the only change. */
  readonly alone: Release
  readonly pull: Proposal
  /** Whether it is in the notes: what cancels a merged change is not. */
  readonly counts: boolean
  readonly causes: (reasons: readonly Reason[]) => readonly Cause[]
}

function impactOf({ now, then, alone, pull, counts, causes }: Compared): Impact {
  const [before, version, bump] = [now?.next.next ?? null, then.next.next, then.next.bump]
  if (before !== null && (version === null || gt(before, version)))
    return { is: "takes back", version, instead: before }
  const asks = alone.next.bump
  if (version === null || bump === null || asks === null || !counts) return { is: "nothing", goesWith: version }
  if (before === version) {
    const others = then.next.because.filter(({ sha }) => sha !== pull.headSha)
    return { is: "joins", version, bump, asks, because: causes(others) }
  }
  return { is: "releases", version, bump, instead: before, because: causes(then.next.because) }
}

const REASONS = 5

/** The first few reasons, each with the change that gives it. */
function causesIn(line: Line, release: Release): Compared["causes"] {
  return (reasons) => {
    const changes = changesOfRelease(line, release)
    return reasons.slice(0, REASONS).map((reason) => {
      const change = changes.find(({ sha, commits }) => sha === reason.sha || commits.some((c) => c.sha === reason.sha))
      return { ...reason, change: change?.id ?? reason.sha }
    })
  }
}

/** The one line with its section; undefined: the notes leave it out. */
function lineOf(notes: Notes, number: number): Notes | undefined {
  const breaking = notes.breaking.filter((entry) => entry.number === number)
  const sections = notes.sections
    .map((section) => ({ ...section, folded: false, entries: section.entries.filter((e) => e.number === number) }))
    .filter((section) => section.entries.length > 0)
  if (breaking.length + sections.length === 0) return undefined
  const { compareUrl: _, ...rest } = notes
  return { ...rest, breaking, sections, contributors: [], changes: 1 }
}

/**
 * What a pull request leaves unsaid of its size: its title says no type that anybody knows, or where labels alone count
 * none of them does. Not so where something else sizes it, a rule was made for it, or somebody stated that it asks for
 * nothing.
 */
function notSaid(
  { title, labels }: Proposal,
  { version, changes }: Config,
  asks: Bump | null,
  change: Change | undefined,
): Pick<ImpactPage, "title" | "unlabelled"> {
  if (change && isSettled(change, changes)) return {}
  if (!version.from.some((source) => source === "titles" || source === "commits"))
    return asks === null && labelWords(labels).length === 0 ? { unlabelled: true } : {}
  const given = firstLine(title)
  const { type } = classifyText(given)
  const types = knownTypes({ changes })
  if (type !== null && types.includes(type)) return {}
  if (asks !== null && version.other === "none") return {}
  return { title: { given, suggested: suggestTitle(given, types) } }
}

/** A rule that only names a section says nothing of the size; those for types and scopes speak of titles that say one. */
const isSettled = (change: Change, rules: Config["changes"]): boolean =>
  statementsOf(change)?.bump !== undefined ||
  rules.some((rule) => (rule.bump || rule.exclude) && !rule.when.type && !rule.when.scope && fitsChange(rule, change))
