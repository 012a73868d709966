import type { Belonging } from "../model/approval.ts"
import type { Person } from "../model/change.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/**
 * Whether a person is of the organisation that the repository belongs to, and their account in use. Two requests; a third
 * one for who is not of it.
 *
 * What write permission does not tell: it has everybody who was let in, outside collaborators too, who are "not a member of
 * your organization". https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-outside-collaborators
 */
export async function readBelonging(reader: Reader, person: Person): Promise<Read<Belonging>> {
  const [of, account] = await Promise.all([readMembership(reader, person), readAccount(reader, person)])
  if (account.is === "unknown") return account
  return account.value === "in use" ? of : read(account.value)
}

/**
 * A pending member has not said yes yet. The token of an App is asked for the organisation permission "Members" here.
 * https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user
 */
async function readMembership(reader: Reader, { login: username }: Person): Promise<Read<Belonging>> {
  const { owner: org } = reader.repo
  const answer = await reader.ask(({ request }) => reader.rest.orgs.getMembershipForUser({ org, username, request }))
  if (answer.is === "answer") return read(answer.data.state === "active" ? "member" : "outside")
  if (answer.error.is !== "gone" && answer.error.is !== "forbidden")
    return unknown(`whether @${username} is a member of ${org} could not be read: ${whyUnknown(answer.error)}`)
  const isPersonal = await readIsPersonal(reader)
  if (isPersonal.is === "unknown") return isPersonal
  if (isPersonal.value) return read("guest")
  if (answer.error.is === "gone") return read("outside")
  return unknown(
    `whether @${username} is a member of ${org} could not be read, and outside collaborators never count: ` +
      `grant Slipway the organisation permission “Members” (read); ${whyUnknown(answer.error)}`,
  )
}

/** Whether GitHub shows somebody as a member of the repository's organisation, so that its members can be seen at all. */
export async function readIsMember(reader: Reader, { login: username }: Person): Promise<boolean> {
  const { owner: org } = reader.repo
  const answer = await reader.ask(({ request }) => reader.rest.orgs.getMembershipForUser({ org, username, request }))
  return answer.is === "answer"
}

/** Whether the repository is a person's own. https://docs.github.com/en/rest/users/users#get-a-user: `type` */
export async function readIsPersonal(reader: Reader): Promise<Read<boolean>> {
  const { owner: username } = reader.repo
  const answer = await reader.ask(({ request }) => reader.rest.users.getByUsername({ username, request }))
  return answer.is === "answer"
    ? read(answer.data.type === "User")
    : unknown(`whether ${username} is an organisation could not be read: ${whyUnknown(answer.error)}`)
}

/**
 * A GitHub Enterprise Server says since when an account is suspended (`suspended_at`, as `GET /search/users` describes it).
 * github.com says nothing of the kind: whoever is taken out of an organisation there is no member, and whoever GitHub
 * itself shut out is not shown.
 * https://docs.github.com/en/enterprise-server/admin/managing-accounts-and-repositories/managing-users-in-your-enterprise/suspending-and-unsuspending-users
 */
export async function readAccount(
  reader: Reader,
  { login: username }: Person,
): Promise<Read<"in use" | "suspended" | "gone">> {
  const answer = await reader.ask(({ request }) => reader.rest.users.getByUsername({ username, request }))
  if (answer.is === "answer") {
    const since = "suspended_at" in answer.data ? answer.data.suspended_at : null
    return read(since === null || since === undefined ? "in use" : "suspended")
  }
  if (answer.error.is === "gone") return read("gone")
  return unknown(`the account @${username} could not be read: ${whyUnknown(answer.error)}`)
}
