import type { ApprovalRule } from "./approvals.ts"
import { list, plain } from "./wording.ts"

/** What can be done where nobody is left who may approve, by the rule that nobody is left of. */
export const waysOut = (rule: ApprovalRule): readonly string[] =>
  rule.owns === undefined ? waysOfPeople(rule) : waysOfOwners(rule, rule.owns)

function waysOfPeople({ from, orAdmins }: ApprovalRule): readonly string[] {
  if (orAdmins)
    return [
      "make somebody who wrote none of it an admin of the repository, who stands in for them: the configuration in force " +
        `asks ${list(from, 5)}`,
    ]
  return [
    ...waysOfNames(from),
    "set “approvals: { required: 0 }” in .github/slipway.yml, if one person alone is to release here",
  ]
}

/**
 * A team can get other members at GitHub. In the place of people others are named in the configuration; since the one in
 * force asks for those who are no more also for that change, admins stand in for them.
 */
function waysOfNames(from: readonly string[]): readonly string[] {
  const teams = from.filter((who) => who.includes("/"))
  if (from.length === 0) return ["give a second person write permission: they approve what the first one wrote"]
  return [
    ...(teams.length > 0 ? [`add a second person to ${list(teams, 5)}`] : []),
    "name others under “approvals” in .github/slipway.yml, by a change of somebody else: admins of the repository stand " +
      `in for those of ${list(from, 5)} who cannot approve that${teams.length > 0 ? ", unless one of its teams is there" : ""}`,
  ]
}

/**
 * Another number in the configuration helps nobody here: the rule in force asks the owners for that change as well. What
 * helps is another name in CODEOWNERS; for those whom it takes out, admins stand in as far as they have to.
 */
function waysOfOwners({ from, orAdmins }: ApprovalRule, owned: string): readonly string[] {
  const [owners, path] = [list(from, 5), plain(owned)]
  if (orAdmins)
    return [
      "make somebody who wrote none of it an admin of the repository, who stands in for them: only CODEOWNERS of the " +
        `release before names ${owners} for ${path}`,
    ]
  const teams = from.filter((who) => who.includes("/"))
  return [
    `name somebody for ${path} in CODEOWNERS who has write permission and wrote none of it, and press Re-cut`,
    ...(teams.length > 0 ? [`add such a person to ${list(teams, 5)}`] : []),
  ]
}
