import type { Change, Commit, Push } from "../model/change.ts"
import { type Ledger, startOf } from "../model/ledger.ts"
import { toCommit } from "./commits.ts"
import type { Unplaced } from "./landing.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

const PER_PAGE = 100
/** Two thousand pushes: whoever pushed what is older has to be told by a signature. */
const ACTIVITY_PAGES = 20

/**
 * Completes the commits that may hold anything, those without a pull request and those that one was merged as, by what
 * GitHub says of them itself: accounts and signature, and who pushed what is not signed. A push payload names no ids and
 * no signature; history names no pusher. It is one request for a hundred commits that a push told of, and one for a
 * hundred pushes where history was read back.
 *
 * @param upTo the commit that the changes lead to
 */
export async function withPushers(
  reader: Reader,
  ledger: Ledger,
  upTo: string,
  changes: readonly Change[],
): Promise<Read<readonly Change[]>> {
  const loose = changes.flatMap(looseOf)
  const untold = loose.filter((commit) => commit.parents === undefined)
  const told = untold.length === 0 ? read(new Map<string, Unplaced>()) : await readCommits(reader, upTo, ledger, untold)
  if (told.is === "unknown") return told
  const complete = (commit: Commit): Commit => ({ ...commit, ...told.value.get(commit.sha) })
  const pushless = loose.map(complete).filter(({ push, verified }) => !push && verified !== true)
  const pushers = pushless.length === 0 ? new Map<string, Push>() : await readPushes(reader, ledger)
  const known = new Set(loose.map(({ sha }) => sha))
  const withPush = (commit: Commit): Commit => {
    const push = commit.push ?? pushers.get(commit.sha)
    return push ? { ...complete(commit), push } : complete(commit)
  }
  return read(
    changes.map((change) => ({
      ...change,
      commits: change.commits.map((commit) => (known.has(commit.sha) ? withPush(commit) : commit)),
    })),
  )
}

const looseOf = ({ pull, commits }: Change): readonly Commit[] => (pull ? commits.slice(-1) : commits)

/** Newest first, until all are met. https://docs.github.com/en/rest/commits/commits#list-commits */
async function readCommits(
  reader: Reader,
  upTo: string,
  ledger: Ledger,
  wanted: readonly Commit[],
): Promise<Read<ReadonlyMap<string, Unplaced>>> {
  const found = new Map<string, Unplaced>()
  const last = Math.ceil(ledger.commits.length / PER_PAGE) + 1
  for (let page = 1; page <= last; page++) {
    const answer = await reader.ask((at) =>
      reader.rest.repos.listCommits({ ...at, sha: upTo, per_page: PER_PAGE, page }),
    )
    if (answer.is === "refused")
      return unknown(`the commits up to ${upTo.slice(0, 7)} could not be read: ${whyUnknown(answer.error)}`)
    for (const commit of answer.data) found.set(commit.sha, toCommit(commit))
    if (wanted.every(({ sha }) => found.has(sha))) return read(found)
    if (answer.data.length < PER_PAGE) break
  }
  return unknown(`GitHub does not list all of the commits up to ${upTo.slice(0, 7)}`)
}

type Activity = Awaited<ReturnType<Reader["rest"]["repos"]["listActivities"]>>["data"][number]

/**
 * Who first brought each commit to the branch, as far as GitHub remembers: all pushes back to where the ledger starts,
 * since a later push may have brought again what somebody else had brought. Where the list is refused, or an older
 * GitHub does not have it, nobody is known, and signatures have to do.
 * https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
async function readPushes(reader: Reader, ledger: Ledger): Promise<ReadonlyMap<string, Push>> {
  const pushes = new Map<string, Push>()
  const places = new Map(ledger.commits.map(({ sha }, at) => [sha, at]))
  let after: string | undefined
  for (let page = 1; page <= ACTIVITY_PAGES; page++) {
    const answer = await reader.ask(async (at) => {
      const from = after === undefined ? {} : { after }
      const ref = `refs/heads/${ledger.branch}`
      const response = await reader.rest.repos.listActivities({ ...at, ...from, ref, per_page: PER_PAGE })
      return { data: { items: response.data, next: nextCursor(response.headers.link) } }
    })
    if (answer.is === "refused") return new Map()
    // Newest first: an older push replaces a newer one.
    for (const activity of answer.data.items) for (const sha of broughtBy(activity, ledger, places)) set(sha, activity)
    after = answer.data.next
    const isAtStart = answer.data.items.some((activity) => activity.after === startOf(ledger)?.sha)
    if (after === undefined || isAtStart) break
  }
  return pushes

  function set(sha: string, { actor, timestamp }: Activity): void {
    if (actor)
      pushes.set(sha, { by: { login: actor.login, id: String(actor.id) }, at: new Date(timestamp).toISOString() })
    else pushes.delete(sha)
  }
}

/** The commits of the ledger from behind the head before a push up to the one after it. */
function broughtBy(
  { before, after }: Activity,
  ledger: Ledger,
  places: ReadonlyMap<string, number>,
): readonly string[] {
  const end = places.get(after)
  return end === undefined ? [] : ledger.commits.slice((places.get(before) ?? -1) + 1, end + 1).map(({ sha }) => sha)
}

/** Pages follow a cursor. https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextCursor(link: string | undefined): string | undefined {
  const next = link?.split(",").find((part) => /rel="next"/.test(part))
  const cursor = /[?&]after=([^&>]+)/.exec(next ?? "")?.[1]
  return cursor === undefined ? undefined : decodeURIComponent(cursor)
}
