import type { Assets } from "../model/asset.ts"
import type { Person } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Announcements, Facts } from "../model/facts.ts"
import type { Neighbour } from "../model/joint.ts"
import { kindOf } from "../model/line-kind.ts"
import { neighbourNames } from "../model/neighbour-names.ts"
import { othersFiles } from "../model/notes-file.ts"
import type { Handle, Handles } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import { teamsOwning } from "../model/owned.ts"
import type { Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { draftTarget } from "../model/target.ts"
import type { VerifyAttestation } from "../peers/attestations.ts"
import type { GitHub } from "../peers/github.ts"
import type { SendProbe } from "../peers/http-probe.ts"
import type { Prometheus } from "../peers/prometheus.ts"
import { readApprovers } from "./approvers.ts"
import { readAssets } from "./assets.ts"
import { readDeploymentEnd } from "./deployment-ends.ts"
import { readDrafts } from "./drafts.ts"
import { readEntries } from "./entries.ts"
import { type IsOwn, readEvidence } from "./evidence.ts"
import { createFindings, type Findings } from "./findings.ts"
import { readHotfixBranches } from "./hotfix-branches.ts"
import { type LineSeen, readLine } from "./line.ts"
import {
  configFor,
  headsOf,
  issuesOf,
  type LineFiles,
  namedPeople,
  namedTeams,
  releaseBranches,
  ruling,
} from "./line-config.ts"
import { readBack } from "./line-needs.ts"
import { metricNeeds, readMetrics } from "./metrics.ts"
import { isNothing, type Needs, needs } from "./needs.ts"
import { readOpenPulls } from "./open-pulls.ts"
import { createOrganisations, type Organisations } from "./organisation.ts"
import { readProposal } from "./proposal.ts"
import { readProtection } from "./protection.ts"
import { createReader, type Reader, read, unknown } from "./reader.ts"
import { readIssues, readRelease } from "./release.ts"
import { pressesOf } from "./release-needs.ts"
import { isSettingsDue } from "./settings-due.ts"
import { isAmong, readStanding } from "./standing.ts"
import { readVerifications } from "./verifications.ts"

export interface ObserveInput {
  readonly repo: Repository
  readonly state: State | undefined
  readonly signals: readonly Signal[]
  readonly handles: Handles
  readonly now: Date
  readonly abort: AbortSignal
}

export interface ObserveOptions {
  readonly github: Pick<GitHub, "for">
  /** Our own pages are no evidence for themselves: known by the App's id, which nobody else can have. */
  readonly appId: string
  /** What repositories of the same account and installation show, by their names in small letters. Asks nobody outside. */
  readonly neighbours: (repo: Repository, names: readonly string[]) => Promise<{ readonly [name: string]: Neighbour }>
  /** By owner: whether and where its releases are announced. */
  readonly announcements: (owner: string) => Announcements
  /** Absent: the process was told of no trusted roots. */
  readonly attestations?: VerifyAttestation
  /** By owner: what sends HTTP probes, to the networks that are open for it; absent: nothing does. */
  readonly probe?: (owner: string) => SendProbe
  /** By owner: the server that is asked for metrics; absent: there is none. */
  readonly metrics?: (owner: string) => Prometheus | undefined
}

/**
 * Reads the world for one run and never writes. In the steady state that is nothing: payloads and state have told it.
 *
 * What GitHub refuses (403, 404, an empty repository) is a fact, `unknown`; what says "later" (5xx, a rate limit, no
 * network, a time-out) is thrown as `PeerUnavailable`, and the engine runs again.
 */
export function createObserve(options: ObserveOptions): (input: ObserveInput) => Promise<Facts> {
  const { github, appId, announcements, metrics } = options
  const neighbours = async ({ repo, state }: ObserveInput, lines: readonly LineFiles[]) => {
    const names = neighbourNames(lines, state?.releases ?? [])
    return names.length === 0 ? {} : { neighbours: await options.neighbours(repo, names) }
  }
  // guard: own-checks
  const isOwn: IsOwn = (run) => run.appId === appId
  return async (input) => {
    const { repo, state, signals } = input
    const announced = announcements(repo.owner)
    const isDue = isSettingsDue(repo, state, signals, input.now)
    const findings = createFindings()
    const measured = readMetrics(
      metricNeeds(state, input.now, repo.defaultBranch),
      metrics?.(repo.owner),
      findings,
      input,
    )
    if (isNothing(needs(repo, state, signals)) && !isDue) {
      await measured
      findings.add(await neighbours(input, allLines(state, new Map())))
      return { ...findings.facts(), announcements: announced }
    }
    const client = await github.for(repo)
    const reader = createReader(client, repo, input.abort)
    const organisations = createOrganisations({ github: client, reader, abort: input.abort, findings, state })
    const needed = needs(repo, state, signals, await readPressers(input, reader, findings))
    const lines = await readLines(input, reader, findings, organisations, needed)
    findings.add(await neighbours(input, allLines(state, lines)))
    await Promise.all([
      measured,
      readHeads(reader, findings, lines, needed, isOwn),
      readReleases(input, reader, findings, lines, needed, isOwn),
      readPeople(input, reader, findings, lines, needed),
      readWhoMayApprove(input, reader, findings, lines, needed),
      readBoundIssues(input, reader, findings, lines, needed),
      readDraftFiles(input, reader, findings, needed),
      ...(isDue ? [readSettings(input, reader, findings, appId)] : []),
      ...needed.proposals.map(async (proposed) => {
        const line = lines.get(proposed.base) ?? known(input.state, proposed.base)
        if (line)
          findings.take(
            "proposals",
            String(proposed.pull.number),
            await readProposal(reader, proposed, line, organisations),
          )
      }),
      ...needed.openPulls.map(async (branch) =>
        findings.take("openPulls", branch, await readOpenPulls(reader, branch)),
      ),
      ...needed.deployments.map(async (id) => findings.take("deployments", id, await readDeploymentEnd(reader, id))),
      readVerifications(reader, findings, needed.verifications, isOwn),
      readEntries(reader, findings, needed.entries, {
        isOwn,
        attestations: options.attestations,
        now: input.now,
        send: options.probe?.(repo.owner),
        also: needed.verifications.flatMap(({ probes }) => probes),
        abort: input.abort,
      }),
    ])
    // Which teams own what a release touches is known only now.
    if (findings.facts().learned.owners)
      await Promise.all([
        readPeople(input, reader, findings, lines, needed),
        readWhoMayApprove(input, reader, findings, lines, needed),
      ])
    return { ...findings.facts(), announcements: announced }
  }
}

async function readSettings(
  { repo, state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  appId: string,
): Promise<void> {
  const environments = Object.keys(ruling(repo, state)?.environments ?? {})
  findings.add({ protection: await readProtection(reader, { environments, appId }) })
}

/** A draft that is not written yet has no files; it is read when something is heard of its commit. */
async function readDraftFiles(
  { state, handles }: ObserveInput,
  reader: Reader,
  findings: Findings,
  needed: Needs,
): Promise<void> {
  await Promise.all(
    needed.assets.map(async (id) => {
      const handle = handles[draftTarget(id)]
      const draft = handle?.id ?? state?.releases.find((release) => release.id === id)?.foundDraft
      const reading = draft ? await readAssets(reader, draft, own(state?.assets, id)) : unknown("there is no draft yet")
      findings.take("assets", id, reading.is === "read" ? read(withoutOurs(handle, reading.value)) : reading)
    }),
  )
}

/** The notes that Slipway itself puts there are nothing that the configuration asks for. */
const withoutOurs = (draft: Handle | undefined, assets: Assets): Assets => ({
  ...assets,
  items: othersFiles(draft, assets.items),
})

/** The default branch first: its configuration names the others. */
async function readLines(
  input: ObserveInput,
  reader: Reader,
  findings: Findings,
  organisations: Organisations,
  needed: Needs,
): Promise<ReadonlyMap<string, LineSeen>> {
  const { repo, state, signals } = input
  const { defaultBranch } = repo
  let ruled = ruling(repo, state)
  const one = (branch: string, lineNeeds = own(needed.lines, branch) ?? readBack) => {
    const kind = ruled ? kindOf(ruled, branch, defaultBranch) : null
    return readLine({ reader, findings, organisations, state, signals, branch, needs: lineNeeds, kind })
  }
  const lines = new Map<string, LineSeen>()
  if (own(needed.lines, defaultBranch)) {
    const line = await one(defaultBranch)
    lines.set(defaultBranch, line)
    ruled = configFor(line)
    if (own(needed.lines, defaultBranch)?.config) await readHotfixes(reader, findings, ruled)
  }
  const known = Object.values(state?.lines ?? {}).flatMap((l) => (l.retired === undefined ? [l.branch] : []))
  const released = releaseBranches(repo, ruled, findings.facts().learned.hotfixes ?? [])
  const fresh = released.filter((branch) => !known.includes(branch))
  const rest = new Set([...Object.keys(needed.lines), ...fresh].filter((branch) => !lines.has(branch)))
  for (const line of await Promise.all([...rest].map((branch) => one(branch)))) lines.set(line.branch, line)
  if ([...lines.values()].some((line) => line.readBack)) {
    const drafts = await readDrafts(reader)
    if (drafts.is === "read") findings.add({ drafts: drafts.value })
    // Without them a second draft could be made beside the first.
    else for (const line of lines.values()) findings.forget("ledgers", line.branch, drafts.because)
  }
  return lines
}

async function readHotfixes(reader: Reader, findings: Findings, config: Config): Promise<void> {
  if (config.hotfix.branches.length === 0) return
  const hotfixes = await readHotfixBranches(reader, config)
  if (hotfixes.is === "read") findings.add({ hotfixes: hotfixes.value })
  else findings.unknown("hotfixes", hotfixes.because)
}

async function readHeads(
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
  isOwn: IsOwn,
): Promise<void> {
  await Promise.all(
    [...lines.values()]
      .filter(({ branch, readBack: isNew }) => isNew || own(needed.lines, branch)?.evidence)
      .flatMap(headsOf)
      .map(async (head) => findings.take("evidence", head, await readEvidence(reader, head, isOwn))),
  )
}

async function readReleases(
  { state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
  isOwn: IsOwn,
): Promise<void> {
  await Promise.all(
    (state?.releases ?? []).map(async (release) => {
      const releaseNeeds = needed.releases[release.id]
      const line = lines.get(release.branch) ?? known(state, release.branch)
      if (state && releaseNeeds && line)
        await readRelease({ reader, findings, state, release, needs: releaseNeeds, line, isOwn })
    }),
  )
}

/**
 * Reads first what those may do here who pressed a button on a release: in a public repository anybody can, and who may
 * not shall cost us no more than that. Gives the clicks that count for nothing, whatever else there is to know.
 */
async function readPressers(input: ObserveInput, reader: Reader, findings: Findings): Promise<ReadonlySet<Signal>> {
  const { state, signals } = input
  const clicks = pressesOf(state, signals)
  const lines = allLines(state, new Map())
  // Owners have to be able to write: their teams are read of those alone whose press counts for anything.
  const teams = namedTeams(lines)
  const people = new Map(clicks.flatMap(({ by }) => (by.type === "User" ? [[by.login, by] as const] : [])))
  await readStandings(input, reader, findings, [...people.values()], teams)
  const standings = findings.facts().learned.standings
  return new Set(clicks.filter(({ by }) => !isAmong(own(standings, by.login), namedPeople(lines))))
}

async function readPeople(
  input: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
): Promise<void> {
  const teams = teamsAsked(input.state, findings, allLines(input.state, lines))
  const known = findings.facts().learned.standings
  const isRead = ({ login }: Person) => teams.every((team) => own(own(known, login)?.teams, team) !== undefined)
  const unread = needed.people.filter((person) => !own(known, person.login) || !isRead(person))
  await readStandings(input, reader, findings, unread, teams)
}

async function readStandings(
  { now }: ObserveInput,
  reader: Reader,
  findings: Findings,
  people: readonly Person[],
  teams: readonly string[],
): Promise<void> {
  await Promise.all(
    people.map(async (person) => {
      const reading = await readStanding(reader, person, teams, now.toISOString())
      if (reading.is === "unknown") return findings.take("standings", person.login, reading)
      findings.take("standings", person.login, { is: "read", value: reading.value.standing })
      for (const [team, because] of Object.entries(reading.value.unreadTeams)) findings.unknown(`team:${team}`, because)
    }),
  )
}

async function readWhoMayApprove(
  { state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
): Promise<void> {
  if (!needed.approvers && ![...lines.values()].some((line) => line.readBack)) return
  const reading = await readApprovers(reader, teamsAsked(state, findings, allLines(state, lines)))
  if (reading.is === "unknown") return findings.unknown("approvers", reading.because)
  findings.add({ approvers: reading.value.approvers })
  for (const [team, because] of Object.entries(reading.value.unreadTeams)) findings.unknown(`team:${team}`, because)
}

/** The teams that somebody's word may count by: those that files name, and those that own what open releases touch. */
function teamsAsked(state: State | undefined, findings: Findings, lines: readonly LineSeen[]): readonly string[] {
  const owners = { ...state?.owners, ...findings.facts().learned.owners }
  return [...new Set([...namedTeams(lines), ...teamsOwning(Object.values(owners))])]
}

/** Issues that a new plan is bound to and that no event has told of; those of a release that is read are read there. */
async function readBoundIssues(
  { state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
): Promise<void> {
  const done = state?.releases.filter((release) => needed.releases[release.id]?.fresh).map(({ branch }) => branch) ?? []
  const isNew = (ref: string) =>
    state?.issues[ref] === undefined && !state?.unknown.some((unknown) => unknown.what === `issue:${ref}`)
  const refs = new Set(
    [...lines.values()]
      .filter(({ branch }) => !done.includes(branch))
      .flatMap(issuesOf)
      .filter(isNew),
  )
  await readIssues(reader, findings, [...refs])
}

const known = (state: State | undefined, branch: string): LineSeen | undefined => {
  const line = own(state?.lines, branch)
  return line && { ...line, readBack: false }
}

const allLines = (state: State | undefined, lines: ReadonlyMap<string, LineSeen>): readonly LineSeen[] => [
  ...lines.values(),
  ...Object.keys(state?.lines ?? {}).flatMap((branch) => (lines.has(branch) ? [] : (known(state, branch) ?? []))),
]
