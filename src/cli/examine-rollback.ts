import { ownerOf } from "../act/kubernetes/owner.ts"
import { readDeployment } from "../act/kubernetes/read.ts"
import type { Account } from "../config/accounts.ts"
import type { Config } from "../model/config.ts"
import { rollbackRules } from "../model/config-rollback.ts"
import type { KubernetesPlace } from "../model/kubernetes.ts"
import type { Repository } from "../model/repository.ts"
import { toPeerError } from "../peers/errors.ts"
import type { GitHubClient } from "../peers/github.ts"
import { createKubernetes } from "../peers/kubernetes.ts"
import { createNameLookup } from "../peers/name-lookup.ts"
import { callSettingsOf } from "../process/call-settings.ts"
import type { Finding } from "./finding.ts"

interface Examining {
  readonly github: GitHubClient
  readonly repository: Repository
  readonly account: Pick<Account, "probePrivate" | "secrets">
  readonly requestTimeoutMs: number
  readonly abort: AbortSignal
}

/** Whether what a rollback needs is there: the label that asks for one, and each Deployment that it would change. Reads alone. */
export async function examineRollback(config: Config, examining: Examining): Promise<readonly Finding[]> {
  const [label, clusters] = await Promise.all([labelOf(config, examining), clustersOf(config, examining)])
  return [...label, ...clusters]
}

/** https://docs.github.com/en/rest/issues/labels#get-a-label */
async function labelOf(
  { incident }: Config,
  { github, repository: { owner, name: repo }, abort: signal }: Examining,
): Promise<readonly Finding[]> {
  const name = incident?.label
  if (name === undefined) return []
  const about = "incidents"
  try {
    await github.rest.issues.getLabel({ owner, repo, name, request: { signal } })
    return [{ about, is: "ok", says: `the label “${name}” is there (incident.label)` }]
  } catch (error) {
    const { is, message } = toPeerError(error)
    if (is !== "gone") return [{ about, is: "note", says: `the label “${name}” could not be looked at: ${message}` }]
    const says = `${owner}/${repo} has no label “${name}” (incident.label): no issue can ask for a rollback`
    return [{ about, is: "problem", says, todo: "Make it: Issues › Labels › New label." }]
  }
}

const CLUSTERS_MOST = 20

async function clustersOf(config: Config, examining: Examining): Promise<readonly Finding[]> {
  const places = placesOf(config)
  const looked = [...places.values()].slice(0, CLUSTERS_MOST)
  const { account, requestTimeoutMs: timeoutMs, abort: signal } = examining
  const ask = createKubernetes(callSettingsOf(account, { names: createNameLookup(), timeoutMs }))
  const findings = await Promise.all(
    looked.map(async ({ place, environments }): Promise<Finding> => {
      const where = `for ${environments.join(", ")}`
      const seen = await readDeployment(place, { ask, signal })
      if ("is" in seen)
        return problem(`${where}: ${seen.because}`, `${RULES} The token: SLIPWAY_SECRET_${place.token}.`)
      const keeper = ownerOf(seen.deployment)
      const what = `the Deployment ${place.deployment} in the namespace ${place.namespace} of ${place.server}`
      return keeper === undefined
        ? { about: "cluster", is: "ok", says: `${where}: ${what} can be read; whether it may be changed is not tried` }
        : problem(`${where}: ${keeper} keeps ${what}, and would undo a rollback`, "Declare `configuration` behind it.")
    }),
  )
  const more = places.size - looked.length
  return [
    ...findings,
    ...(more === 0 ? [] : [{ about: "cluster", is: "note", says: `${more} more were not looked at` } as const]),
  ]
}

const RULES = "See docs/configuration.md, rollback."

const problem = (says: string, todo: string): Finding => ({ about: "cluster", is: "problem", says, todo })

interface Placed {
  readonly place: KubernetesPlace
  readonly environments: readonly string[]
}

/** Every Deployment that a way back names, once, with the environments that do. */
function placesOf({ environments }: Config): ReadonlyMap<string, Placed> {
  const places = new Map<string, Placed>()
  for (const [name, { rollback }] of Object.entries(environments))
    for (const level of rollbackRules(rollback).levels) {
      if (level.is !== "kubernetes") continue
      const key = JSON.stringify([level.server, level.namespace, level.deployment, level.token, level.ca])
      const known = places.get(key)?.environments ?? []
      places.set(key, { place: level, environments: known.includes(name) ? known : [...known, name] })
    }
  return places
}
