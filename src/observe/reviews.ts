import type { Reviews } from "../model/brought.ts"
import type { Person, Pull } from "../model/change.ts"
import { readAccount } from "./belonging.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** A comment is no word for or against, and what is pending nobody has sent. */
// guard: dismissed-review
const WORDS = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]

/**
 * Whose latest review of a pull request approves the commit that was merged, and whose asks for changes. GitHub lists
 * them "in chronological order". https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
 *
 * @param accounts those that this run has read, by login: a review of who is suspended covers nothing
 */
export async function readReviews(reader: Reader, pull: Pull, accounts: Accounts): Promise<Read<Reviews>> {
  const answer = await reader.all(
    (at) => reader.rest.pulls.listReviews({ ...at, pull_number: pull.number }),
    (items) => ({ items }),
  )
  if (answer.is !== "answer")
    return unknown(
      `the reviews of #${pull.number} could not be read: ${answer.is === "refused" ? whyUnknown(answer.error) : "too many"}`,
    )
  const latest = new Map<string, { readonly by: Person; readonly state: string; readonly on: string | null }>()
  for (const { user, state, commit_id: on } of answer.data) {
    if (!user || !WORDS.includes(state)) continue
    const by = person(user)
    // guard: latest-review
    latest.set(by.id, { by, state, on })
  }
  const all = [...latest.values()]
  // guard: review-of-an-older-head
  const approving = all.filter(({ state, on }) => state === "APPROVED" && on === pull.headSha).map(({ by }) => by)
  const approved = await inUse(reader, approving, accounts)
  if (approved.is === "unknown") return approved
  const refused = all.filter(({ state }) => state === "CHANGES_REQUESTED").map(({ by }) => by)
  return read({ approved: approved.value, refused })
}

/** What was read of accounts in a run, by login: people review many changes. */
export type Accounts = Map<string, ReturnType<typeof readAccount>>

/** Who is suspended stays among those who may write; whether they are is asked of each account, and once a run. */
async function inUse(reader: Reader, people: readonly Person[], accounts: Accounts): Promise<Read<readonly Person[]>> {
  const kept: Person[] = []
  for (const who of people) {
    const reading = accounts.get(who.login) ?? (who.type === "User" ? readAccount(reader, who) : inUseAlways)
    accounts.set(who.login, reading)
    const account = await reading
    if (account.is === "unknown") return account
    // guard: suspended-reviewer
    if (account.value === "in use") kept.push(who)
  }
  return read(kept)
}

/** A bot's review counts nowhere, and has no account that could be asked for. */
const inUseAlways = Promise.resolve(read("in use" as const))
