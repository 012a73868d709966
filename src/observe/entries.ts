import { artifactNamed } from "../model/artifact.ts"
import type { Person } from "../model/change.ts"
import { DEFAULT_CONFIG } from "../model/config.ts"
import { type EntryRules, entryRulesIn, rulingOf } from "../model/entry-rules.ts"
import type { Evidence } from "../model/evidence.ts"
import { own } from "../model/own.ts"
import type { Probe } from "../model/probe.ts"
import type { ProtectionRequest } from "../model/protection.ts"
import { probesOf } from "../model/smoke.ts"
import type { State } from "../model/state.ts"
import { asRequest } from "../model/verdict.ts"
import type { VerifyAttestation } from "../peers/attestations.ts"
import { type AlertsAsked, alertsAsked, readAlerts } from "./alerts.ts"
import { readAttestations } from "./attestations.ts"
import { type IsOwn, readAttempts, readEvidence } from "./evidence.ts"
import type { Findings } from "./findings.ts"
import { configFor } from "./line-config.ts"
import { type Probing, readProbes } from "./probes.ts"
import type { Reader } from "./reader.ts"
import { readTag } from "./tags.ts"

/** A release that all that is known lets into an environment: it is read for once more. */
export interface EntryNeeds {
  readonly release: string
  /** By whose configuration it is judged. */
  readonly branch: string
  readonly tag: string
  readonly sha: string
  /** Some environment asks for checks on its commit, for how old they are, or for what they say. */
  readonly checks: boolean
  /** Some environment asks that no attempt failed lately. */
  readonly attempts: boolean
  /** The artifacts that have to be attested, by digest. */
  readonly attested: readonly string[]
  /** Addresses that have to answer. */
  readonly probes: readonly Probe[]
  /** Alerts of GitHub's. */
  readonly alerts: AlertsAsked
}

/** What has to be read for the deployments that are about to be let in. A constant number of requests for each. */
export function entryNeeds(state: State | undefined, defaultBranch: string): readonly EntryNeeds[] {
  const asked = asking(state)
  const releases = state?.releases.filter(({ id }) => asked.some(({ release }) => release === id)) ?? []
  return releases.flatMap(({ id, tag, branch, phase }) => {
    if (phase.is !== "published") return []
    const of = own(state?.lines, branch)
    const ruling = of && state ? rulingOf(state, of, defaultBranch) : undefined
    const { line, rulesIn } = ruling ?? { rulesIn: entryRulesIn }
    const configs = [line?.inForce.config?.value ?? DEFAULT_CONFIG, ...(line ? [configFor(line)] : [])]
    const { sha } = phase.candidate
    const entries = asked
      .filter(({ release }) => release === id)
      .flatMap((request) => configs.map((config) => ({ request, rules: rulesIn(config, request.environment) })))
    const rules = entries.map((one) => one.rules)
    const attempts = rules.some(({ freshness }) => freshness !== undefined)
    const checks =
      attempts ||
      rules.some(
        (one) =>
          one.checks.length > 0 ||
          one.coverage !== undefined ||
          one.smoke?.checks !== undefined ||
          one.artifact?.from !== undefined,
      )
    const probes = rules.flatMap((one) => probesOf(one, phase.candidate))
    const alerts = alertsAsked(rules, { sha, branch, cut: phase.candidate.at })
    const reports = own(state?.evidence, sha)?.items ?? []
    return [
      {
        release: id,
        branch: line?.branch ?? branch,
        tag,
        sha,
        checks,
        attempts,
        attested: attestedIn(entries, reports),
        probes,
        alerts,
      },
    ]
  })
}

function attestedIn(
  entries: readonly { readonly request: ProtectionRequest; readonly rules: EntryRules }[],
  reports: readonly Evidence[],
): readonly string[] {
  const digests = entries.flatMap(({ request, rules: { artifact } }) => {
    const named = artifact?.attestation ? artifactNamed(artifact, request.artifact, reports) : undefined
    return named?.is === "digests" ? named.digests : []
  })
  return [...new Set(digests)]
}

/** Whose approval such a deployment rests on: a permission may have been taken away since. */
export const entryApprovers = (state: State | undefined): readonly Person[] =>
  asking(state).flatMap(({ approvals }) => approvals.map(({ by }) => by))

const asking = (state: State | undefined): readonly ProtectionRequest[] => [
  ...Object.values(state?.requests ?? {}).filter(({ asked, end }) => asked !== undefined && !end),
  ...Object.values(state?.verdicts ?? {})
    .filter(({ asked }) => asked !== undefined)
    .map(asRequest),
]

/** What is asked beside the repository itself. */
export interface EntrySources extends Probing {
  readonly isOwn: IsOwn
  readonly attestations: VerifyAttestation | undefined
  /** Probes for something else that are sent with them: what all of them came to is one reading. */
  readonly also?: readonly Probe[]
}

export async function readEntries(
  reader: Reader,
  findings: Findings,
  needs: readonly EntryNeeds[],
  { isOwn, attestations, now, send, abort, also = [] }: EntrySources,
): Promise<void> {
  const probes = [...needs.flatMap((one) => one.probes), ...also]
  await Promise.all([
    readAlerts(
      reader,
      needs.map(({ alerts }) => alerts),
      now,
    ).then(findings.add),
    readProbes(probes, { send, abort, now }).then(findings.add),
    ...needs.map(async ({ tag, sha, checks, attempts, attested }) => {
      await Promise.all([
        readTag(reader, tag).then((at) => findings.take("tags", tag, at)),
        checks ? readEvidence(reader, sha, isOwn).then((read) => findings.take("evidence", sha, read)) : undefined,
        attempts ? readAttempts(reader, sha, isOwn).then((read) => findings.take("attempts", sha, read)) : undefined,
        ...attested.map((digest) =>
          readAttestations(reader, digest, attestations, now).then((read) =>
            findings.take("attestations", digest, read),
          ),
        ),
      ])
    }),
  ])
}
