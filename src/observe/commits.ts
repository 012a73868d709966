import type { Base } from "../model/ledger.ts"
import type { Unplaced } from "./landing.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** More than this is no release but an import: see `TAG_FIRST`. */
const COMMITS_LIMIT = 10_000
const PER_PAGE = 100

type Listed = Awaited<ReturnType<Reader["rest"]["repos"]["listCommits"]>>["data"][number]

/** Whether a commit is behind the head, and if so, what came since. */
export type Since =
  | { readonly is: "since"; readonly commits: readonly Unplaced[] }
  /** On another line, behind nothing that the head has: no release of this branch. */
  | { readonly is: "elsewhere" }
  | { readonly is: "unknown"; readonly because: string }

/**
 * The commits from a base to the head, by comparing the two, in no particular order; all of them, or `unknown`.
 * https://docs.github.com/en/rest/commits/commits#compare-two-commits: `total_commits` tells how many there must be.
 */
export async function readSince(reader: Reader, base: Base, head: string): Promise<Since> {
  if (base.sha === head) return { is: "since", commits: [] }
  const basehead = `${base.sha}...${head}`
  const compare = (page: number) =>
    reader.ask((at) => reader.rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: PER_PAGE, page }))
  const first = await compare(1)
  if (first.is === "refused") {
    // "No common ancestor" is a 404.
    if (first.error.is === "gone") return { is: "elsewhere" }
    return unknown(`the commits since ${base.tag} could not be read: ${whyUnknown(first.error)}`)
  }
  const { status, total_commits: total } = first.data
  if (status !== "ahead" && status !== "identical") return { is: "elsewhere" }
  if (total > COMMITS_LIMIT) return unknown(tagFirst(`${total} commits since ${base.tag}`))
  const pages = Array.from({ length: Math.max(0, Math.ceil(total / PER_PAGE) - 1) }, (_, i) => compare(i + 2))
  const found = new Map(first.data.commits.map((c) => [c.sha, toCommit(c)]))
  for (const page of await Promise.all(pages)) {
    if (page.is === "refused") return unknown(`the commits since ${base.tag} stopped: ${whyUnknown(page.error)}`)
    for (const commit of page.data.commits) found.set(commit.sha, toCommit(commit))
  }
  if (found.size !== total) return unknown(`GitHub listed ${found.size} of the ${total} commits since ${base.tag}`)
  return { is: "since", commits: [...found.values()] }
}

/**
 * Every commit that the head reaches, in no particular order.
 * https://docs.github.com/en/rest/commits/commits#list-commits
 */
export async function readAllCommits(reader: Reader, head: string): Promise<Read<readonly Unplaced[]>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listCommits({ ...at, sha: head }),
    (items) => ({ items }),
    COMMITS_LIMIT,
  )
  if (answer.is === "refused") return unknown(`the commits could not be read: ${whyUnknown(answer.error)}`)
  if (answer.is === "too many") return unknown(tagFirst(`at least ${answer.atLeast} commits and no release`))
  const found = new Map(answer.data.map((c) => [c.sha, toCommit(c)]))
  const missing = [...found.values()].flatMap((c) => c.parents).find((parent) => !found.has(parent))
  if (missing !== undefined) return unknown(`GitHub's list of commits has a gap at ${missing.slice(0, 7)}`)
  return read([...found.values()])
}

const tagFirst = (what: string): string =>
  `there are ${what}, more than the ${COMMITS_LIMIT} that Slipway reads; tag what was last released ` +
  "(`git tag v1.2.3 COMMIT && git push origin v1.2.3`, by the template in `version.tag`) and history starts there"

/** GitHub gives null, and for some old commits `{}`, where it does not know the e-mail address. */
export function toCommit({ sha, commit, author, committer, parents }: Listed): Unplaced {
  const { verified } = commit.verification ?? {}
  return {
    sha,
    message: commit.message,
    ...(author?.login === undefined ? {} : { author: author.login, authorId: String(author.id) }),
    authorName: commit.author?.name ?? "",
    ...(committer?.login === undefined ? {} : { committer: committer.login, committerId: String(committer.id) }),
    ...(commit.committer?.name === undefined ? {} : { committerName: commit.committer.name }),
    at: new Date(commit.committer?.date ?? commit.author?.date ?? 0).toISOString(),
    parents: parents.map((parent) => parent.sha),
    ...(verified === undefined ? {} : { verified }),
  }
}
