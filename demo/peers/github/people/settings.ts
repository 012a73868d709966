import { extraOf, type GitHubState, type RulesetRow, repositoryOf } from "../state.ts"

/** Saves the settings of an environment, as an admin does; `canAdminsBypass` undefined: a GitHub that does not tell. */
export function setEnvironment(
  state: GitHubState,
  repo: string,
  name: string,
  settings: { canAdminsBypass?: boolean } = {},
): void {
  extraOf(state, repositoryOf(state, repo)).environments.set(name.toLowerCase(), { name, ...settings })
}

/** Makes an active ruleset on tags that the App alone may bypass, unless told otherwise; one of that name is replaced. */
export function setTagRuleset(state: GitHubState, repo: string, wanted: Partial<RulesetRow> = {}): void {
  const extra = extraOf(state, repositoryOf(state, repo))
  const row: RulesetRow = {
    id: state.nextId(),
    name: "Release tags",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/tags/v*"], exclude: [] } },
    rules: [{ type: "creation" }, { type: "update" }, { type: "deletion" }],
    bypassActors: [{ actor_id: state.app.row.app_id, actor_type: "Integration", bypass_mode: "always" }],
    ...wanted,
  }
  extra.rulesets = [...extra.rulesets.filter(({ name }) => name !== row.name), row]
}
