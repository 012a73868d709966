import { startsOnPullRequest } from "../config/workflow-trigger.ts"
import type { Change } from "../model/change.ts"
import { componentsOf } from "../model/component.ts"
import { changesBetween, decidingBetween, type Track } from "../model/component-ledger.ts"
import { startOf, vouchedFrom } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { ownedKey } from "../model/owned.ts"
import { landingOf, type Release } from "../model/release.ts"
import { releaseFiles } from "../model/release-files.ts"
import { alwaysHigh } from "../model/risk-paths.ts"
import type { State } from "../model/state.ts"
import { readAuthorship } from "./authorship.ts"
import { readBrought } from "./brought.ts"
import { readWorkflows } from "./ci.ts"
import { asksOwners, ownedOf, readOwnersFiles } from "./codeowners.ts"
import { type IsOwn, readEvidence } from "./evidence.ts"
import { readExistence } from "./files.ts"
import type { Findings } from "./findings.ts"
import { readIssue } from "./issues.ts"
import type { LineSeen } from "./line.ts"
import { configFor, filesNamed, issuesOf, trackIn } from "./line-config.ts"
import { readManifests } from "./manifests.ts"
import { withPushers } from "./pushers.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"
import type { ReleaseNeeds } from "./release-needs.ts"
import { type Accounts, readReviews } from "./reviews.ts"
import { readTag } from "./tags.ts"

export interface ReleaseInput {
  readonly reader: Reader
  readonly findings: Findings
  readonly state: State
  readonly release: Release
  readonly needs: ReleaseNeeds
  readonly line: LineSeen
  readonly isOwn: IsOwn
}

/** Reads what a decision on one release rests on: a click, a publication, a cut whose commit was never looked at. */
export async function readRelease(input: ReleaseInput): Promise<void> {
  const { reader, findings, release, needs, line } = input
  const newest = trackIn(line, release.component)?.ledger.head
  const head = needs.head && newest !== undefined ? [newest] : []
  await Promise.all([
    ...[...new Set([...needs.shas, ...head])].map((sha) => readCommit(input, sha)),
    ...(needs.fresh && release.tag !== ""
      ? [readTag(reader, release.tag).then((tag) => findings.take("tags", release.tag, tag))]
      : []),
    ...(needs.fresh ? [readIssues(reader, findings, issuesOf(line))] : []),
    ...(needs.tree === undefined
      ? []
      : [readTree(reader, needs.tree).then((tree) => findings.take("trees", needs.tree ?? "", tree))]),
    readAuthors(input),
    readRisk(input).then(() => readOwners(input)),
  ])
}

/**
 * What each change brought, which is read once; and, where it may be of low risk, what people said of it, which may be
 * another thing each time.
 */
async function readRisk({ reader, findings, state, release, needs, line }: ReleaseInput): Promise<void> {
  const track = trackIn(line, release.component)
  const { ledger } = line
  if (needs.authors === undefined || !ledger || !track) return
  const rules = [configFor(line), ...(line.inForce.config ? [line.inForce.config.value] : [])]
  const isAsked = rules.some(({ risk }) => risk.low.length > 0)
  const accounts: Accounts = new Map()
  await Promise.all(
    changesOfNeed(line, track, release, needs.authors.upTo).map(async (change) => {
      const known = own(state.brought, change.id)
      const brought = known?.to === change.sha ? read(known) : await readBrought(reader, ledger, change)
      if (brought.is === "unknown" || brought.value !== known) findings.take("brought", change.id, brought)
      const paths = brought.is === "read" ? brought.value.paths : null
      const isHigh = paths === null || paths.some((path) => rules.every((rule) => alwaysHigh(path, rule)))
      if (isAsked && change.pull && !isHigh)
        findings.take("reviews", change.id, await readReviews(reader, change.pull, accounts))
    }),
  )
}

/**
 * Who owns what each change touches, where a rule asks them: by two files, which are read where something is not known by
 * them yet. What the release says now is read anew at each end that it may have.
 */
async function readOwners({ reader, findings, state, release, needs, line }: ReleaseInput): Promise<void> {
  const track = trackIn(line, release.component)
  const { ledger } = line
  const tip = needs.authors?.upTo
  const rules = [configFor(line), ...(line.inForce.config ? [line.inForce.config.value] : [])]
  if (tip === undefined || !ledger || !track || !rules.some(asksOwners)) return
  const changes = [...changesOfNeed(line, track, release, tip), ...changersAfter(state, track, release, tip)]
  const unread = changes.filter((change) => {
    const known = own(state.owners, ownedKey(change, release))
    return known?.to !== change.sha || known.tip !== tip
  })
  if (unread.length === 0) return
  // Where the last tag is not of Slipway's own making, the owners of what it vouched for last count, as its changes do.
  const base = vouchedFrom(track.ledger, release.previous) ?? startOf(track.ledger)?.sha
  // guard: owners-before
  const files = await readOwnersFiles(reader, tip, base)
  await Promise.all(
    unread.map(async (change) => {
      const known = own(findings.facts().learned.brought, change.id) ?? own(state.brought, change.id)
      const brought = known?.to === change.sha ? read(known) : await readBrought(reader, ledger, change)
      const owned = brought.is === "unknown" ? brought : ownedOf(files, change, brought.value.paths)
      findings.take("owners", ownedKey(change, release), owned)
    }),
  )
}

/** What changed the gates behind the end of a release. */
function changersAfter(state: State, track: Track, release: Release, upTo: string): readonly Change[] {
  const { changedAt } = own(state.lines, release.branch) ?? {}
  return changedAt ? decidingBetween(track, upTo, changedAt.sha) : []
}

async function readCommit(input: ReleaseInput, sha: string): Promise<void> {
  const { reader, findings, line, isOwn } = input
  const named = filesNamed(line)
  const files = releaseFiles(configFor(line), input.release.component, line.workspace)
  // What Slipway wrote as the head of its own pull request is not asked of GitHub.
  const isOwnHead = landingOf(input.release, sha) !== sha
  const [evidence, workflows] = await Promise.all([
    readEvidence(reader, sha, isOwn),
    readWorkflowsOf(input, sha),
    isOwnHead ? undefined : readManifests(reader, findings, files, sha),
    ...named.map(async (path) => findings.take("files", `${sha}:${path}`, await readExistence(reader, path, sha))),
  ])
  findings.take("evidence", sha, evidence)
  if (workflows) findings.take("workflows", sha, workflows)
}

/** https://docs.github.com/en/rest/git/commits#get-a-commit-object */
async function readTree(reader: Reader, sha: string): Promise<Read<string>> {
  const answer = await reader.ask((at) => reader.rest.git.getCommit({ ...at, commit_sha: sha }))
  return answer.is === "answer"
    ? read(answer.data.tree.sha)
    : unknown(`the commit ${sha.slice(0, 7)} could not be read: ${whyUnknown(answer.error)}`)
}

/**
 * A commit's workflows never change; at the head of the branch they are what the line has read already. What runs on the
 * head of a release pull request are the workflows of pull requests.
 */
async function readWorkflowsOf({ reader, findings, state, line, release }: ReleaseInput, sha: string) {
  if (own(state.evidence, sha)?.workflows) return undefined
  if (landingOf(release, sha) !== sha) return readWorkflows(reader, line.branch, sha, startsOnPullRequest)
  const ci = own(findings.facts().learned.ci, line.branch) ?? own(state.lines, line.branch)?.ci
  return sha === line.ledger?.head && ci ? read(ci.workflows) : await readWorkflows(reader, line.branch, sha)
}

export async function readIssues(reader: Reader, findings: Findings, refs: readonly string[]): Promise<void> {
  await Promise.all(
    refs.map(async (ref) => {
      const issue = await readIssue(reader, ref)
      findings.take("issues", ref, issue.is === "read" ? read(issue.value.state) : issue)
      if (issue.is === "read") findings.take("issueSigns", ref, read(issue.value.signs))
    }),
  )
}

/**
 * Who wrote a change hardly changes once it is merged: only what was never read is. A publication rests on what was read
 * for it alone.
 */
async function readAuthors({ reader, findings, state, release, needs, line }: ReleaseInput): Promise<void> {
  const { upTo, again } = needs.authors ?? {}
  const track = trackIn(line, release.component)
  if (upTo === undefined || !line.ledger || !track) return
  const known = again ? undefined : state.authorship
  // Who changed the gates since is to be known as well: their own approval does not take a gate away.
  const later = changersAfter(state, track, release, upTo)
  const changes = [...changesOfNeed(line, track, release, upTo), ...later].filter(({ id }) => !own(known, id))
  const ours = new Set(state.releases.flatMap(({ pull }) => pull?.sha ?? []))
  const complete = await withPushers(reader, line.ledger, later.at(-1)?.sha ?? upTo, changes)
  await Promise.all(
    changes.map(async (change, at) => {
      const one = complete.is === "read" ? await readAuthorship(reader, complete.value[at] ?? change, ours) : complete
      findings.take("authorship", change.id, one)
    }),
  )
}

/** What is to be known of each of: the changes up to a commit. */
function changesOfNeed(line: LineSeen, track: Track, release: Release, upTo: string): readonly Change[] {
  const components = componentsOf(configFor(line), line.workspace)
  const isAlone = !components.some(({ name, dependsOn }) => name === release.component && dependsOn.length > 0)
  return changesUpTo(track, release, upTo, isAlone)
}

/** Behind a tag that Slipway did not make, too: nobody has vouched for that. */
function changesUpTo(track: Track, release: Release, sha: string, isAlone: boolean): readonly Change[] {
  const { previous, next, covers = [] } = release
  const after = vouchedFrom(track.ledger, previous)
  const all = changesBetween(track, "all", after, sha)
  // With a release that goes with others their changes are covered too; which those are is decided elsewhere.
  if (next.with || !isAlone) return all
  // What moves paths takes nothing out of a release that is cut.
  const ids = new Set([...covers, ...changesBetween(track, "covered", after, sha).map(({ id }) => id)])
  return all.filter(({ id }) => ids.has(id))
}
