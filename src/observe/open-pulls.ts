import { OPEN_PULLS, type OpenPulls } from "../model/freeze.ts"
import { ownBranchOf } from "../model/own-branch.ts"
import { describedIn } from "../model/pull-says.ts"
import { fullName } from "../model/repository.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

type Listed = Awaited<ReturnType<Reader["rest"]["pulls"]["list"]>>["data"][number]

const PER_PAGE = 100

/**
 * The pull requests that are open into a branch, without Slipway's own; of very many the `OPEN_PULLS` that changed last.
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
 */
export async function readOpenPulls(reader: Reader, branch: string): Promise<Read<OpenPulls>> {
  const listed: Listed[] = []
  for (let page = 1; ; page++) {
    const answer = await reader.ask((at) =>
      reader.rest.pulls.list({
        ...at,
        state: "open",
        base: branch,
        sort: "updated",
        direction: "desc",
        per_page: PER_PAGE,
        page,
      }),
    )
    if (answer.is === "refused") return unknown(`the open pull requests could not be read: ${whyUnknown(answer.error)}`)
    listed.push(...answer.data)
    if (answer.data.length < PER_PAGE || listed.length > OPEN_PULLS) break
  }
  // One that changed between two pages is on both.
  const pulls = new Map(listed.slice(0, OPEN_PULLS).map((pull) => [pull.number, pull]))
  return read({
    pulls: [...pulls.values()].filter((pull) => !isOurs(pull)).map((pull) => toOpen(reader, pull)),
    more: listed.length > OPEN_PULLS,
  })
}

const isOurs = ({ head, base, user }: Listed): boolean => {
  const from = { repo: head.repo ? String(head.repo.id) : undefined, ref: head.ref }
  return ownBranchOf(from, String(base.repo.id), person(user)) !== undefined
}

const toOpen = ({ repo }: Reader, { number, head, labels, body }: Listed) => ({
  number,
  headSha: head.sha,
  labels: labels.map(({ name }) => name),
  closes: describedIn({ body, repository: fullName(repo) }).says?.closes ?? [],
})
