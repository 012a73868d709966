import type { Announcements, Facts } from "../model/facts.ts"
import type { Neighbour } from "../model/joint.ts"
import { neighbourNames } from "../model/neighbour-names.ts"
import { own } from "../model/own.ts"
import type { Repository } from "../model/repository.ts"
import type { VerifyAttestation } from "../peers/attestations.ts"
import type { GitHub } from "../peers/github.ts"
import type { SendProbe } from "../peers/http-probe.ts"
import type { Prometheus } from "../peers/prometheus.ts"
import { readDeploymentEnd } from "./deployment-ends.ts"
import { readDraftFiles } from "./draft-files.ts"
import { readEntries } from "./entries.ts"
import { type IsOwn, readEvidence } from "./evidence.ts"
import { createFindings, type Findings } from "./findings.ts"
import type { LineSeen } from "./line.ts"
import { headsOf, issuesOf, type LineFiles, ruling } from "./line-config.ts"
import { allLines, knownLine, readLines } from "./lines.ts"
import { metricNeeds, readMetrics } from "./metrics.ts"
import { isNothing, type Needs, needs } from "./needs.ts"
import { readNewestDeployments } from "./newest-deployments.ts"
import type { ObserveInput } from "./observe-input.ts"
import { readOpenPulls } from "./open-pulls.ts"
import { createOrganisations, type Organisations } from "./organisation.ts"
import { readPeople, readPressers, readWhoMayApprove } from "./people.ts"
import { postMortemNeeds, readPostMortems } from "./post-mortems.ts"
import { readProposal } from "./proposal.ts"
import { readProtection } from "./protection.ts"
import { createReader, type Reader } from "./reader.ts"
import { readIssues, readRelease } from "./release.ts"
import { isSettingsDue } from "./settings-due.ts"
import { urgencyOf } from "./urgency.ts"
import { readVerifications } from "./verifications.ts"

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
    const postMortems = postMortemNeeds(state, signals, input.now)
    const findings = createFindings()
    const first = needs(repo, state, signals)
    const measured = readMetrics(
      metricNeeds(state, input.now, repo.defaultBranch, first.releases),
      metrics?.(repo.owner),
      findings,
      input,
    )
    if (isNothing(first) && !isDue && postMortems.length === 0) {
      await measured
      findings.add(await neighbours(input, allLines(state, new Map())))
      return { ...findings.facts(), announcements: announced }
    }
    const client = await github.for(repo, urgencyOf(signals, first.entries.length > 0))
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
      readProposals(input, reader, findings, lines, needed, organisations),
      ...needed.openPulls.map(async (branch) =>
        findings.take("openPulls", branch, await readOpenPulls(reader, branch)),
      ),
      ...needed.glances.map(async (sha) => findings.take("evidence", sha, await readEvidence(reader, sha, isOwn))),
      ...needed.deployments.map(async (id) => findings.take("deployments", id, await readDeploymentEnd(reader, id))),
      ...needed.environments.map(async (environment) =>
        findings.take("newest", environment, await readNewestDeployments(reader, environment)),
      ),
      readPostMortems(reader, findings, postMortems),
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

async function readProposals(
  { state }: ObserveInput,
  reader: Reader,
  findings: Findings,
  lines: ReadonlyMap<string, LineSeen>,
  needed: Needs,
  organisations: Organisations,
): Promise<void> {
  await Promise.all(
    needed.proposals.map(async (proposed) => {
      const line = lines.get(proposed.base) ?? knownLine(state, proposed.base)
      if (!line) return
      const proposal = await readProposal(reader, proposed, line, organisations)
      findings.take("proposals", String(proposed.pull.number), proposal)
    }),
  )
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
      const line = lines.get(release.branch) ?? knownLine(state, release.branch)
      if (state && releaseNeeds && line)
        await readRelease({ reader, findings, state, release, needs: releaseNeeds, line, isOwn })
    }),
  )
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
