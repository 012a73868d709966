import type { Ledger, Start } from "../model/ledger.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import type { State } from "../model/state.ts"
import { deploymentFinding, drifted, driftSays } from "./drift.ts"
import { find } from "./findings.ts"
import { configOf } from "./plan-of.ts"
import { notLetIn } from "./promotion/unasked.ts"
import { type Run, record } from "./run.ts"
import { list, short } from "./wording.ts"

/**
 * A commit entered an environment of the configuration, and no release stands on it that Slipway knows of. A deployment
 * that only waits has entered nothing; one that failed may have been there in part, and what another system made is on its
 * way although no status ever says so.
 *
 * @param component which it should be one of, where somebody said so
 */
export function deployedAround(run: Run, signal: Deployed, component?: string): void {
  const { environment, sha, ref, deployment, state, at, by } = signal
  if (state === "pending" || state === "queued" || state === "inactive") return
  if (!isConfigured(run.state, environment) || isReleased(run.state, sha)) return
  if (state === "success") {
    const of = component === undefined ? {} : { component }
    drifted(run, { environment, ...of, sha, ref, since: at, deployment, by })
  }
  const from = driftSays({ sha, ref })
  const release = standsFor(run.state, environment)
  find(run, {
    id: deploymentFinding(environment, deployment),
    kind: "deployed around",
    says:
      state === "created"
        ? `A deployment of ${from} to ${environment} was made, and it is no release that Slipway knows of.`
        : `${from} was deployed to ${environment}, and is no release that Slipway knows of.`,
    todo: `Deploy a release instead. Slipway's protection rule, switched on in the settings of the environment ${environment}, lets nothing else in.`,
    by: signal.by,
    ...(release === undefined ? {} : { release }),
  })
}

/**
 * A commit was deployed from which several components were released, and not by the tag of one of them: nobody knows which
 * is live there, and so none is taken to be. A finding where the configuration names the environment; else the audit has it.
 *
 * @param releases those of the commit, oldest first
 */
export function deployedUnnamed(run: Run, releases: readonly Release[], signal: Deployed): void {
  const { environment, sha, ref, deployment, state, by } = signal
  const release = releases.at(-1)?.id
  if (state === "pending" || state === "queued" || state === "inactive" || release === undefined) return
  const tags = list(releases.map(({ tag }) => tag))
  const did = state === "created" ? "is being deployed" : "was deployed"
  const says = `${short(sha)} ${did} to ${environment}, from which ${tags} were released: which of them is live there is not known.`
  const todo = `Deploy the tag of the one that is meant${ref === "" || ref === sha ? "" : `, and not ${ref}`}.`
  const id = deploymentFinding(environment, deployment)
  if (isConfigured(run.state, environment)) find(run, { id, kind: "deployed unnamed", says, todo, by, release })
  else if (state === "success")
    record(run, "deployed unnamed", { environment, deployment, ref, sha, says, todo }, { release, by })
}

/** A report named a version of several components, or a commit of theirs, and not which of them it is about. */
export function reportedUnnamed(run: Run, releases: readonly Release[], signal: Deployed): void {
  const { environment, sha, ref, deployment, state, by } = signal
  const release = releases.at(-1)?.id
  if (release === undefined) return
  const tags = list(releases.map(({ tag }) => tag))
  const says = `${ref || short(sha)} was reported in ${environment}, which may be ${tags}: which of them it is, is not known.`
  const todo = "Name the component in the report."
  const id = deploymentFinding(environment, deployment)
  if (isConfigured(run.state, environment)) find(run, { id, kind: "deployed unnamed", says, todo, by, release })
  else record(run, "deployed unnamed", { environment, deployment, ref, sha, state, says, todo }, { release, by })
}

/**
 * A release entered an environment, or another system makes it enter, and nothing let it in. Where the protection rule was on when it was last looked at, that
 * is an answer of Slipway's: without one an administrator started the job all the same, or the deployment is no job's.
 * Elsewhere it is the verdict on the release.
 *
 * @returns whether it was so
 */
export function enteredUnasked(run: Run, release: Release, signal: Deployed): boolean {
  const { environment, deployment, state, by } = signal
  if (state !== "created" && state !== "in_progress" && state !== "success") return false
  if (isAnswered(run.state, signal)) return false
  const isRuled = isRuleOn(run.state, environment)
  const because = isRuled ? "no gate of the environment was asked" : notLetIn(run, release, signal)
  if (because === undefined) return false
  find(run, {
    id: deploymentFinding(environment, deployment),
    kind: "deployed around",
    says:
      state === "created"
        ? `A deployment of ${release.tag} to ${environment} was made, and Slipway did not let it in: ${because}.`
        : `${release.tag} was deployed to ${environment}, and Slipway did not let it in: ${because}.`,
    todo: isRuled
      ? `Settings › Environments › ${environment}: clear “Allow administrators to bypass configured protection rules”, and deploy by a job that names the environment.`
      : `What deploys has to wait until the check run Slipway / ${environment} is green: a job by the gate action, another system by asking GitHub for it before it makes the deployment.`,
    by,
    release: release.id,
  })
  return true
}

const isRuleOn = ({ settings }: State, environment: string): boolean =>
  settings?.ways.find(({ id }) => id.toLowerCase() === `rule:${environment.toLowerCase()}`)?.is === "closed"

/** Whether an answer to GitHub let the deployment in. */
const isAnswered = ({ requests = {} }: State, { environment, deployment, sha, reported }: Deployed): boolean =>
  Object.values(requests).some(
    (one) =>
      isSameEnvironment(one.environment, environment) &&
      (one.inside?.some((inside) => inside.deployment === deployment) ||
        // What a job that was let in makes another system do is the same entry, for as long as the job is inside.
        (reported === true && one.sha === sha && one.inside !== undefined && one.inside.length > 0) ||
        ((one.deployment === deployment ||
          one.also?.includes(deployment) ||
          (one.deployment === "" && one.sha === sha)) &&
          one.end?.is === "answered" &&
          one.end.verdict === "approved")),
  )

const isConfigured = ({ lines }: State, environment: string): boolean =>
  Object.values(lines).some((line) =>
    Object.keys(configOf(line).environments).some((name) => isSameEnvironment(name, environment)),
  )

/** Also what a release that is spoken of came after, and what a branch starts from. */
const isReleased = ({ lines, releases }: State, sha: string): boolean =>
  releases.some(
    ({ phase, previous }) => previous?.sha === sha || (phase.is === "published" && phase.candidate.sha === sha),
  ) || Object.values(lines).some(({ ledger }) => ledger !== undefined && startsFrom(ledger, sha))

const startsFrom = (ledger: Ledger, sha: string): boolean =>
  [ledger, ...Object.values(ledger.starts ?? {})].some((start) => isBase(start, sha))

/** A tag that Slipway did not make is no release of its own: what the branch started from before it is. */
const isBase = ({ base, vouched, tags }: Start, sha: string): boolean =>
  (vouched === undefined ? base : vouched)?.sha === sha ||
  tags?.inside.some((mark) => mark.ours && mark.sha === sha) === true

/** Whoever follows what was live there is to know; else whoever follows the newest release. */
function standsFor({ environments, releases }: State, environment: string): string | undefined {
  const live = Object.values(environments).findLast(({ name, live }) => name === environment && live)?.live?.release
  return releases.find(({ id }) => id === live)?.id ?? releases.at(-1)?.id
}
