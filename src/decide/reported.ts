import { environmentNamed } from "../model/environment-named.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Candidate, Release } from "../model/release.ts"
import type { Deployed, Reported } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { deployedAround, reportedUnnamed } from "./deployed-around.ts"
import { deployed } from "./deployments.ts"
import { driftOf } from "./drift.ts"
import { failedThere } from "./last-known-good.ts"
import { configOf } from "./plan-of.ts"
import { type Run, record } from "./run.ts"

/**
 * A system outside of GitHub says what it deployed. What it names is found among the releases that are out, and then it is a
 * deployment as any other: past the gates it is a finding, and what is no release is drift. What is known already, and only
 * said again, changes nothing: such systems may tell every few minutes how things are.
 */
export function reported(run: Run, report: Reported): void {
  const found = releasesNamed(run, report)
  const { environment, component, version, sha, state, by } = report
  const [first] = found
  if (first === undefined) {
    const of = component !== undefined && isComponent(run.state, component) ? { component } : {}
    if (isKnownDrift(run, report, of)) return
    record(run, "reported", { environment, version: version ?? null, sha: sha ?? null, state }, { by })
    deployedAround(run, asDeployed(report, sha ?? "", version ?? sha ?? ""), of.component)
    return
  }
  if (found.length > 1) {
    reportedUnnamed(
      run,
      found.map(({ release }) => release),
      asDeployed(report, first.candidate.sha, version ?? ""),
    )
    return
  }
  const { release, candidate } = first
  if (state === "success" && isThere(run, release, report)) return
  deployed(run, asDeployed(report, candidate.sha, release.tag))
}

interface Named {
  readonly release: Release
  readonly candidate: Candidate
}

/** Those that fit all that was said: one is meant, none is known, or the component is missing. */
function releasesNamed({ state }: Run, { version, sha, component }: Reported): readonly Named[] {
  const fitting = state.releases.flatMap((release): readonly Named[] => {
    const { phase, tag } = release
    // The tag is out before the end of our own publication is told.
    const isOut = phase.is === "published" || (phase.is === "cut" && phase.publishing !== undefined)
    if (!isOut || (component !== undefined && component !== release.component)) return []
    const { candidate } = phase
    const isNamed = version === undefined || [tag, candidate.version, `v${candidate.version}`].includes(version)
    return isNamed && (sha === undefined || sha === candidate.sha) ? [{ release, candidate }] : []
  })
  // By its commit alone one component may have been released twice; the newest of each is what people call it.
  const newest = new Map(fitting.map((one) => [one.release.component, one]))
  return [...newest.values()]
}

/** It is live there, and nothing was heard since that it should come from anew. */
function isThere({ state }: Run, { id, component }: Release, { environment, at }: Reported): boolean {
  const here = environmentNamed(state, environment, component)
  if (here?.live?.release !== id || here.live.verification?.is === "failed") return false
  if (here.rollback?.is === "running" || driftOf(state, environment, component)) return false
  const failed = failedThere(here, id)
  return at >= here.live.since && (failed === undefined || failed.at <= here.live.since)
}

/** What names none that there is may be any of them: in its own place no release would ever go live. */
const isComponent = ({ releases, lines }: State, name: string): boolean =>
  releases.some(({ component }) => component === name) ||
  Object.values(lines).some((line) => Object.hasOwn(configOf(line).components, name))

/** Something that is no release, and was reported there before. */
const isKnownDrift = (
  { state: { drift = {} } }: Run,
  report: Reported,
  { component }: Pick<Reported, "component">,
): boolean => {
  const { environment, version, sha = "", state } = report
  return (
    state === "success" &&
    Object.values(drift).some(
      (one) =>
        isSameEnvironment(one.environment, environment) &&
        one.component === component &&
        one.sha === sha &&
        one.ref === (version ?? sha),
    )
  )
}

const asDeployed = (report: Reported, sha: string, ref: string): Deployed => {
  const { deployment, environment, artifact, status, state, url, by, at } = report
  return {
    kind: "deployed",
    deployment,
    environment,
    sha,
    ref,
    task: "deploy",
    ...(artifact ? { artifact } : {}),
    status,
    state,
    ...(url ? { url } : {}),
    by,
    at,
    reported: true,
  }
}
