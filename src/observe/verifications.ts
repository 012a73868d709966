import { DEFAULT_CONFIG } from "../model/config.ts"
import type { Environment, Live } from "../model/deployment.ts"
import { rulingOf } from "../model/entry-rules.ts"
import { own } from "../model/own.ts"
import type { Probe } from "../model/probe.ts"
import { watchedIn } from "../model/rollback-watch.ts"
import { probesOf } from "../model/smoke.ts"
import type { State } from "../model/state.ts"
import { verifyRules } from "../model/verify-rules.ts"
import { type IsOwn, readEvidence } from "./evidence.ts"
import type { Findings } from "./findings.ts"
import { configFor } from "./line-config.ts"
import { type Read, type Reader, read, unknown, whyUnknown } from "./reader.ts"

/** A release that is live, and whose verification is to be decided on. */
export interface VerificationNeeds {
  /** GitHub's deployment id. Empty: there is none. */
  readonly deployment: string
  readonly sha: string
  /** Some checks have to pass on its commit. */
  readonly checks: boolean
  /** Addresses that have to answer. */
  readonly probes: readonly Probe[]
}

/** What has to be read to decide on the verifications whose time is over. */
export function verificationNeeds(state: State | undefined, defaultBranch: string): readonly VerificationNeeds[] {
  return Object.values(state?.environments ?? {}).flatMap((environment) => {
    const { name } = environment
    const live = toDecideOn(environment)
    if (!live) return []
    const of = own(state?.lines, state?.releases.find(({ id }) => id === live.release)?.branch ?? "")
    const ruling = of && state ? rulingOf(state, of, defaultBranch) : undefined
    const configs = ruling ? [ruling.line.inForce.config?.value ?? DEFAULT_CONFIG, configFor(ruling.line)] : []
    const rules = verifyRules(configs.flatMap((config) => ruling?.rulesIn(config, name) ?? []))
    const { checks = [], probes = [] } = rules ?? {}
    const { deployment, sha, reported } = live
    return [
      {
        deployment: reported ? "" : deployment,
        sha,
        checks: checks.length > 0,
        probes: probesOf({ smoke: { probes } }, live),
      },
    ]
  })
}

/** The release whose time is over: one that went live, or one that a rollback brought back. */
function toDecideOn(environment: Environment): Live | undefined {
  const { live } = environment
  if (live?.verification?.is === "running" && live.verification.asked !== undefined) return live
  const watched = watchedIn(environment)
  return watched?.asked === undefined ? undefined : watched.live
}

export async function readVerifications(
  reader: Reader,
  findings: Findings,
  needs: readonly VerificationNeeds[],
  isOwn: IsOwn,
): Promise<void> {
  await Promise.all(
    needs.flatMap(({ deployment, sha, checks }) => [
      ...(deployment === ""
        ? []
        : [readDeployment(reader, deployment).then((word) => findings.take("statuses", deployment, word))]),
      ...(checks ? [readEvidence(reader, sha, isOwn).then((known) => findings.take("evidence", sha, known))] : []),
    ]),
  )
}

/**
 * GitHub's newest word on a deployment. The list has the newest status first; ids grow, so that they tell it anyway.
 * https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses
 */
async function readDeployment(reader: Reader, deployment: string): Promise<Read<string>> {
  const answer = await reader.ask((at) =>
    reader.rest.repos.listDeploymentStatuses({ ...at, deployment_id: Number(deployment), per_page: 10 }),
  )
  if (answer.is === "refused") return unknown(whyUnknown(answer.error))
  const newest = answer.data.reduce<(typeof answer.data)[number] | undefined>(
    (last, status) => (last && last.id > status.id ? last : status),
    undefined,
  )
  return newest ? read(newest.state) : unknown("GitHub has no status of it")
}
