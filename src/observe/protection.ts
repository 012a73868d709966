import type { EnvironmentSettings, Protection, Sight, TagRuleset } from "../model/settings.ts"
import { readApprovers } from "./approvers.ts"
import { readRequired } from "./ci.ts"
import type { Read, Reader } from "./reader.ts"
import { whyUnknown } from "./reader.ts"

const seen = <T>(value: T): Sight<T> => ({ is: "seen", value })
const unseen = (because: string) => ({ is: "unseen", because }) as const

/** More active rulesets on tags than anybody has are not read one by one. */
const MOST_RULESETS = 20

/**
 * The settings that decide whether people can go round Slipway, as far as `metadata: read` and `actions: read` show
 * them; what would need `administration` is unseen. Costs three requests, one for each ruleset on tags, and two for each
 * environment.
 * @param environments as the configuration names them
 * @param appId Slipway's own: by it its protection rule is known
 */
export async function readProtection(
  reader: Reader,
  { environments, appId }: { readonly environments: readonly string[]; readonly appId: string },
): Promise<Protection> {
  const [tags, required, writers, ...settings] = await Promise.all([
    readTagRulesets(reader, appId),
    readRequired(reader, reader.repo.defaultBranch),
    readApprovers(reader, []),
    ...environments.map(async (name) => [name, await readEnvironment(reader, name, appId)] as const),
  ])
  return {
    tags,
    required: sightOf(required, (checks) => checks.map(({ name }) => name)),
    writers: sightOf(writers, ({ approvers }) => approvers.writers.length),
    environments: Object.fromEntries(settings),
  }
}

const sightOf = <T, U>(read: Read<T>, of: (value: T) => U): Sight<U> =>
  read.is === "read" ? seen(of(read.value)) : unseen(read.because)

/** https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets: those of the organisation are among them. */
async function readTagRulesets(reader: Reader, appId: string): Promise<Sight<readonly TagRuleset[]>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.getRepoRulesets({ ...at, targets: "tag", includes_parents: true }),
    (items) => ({ items }),
  )
  if (answer.is === "too many") return unseen("there are too many rulesets to read")
  if (answer.is === "refused") {
    const { error } = answer
    // A plan without rulesets has none.
    if (error.is === "forbidden" && /upgrade to github/i.test(error.message)) return seen([])
    return unseen(`the rulesets could not be read: ${whyUnknown(error)}`)
  }
  const active = answer.data.filter(({ target, enforcement }) => target === "tag" && enforcement === "active")
  if (active.length > MOST_RULESETS) return unseen(`there are ${active.length} rulesets on tags`)
  const all = await Promise.all(active.map(({ id }) => readTagRuleset(reader, id, appId)))
  const lost = all.find((one) => one.is === "unseen")
  return lost?.is === "unseen" ? lost : seen(all.flatMap((one) => (one.is === "seen" ? [one.value] : [])))
}

/** https://docs.github.com/en/rest/repos/rules#get-a-repository-ruleset */
async function readTagRuleset(reader: Reader, id: number, appId: string): Promise<Sight<TagRuleset>> {
  const answer = await reader.ask((at) => reader.rest.repos.getRepoRuleset({ ...at, ruleset_id: id }))
  if (answer.is === "refused") return unseen(`a ruleset on tags could not be read: ${whyUnknown(answer.error)}`)
  const { name, conditions, rules = [], current_user_can_bypass: may, bypass_actors: actors } = answer.data
  const refs = conditions && "ref_name" in conditions ? conditions.ref_name : undefined
  return seen({
    name,
    include: refs?.include ?? [],
    exclude: refs?.exclude ?? [],
    rules: rules.map(({ type }) => type),
    ...(may === undefined ? {} : { mayBypass: may === "always" || may === "exempt" }),
    ...(actors === undefined
      ? {}
      : { others: actors.filter((actor) => !isSlipway(actor, appId)).map(({ actor_type: type }) => type) }),
  })
}

const isSlipway = (actor: { actor_type: string; actor_id?: number | null }, appId: string): boolean =>
  actor.actor_type === "Integration" && String(actor.actor_id) === appId

/**
 * https://docs.github.com/en/rest/deployments/environments#get-an-environment and
 * https://docs.github.com/en/rest/deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment
 *
 * `can_admins_bypass` is answered and not described there: where it is missing, it is unseen.
 */
async function readEnvironment(reader: Reader, name: string, appId: string): Promise<Sight<EnvironmentSettings>> {
  const of = { environment_name: name }
  const answer = await reader.ask((at) => reader.rest.repos.getEnvironment({ ...at, ...of }))
  if (answer.is === "refused") {
    if (answer.error.is === "gone") return seen({ exists: false, rule: false })
    return unseen(`the environment ${name} could not be read: ${whyUnknown(answer.error)}`)
  }
  const rules = await reader.ask((at) => reader.rest.repos.getAllDeploymentProtectionRules({ ...at, ...of }))
  if (rules.is === "refused")
    return unseen(`the protection rules of ${name} could not be read: ${whyUnknown(rules.error)}`)
  const custom = rules.data.custom_deployment_protection_rules ?? []
  const { can_admins_bypass: bypass } = answer.data as { can_admins_bypass?: unknown }
  return seen({
    exists: true,
    rule: custom.some(({ enabled, app }) => enabled && String(app.id) === appId),
    ...(typeof bypass === "boolean" ? { adminsBypass: bypass } : {}),
  })
}
