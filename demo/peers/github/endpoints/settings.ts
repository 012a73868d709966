import { list, numberParam, ok, type RepositoryCall, type RepositoryEndpoint } from "../call.ts"
import { apiOf, webOf } from "../shapes/repository.ts"
import { type EnvironmentRow, extraOf, iso, nodeId, notFound, type RulesetRow } from "../state.ts"

/** Environments are told apart without their case; a deployment makes one, without any rule. */
function findEnvironment({ state, repository, params }: RepositoryCall): EnvironmentRow {
  const name = params.environment_name ?? ""
  const { environments, protectedBy, deployments } = extraOf(state, repository)
  const known = environments.get(name.toLowerCase())
  if (known) return known
  const isMade =
    protectedBy.has(name.toLowerCase()) ||
    deployments.some(({ environment }) => environment.toLowerCase() === name.toLowerCase())
  if (!isMade) throw notFound()
  return { name, canAdminsBypass: true }
}

/** https://docs.github.com/en/rest/deployments/environments#get-an-environment, with `can_admins_bypass`, as it answers */
const getEnvironment: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const { name, canAdminsBypass } = findEnvironment(call)
  const at = iso(state.now())
  return ok({
    id: 1,
    node_id: nodeId("Environment", 1),
    name,
    url: `${apiOf(state, repository)}/environments/${encodeURIComponent(name)}`,
    html_url: `${webOf(state, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: at,
    updated_at: at,
    protection_rules: [],
    deployment_branch_policy: null,
    ...(canAdminsBypass === undefined ? {} : { can_admins_bypass: canAdminsBypass }),
  })
}

const listProtectionRules: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const { name } = findEnvironment(call)
  const isOn = extraOf(state, repository).protectedBy.has(name.toLowerCase())
  const { app_id: id, slug } = state.app.row
  const rule = {
    id: 1,
    node_id: nodeId("GateRule", 1),
    enabled: true,
    app: { id, slug, integration_url: `${state.url}/apps/${slug}`, node_id: nodeId("App", id) },
  }
  return ok({ total_count: isOn ? 1 : 0, custom_deployment_protection_rules: isOn ? [rule] : [] })
}

const shape = (
  { repository }: RepositoryCall,
  { bypassActors: _, rules: __, conditions: ___, ...row }: RulesetRow,
) => ({
  ...row,
  source: repository.full_name,
  source_type: "Repository",
})

const listRulesets: RepositoryEndpoint = (call) => {
  const targets = call.request.query.get("targets")?.split(",")
  const rows = extraOf(call.state, call.repository).rulesets.filter(({ target }) => targets?.includes(target) ?? true)
  return list(call, rows, (row) => shape(call, row))
}

/** Who may bypass it is shown only to who may change it: never to an App without `administration: write`. */
const getRuleset: RepositoryEndpoint = (call) => {
  const id = numberParam(call, "ruleset_id")
  const row = extraOf(call.state, call.repository).rulesets.find((one) => one.id === id)
  if (!row) throw notFound()
  const { caller } = call
  const mayChange = caller.kind === "installation" && caller.permissions.administration === "write"
  const bypasses = row.bypassActors.some(
    (actor) => caller.kind === "installation" && actor.actor_id === caller.app.app_id,
  )
  return ok({
    ...shape(call, row),
    conditions: row.conditions,
    rules: row.rules,
    current_user_can_bypass: bypasses ? "always" : "never",
    ...(mayChange ? { bypass_actors: row.bypassActors } : {}),
  })
}

export const settingEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/get-environment": getEnvironment,
  "repos/get-all-deployment-protection-rules": listProtectionRules,
  "repos/get-repo-rulesets": listRulesets,
  "repos/get-repo-ruleset": getRuleset,
}
