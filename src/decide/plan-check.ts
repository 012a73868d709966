import { hashOf } from "../model/hash.ts"
import { own } from "../model/own.ts"
import type { ProposalPage } from "../model/page.ts"
import type { Plan } from "../model/plan.ts"
import type { Problem } from "../model/problem.ts"
import { followBranches, type KnownProposal, mayTouch, type ProposedFiles } from "../model/proposal.ts"
import type { Proposed, Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { asksNobody } from "./asked.ts"
import { changedGates } from "./changed-gates.ts"
import { closedBy, isClosed } from "./closed-pulls.ts"
import { componentsOn } from "./division.ts"
import { oldRule } from "./gates/configuration.ts"
import { type Files, gatesDiff } from "./gates-diff.ts"
import { unknownAudiences } from "./informing/audience.ts"
import { sentence } from "./may-approve.ts"
import { nextDraft } from "./next-draft.ts"
import { configOf, isUnspent } from "./plan-of.ts"
import { lineWith, previewGates, withLine } from "./plan-preview.ts"
import { proposalTarget, type Run } from "./run.ts"
import { list, plain } from "./wording.ts"

/** Of pull requests, the newest. */
const KEPT = 200

type Touched = Extract<ProposedFiles, { is: "touched" }>

/**
 * `Slipway / plan` on open pull requests that change configuration or plan: what is wrong there, on the exact lines, what
 * the change does to the gates, and who will have to approve it. It is shown and decides nothing: what decides is read
 * from the release branch. A pull request that touches neither costs nothing here.
 */
export function showProposals(run: Run, signals: readonly Signal[]): void {
  const branches = followBranches(run.state, signals)
  if (branches) run.state = { ...run.state, branches }
  const proposed = new Map<number, Proposed>()
  for (const signal of signals) {
    if (signal.kind === "proposed" && !isClosed(run.state, signal.pull.number)) proposed.set(signal.pull.number, signal)
    const closed = closedBy(signal)
    if (closed === undefined) continue
    proposed.delete(closed)
    forget(run, closed)
  }
  for (const signal of proposed.values()) show(run, signal)
}

function forget(run: Run, number: number): void {
  const unknown = run.state.unknown.filter(({ what }) => what !== `proposal:${number}`)
  if (unknown.length < run.state.unknown.length) run.state = { ...run.state, unknown }
  if (!own(run.state.proposals, String(number))) return
  const others = Object.entries(run.state.proposals ?? {}).filter(([of]) => of !== String(number))
  run.state = { ...run.state, proposals: Object.fromEntries(others) }
}

function show(run: Run, proposed: Proposed): void {
  const { base, pull } = proposed
  const number = String(pull.number)
  const [line, known] = [own(run.state.lines, base), own(run.state.proposals, number)]
  const stands = known?.shown === true && known.sha === pull.headSha
  if (!line || line.retired !== undefined) {
    if (stands) check(run, proposed, empty(proposed))
    forget(run, pull.number)
    return
  }
  const unread = run.facts.unknown.find(({ what }) => what === `proposal:${number}`)
  const files = own(run.facts.learned.proposals, number)
  const now = { sha: pull.headSha, base }
  if (unread) {
    check(run, proposed, unreadPage(proposed, unread.because))
    remember(run, pull.number, { ...now, shown: true, unread: true })
  } else if (files?.is === "touched") {
    check(run, proposed, pageOf(run, line, proposed, files))
    remember(run, pull.number, { ...now, shown: true })
  } else if (files || (!isKnown(known, proposed) && !mayTouch(run.state, proposed))) {
    if (stands) check(run, proposed, empty(proposed))
    remember(run, pull.number, { ...now, shown: stands })
  }
}

const isKnown = (known: KnownProposal | undefined, { base, pull }: Proposed): boolean =>
  known?.sha === pull.headSha && known.base === base

function remember(run: Run, number: number, proposal: KnownProposal): void {
  const all = Object.entries<KnownProposal>({ ...run.state.proposals, [number]: proposal })
  run.state = { ...run.state, proposals: Object.fromEntries(all.slice(-KEPT)) }
}

const empty = ({ pull: { number }, base }: Proposed): ProposalPage => ({
  is: "proposal",
  number,
  base,
  files: [],
  problems: [],
  changes: [],
  releases: [],
  warnings: [],
})

const unreadPage = (proposed: Proposed, because: string): ProposalPage => ({
  ...empty(proposed),
  warnings: [plain(`Whether this changes the gates is not known: ${because}`)],
})

function pageOf(run: Run, line: Line, proposed: Proposed, files: Touched): ProposalPage {
  const seen = [files.config, files.plan, ...(files.plans ?? [])].flatMap((file) => (file ? [file] : []))
  const problems = seen.flatMap((file) => (file.is === "invalid" ? file.problems : []))
  const page = {
    ...empty(proposed),
    files: seen.flatMap((file) => (file.is === "absent" ? [] : [file.path])),
    problems,
    warnings: warningsOf(line, files),
  }
  // What a file that cannot be read asks for, nobody can say: until it is mended, no release is ready.
  if (problems.length > 0) return page
  const then = lineWith(line, files, run.state)
  const changes = gatesDiff(asked(line, run.state), asked(then, run.state))
  const unknown = unknownIn(then, files, run.state)
  return {
    ...page,
    changes,
    ...(unknown.length > 0 ? { unknown } : {}),
    ...asksFor(run, then),
    releases: previewGates(run, line, then),
  }
}

/** What a line asks for as it stands; where a file is broken, what it asked for before. A spent plan asks for nothing. */
function asked(line: Line, state: State): Files {
  const before: Plan | null = line.plan.is === "invalid" ? (line.inForce.plan?.value ?? null) : null
  const plan = isUnspent(line, state, line.plan) ? line.plan.value : before
  const plans = (line.plans ?? []).filter((one) => isUnspent(line, state, one))
  return { config: configOf(line), plan, plans: Object.fromEntries(plans.map(({ path, value }) => [path, value])) }
}

/** Whom the plans that it changes could not tell with the configuration that it makes; a spent plan tells nobody. */
function unknownIn(then: Line, { audiences = [] }: Touched, state: State): readonly Problem[] {
  const plans = [then.plan, ...(then.plans ?? [])].flatMap((one) => (isUnspent(then, state, one) ? [one.path] : []))
  const placed = audiences.filter(({ at }) => plans.includes(at.file))
  return unknownAudiences(configOf(then), placed).toSorted(
    (a, b) => plans.indexOf(a.file) - plans.indexOf(b.file) || a.line - b.line,
  )
}

/** Whom the gates in force would ask for the change, with the release that is open or the one that comes next. */
function asksFor(run: Run, then: Line): Pick<ProposalPage, "asks"> {
  const state = withLine(run.state, then)
  const open = state.releases.find((r) => r.branch === then.branch && r.phase.is !== "published")
  const release = open ?? nextDraft({ ...run, state }, then, componentsOn(then)[0]?.name)
  if (changedGates(then, state, release).length === 0) return {}
  const rule = oldRule({ state, line: then, release, config: configOf(then) })
  const nobody = "nobody: approvals.required is 0 in the configuration in force"
  return { asks: plain(asksNobody(rule) ? nobody : sentence(rule)) }
}

function warningsOf(line: Line, { config, plan, plans, tooMany }: Touched): readonly string[] {
  const deleted = [
    ...(config?.is === "absent" && line.config.is !== "absent" ? [line.config.path] : []),
    ...(plan?.is === "absent" && line.plan.is !== "absent" ? [line.plan.path] : []),
    ...(plans ? (line.plans ?? []).flatMap(({ path }) => (plans.some((one) => one.path === path) ? [] : [path])) : []),
  ]
  return [
    ...(deleted.length > 0 ? [`It deletes ${list(deleted)}.`] : []),
    ...(tooMany
      ? [
          "It changes too many files to look through: all plans and the configuration are shown as they are at its head.",
        ]
      : []),
  ]
}

function check(run: Run, { pull: { number, headSha: sha } }: Proposed, page: ProposalPage): void {
  const target = proposalTarget(number, sha)
  const isClear = page.warnings.length === 0 && !page.unknown && page.changes.every(({ is }) => is === "stricter")
  run.effects.push({
    kind: "check",
    key: `${target}@${run.at}:${hashOf(page).slice(0, 8)}`,
    target,
    lane: target,
    mode: "replace",
    content: {
      name: "Slipway / plan",
      sha,
      externalId: `slipway:proposal:${number}`,
      conclusion: page.problems.length > 0 ? "failure" : isClear ? "success" : "neutral",
      page,
      buttons: [],
    },
  })
}
