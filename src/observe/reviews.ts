import type { Reviews } from "../model/brought.ts"
import type { Person, Pull } from "../model/change.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** A comment is no word for or against, and what is pending nobody has sent. */
// guard: dismissed-review
const WORDS = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]

/**
 * Whose latest review of a pull request approves the commit that was merged, and whose asks for changes. GitHub lists
 * them "in chronological order". https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
 */
export async function readReviews(reader: Reader, pull: Pull): Promise<Read<Reviews>> {
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
  return read({
    // guard: review-of-an-older-head
    approved: all.filter(({ state, on }) => state === "APPROVED" && on === pull.headSha).map(({ by }) => by),
    refused: all.filter(({ state }) => state === "CHANGES_REQUESTED").map(({ by }) => by),
  })
}
