import type { Person } from "../model/change.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** How an organisation role stands among teams: `acme/role:CI/CD admin`. No team's slug has a colon. */
const ROLE = /^([^/]+)\/role:(.+)$/

/** Whether a name is one of an organisation role, and not of a team. */
export const isRole = (name: string): boolean => ROLE.test(name)

/**
 * Who has a role in an organisation, by a team that has it too: GitHub lists those among its users. Two requests.
 * https://docs.github.com/en/rest/orgs/organization-roles#list-users-that-are-assigned-to-an-organization-role
 *
 * It takes the organisation permission "Custom organization roles" (read), which Slipway does not ask everybody for.
 *
 * @param name `org/role:NAME`
 */
export async function readRole(reader: Reader, name: string): Promise<Read<readonly Person[]>> {
  const [, org = "", wanted = ""] = ROLE.exec(name) ?? []
  const roles = await reader.ask(({ request }) => reader.rest.orgs.listOrgRoles({ org, request }))
  if (roles.is === "refused") return unknown(`the roles of ${org} could not be read: ${howToGrant(roles.error)}`)
  const role = roles.data.roles?.find((one) => one.name === wanted)
  if (!role) return unknown(`${org} has no role “${wanted}”; is its name right?`)
  const users = await reader.all(
    ({ request, per_page, page }) =>
      reader.rest.orgs.listOrgRoleUsers({ org, role_id: role.id, request, per_page, page }),
    (items) => ({ items }),
  )
  if (users.is === "answer") return read(users.data.map(person))
  if (users.is === "too many") return unknown(`the role “${wanted}” of ${org} has too many users to read`)
  return unknown(`who has the role “${wanted}” in ${org} could not be read: ${howToGrant(users.error)}`)
}

const howToGrant = (error: Parameters<typeof whyUnknown>[0]): string =>
  (error.is === "forbidden"
    ? "grant Slipway’s App the organisation permission “Custom organization roles” (read); "
    : "") + whyUnknown(error)
