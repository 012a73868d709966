import type { Commit, Pull } from "../model/change.ts"
import { ownBranchOf } from "../model/own-branch.ts"
import { describedIn } from "../model/pull-says.ts"
import { fullName } from "../model/repository.ts"
import { person } from "./person.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Pull requests that only a commit's message names: the list is complete but for the last seconds, so few are asked. */
const NAMED_LIMIT = 20

type Listed = Awaited<ReturnType<Reader["rest"]["pulls"]["list"]>>["data"][number]

/**
 * The pull requests that were merged as one of `commits`, joined on `merge_commit_sha`.
 *
 * GitHub's list has no "merged since": closed ones are read by their last update, newest first, until one was last
 * touched before the oldest landing. A pull request that the list does not have yet is asked for by its number.
 *
 * @param commits as they landed
 * @param known what webhooks told before: they carry the number of commits, the list does not
 */
export async function readPulls(
  reader: Reader,
  branch: string,
  commits: readonly Commit[],
  known: readonly Pull[],
): Promise<Read<readonly Pull[]>> {
  const landings = commits.filter((c) => c.sha === c.landing)
  const oldest = landings.map((c) => c.at).sort()[0]
  if (oldest === undefined) return read([])
  const listed = await readClosed(reader, branch, oldest)
  if (listed.is === "unknown") return listed

  const onBranch = new Set(landings.map((c) => c.sha))
  const joined = new Map<number, Pull>()
  const told = new Map(known.map((pull) => [pull.number, pull]))
  for (const pull of listed.value) {
    const merged = toPull(reader, pull)
    if (merged && onBranch.has(merged.mergeSha)) joined.set(pull.number, withTold(merged, told.get(pull.number)))
  }
  const seen = new Set([...listed.value.map((p) => p.number), ...joined.keys()])
  const wanted = [...namedBy(landings, joined, seen), ...rebased(commits, [...joined.values()])]
  for (const pull of await Promise.all(wanted.map((number) => readPull(reader, number)))) {
    if (pull.is === "unknown") return pull
    if (pull.value && onBranch.has(pull.value.mergeSha)) joined.set(pull.value.number, pull.value)
  }
  return read([...joined.values()].sort((a, b) => a.number - b.number))
}

/** What only webhooks tell: how many commits its branch had, and whether it was its author's first. */
const withTold = (pull: Pull, told: Pull | undefined): Pull => ({
  ...pull,
  ...(told?.commits === undefined ? {} : { commits: told.commits }),
  ...(told?.firstTime === undefined ? {} : { firstTime: told.firstTime }),
})

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
async function readClosed(reader: Reader, branch: string, since: string): Promise<Read<readonly Listed[]>> {
  const closed: Listed[] = []
  for (let page = 1; ; page++) {
    const answer = await reader.ask((at) =>
      reader.rest.pulls.list({
        ...at,
        state: "closed",
        base: branch,
        sort: "updated",
        direction: "desc",
        per_page: 100,
        page,
      }),
    )
    if (answer.is === "refused") return unknown(`the pull requests could not be read: ${whyUnknown(answer.error)}`)
    closed.push(...answer.data)
    const last = answer.data.at(-1)
    if (!last || answer.data.length < 100 || Date.parse(last.updated_at) < Date.parse(since)) return read(closed)
  }
}

/** Null: it is none of this repository (the number is an issue's, or another tracker's), or it is not merged. */
async function readPull(reader: Reader, number: number): Promise<Read<Pull | null>> {
  const answer = await reader.ask((at) => reader.rest.pulls.get({ ...at, pull_number: number }))
  if (answer.is === "answer") {
    const pull = toPull(reader, answer.data)
    return read(pull && { ...pull, commits: answer.data.commits })
  }
  if (answer.error.is === "gone") return read(null)
  return unknown(`pull request #${number} could not be read: ${whyUnknown(answer.error)}`)
}

/** Numbers that the newest landings without a pull request name: "… (#12)", "Merge pull request #12 from …". */
function namedBy(landings: readonly Commit[], joined: ReadonlyMap<number, Pull>, seen: ReadonlySet<number>): number[] {
  const taken = new Set([...joined.values()].map((pull) => pull.mergeSha))
  const numbers = landings
    .filter((commit) => !taken.has(commit.sha))
    .flatMap((commit) => {
      const number = Number(
        /^Merge pull request #(\d{1,9}) |^[^\n]*\(#(\d{1,9})\)\s*(?:\n|$)/.exec(commit.message)?.slice(1).join(""),
      )
      return number > 0 && !seen.has(number) ? [number] : []
    })
  return [...new Set(numbers)].slice(-NAMED_LIMIT)
}

/**
 * Merged by rebase, perhaps as several commits: only `GET pulls/N` tells how many of the commits before belong to it.
 * Asked for only where the commit before belongs to no pull request, and the message is no squash's.
 */
function rebased(commits: readonly Commit[], pulls: readonly Pull[]): number[] {
  const pullAt = new Map(pulls.map((pull) => [pull.mergeSha, pull]))
  return commits.flatMap((commit, at) => {
    const pull = pullAt.get(commit.sha)
    const before = commits[at - 1]
    if (!pull || pull.commits !== undefined || !before || pullAt.has(before.sha)) return []
    const subject = commit.message.split("\n", 1)[0] ?? ""
    const squash = subject === pull.title || subject.endsWith(`(#${pull.number})`)
    return squash || commit.committer === "web-flow" || (commit.parents?.length ?? 1) > 1 ? [] : [pull.number]
  })
}

/** What the list and the single pull request have in common. */
interface Shown {
  readonly number: number
  readonly title: string
  readonly labels: readonly { readonly name: string }[]
  readonly user: Parameters<typeof person>[0]
  readonly merge_commit_sha: string | null
  readonly merged_at: string | null
  readonly head: { readonly sha: string; readonly ref?: string; readonly repo?: { readonly id: number } | null }
  readonly base?: { readonly repo?: { readonly id: number } }
  readonly body?: string | null
}

/** Null where it was closed without a merge. */
function toPull({ repo }: Reader, pull: Shown): Pull | null {
  if (!pull.merged_at || !pull.merge_commit_sha) return null
  const author = person(pull.user)
  const head = { repo: pull.head.repo ? String(pull.head.repo.id) : undefined, ref: pull.head.ref }
  const from = ownBranchOf(head, pull.base?.repo && String(pull.base.repo.id), author)
  return {
    number: pull.number,
    title: pull.title,
    labels: pull.labels.map((label) => label.name),
    author,
    mergeSha: pull.merge_commit_sha,
    headSha: pull.head.sha,
    mergedAt: new Date(pull.merged_at).toISOString(),
    ...(from === undefined ? {} : { from }),
    // What the list calls the author is of now, after the merge: nobody is a first-time contributor any more.
    ...describedIn({ body: pull.body ?? null, repository: fullName(repo) }),
  }
}
