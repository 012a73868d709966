import type { Authorship } from "../model/approval.ts"
import type { Change, Commit } from "../model/change.ts"
import { endsInMerge } from "../model/ledger.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Commits in GitHub's web pages are committed by this account: it says nothing about who wrote or pressed. */
const WEB_FLOW = "web-flow"
/** https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request: "a maximum of 250 commits" */
const LISTED_COMMITS = 250

/** Who wrote one commit. */
interface Wrote {
  readonly sha: string
  readonly message: string
  readonly author: string | undefined
  readonly authorName: string
  readonly authorEmail?: string | undefined
  readonly committer: string | undefined
  readonly committerName: string | undefined
}

/**
 * Who wrote a change: the opener of its pull request, authors and committers of its branch's commits, and co-authors.
 *
 * Of a pull request the branch's own commits are read, since a squash loses its authors and a rebase makes the person
 * who merged the committer. A direct commit says it all itself. A merge that was not made in GitHub's pages may hold
 * anything, so its author and committer count too.
 */
export async function readAuthorship(reader: Reader, change: Change): Promise<Read<Authorship>> {
  const { pull } = change
  if (!pull) return read(authorshipOf(change.commits.map(fromLedger), []))
  const answer = await reader.all(
    (at) => reader.rest.pulls.listCommits({ ...at, pull_number: pull.number }),
    (items) => ({ items }),
  )
  if (answer.is !== "answer")
    return unknown(
      `the commits of #${pull.number} could not be read: ${answer.is === "refused" ? whyUnknown(answer.error) : "too many"}`,
    )
  const merge = localMerge(change).map(fromLedger)
  const listed = answer.data.map(
    (c): Wrote => ({
      sha: c.sha,
      message: c.commit.message,
      author: c.author?.login,
      authorName: c.commit.author?.name ?? "",
      authorEmail: c.commit.author?.email,
      committer: c.committer?.login,
      committerName: c.commit.committer?.name,
    }),
  )
  const authorship = authorshipOf([...listed, ...merge], [pull.author.login])
  return listed.length < LISTED_COMMITS || listed.length === pull.commits
    ? read(authorship)
    : read({ ...authorship, unknown: [...authorship.unknown, beyond(pull.headSha)] })
}

const beyond = (sha: string) => ({ sha, name: `commits beyond the ${LISTED_COMMITS} that GitHub lists` })

/** The commit of a merge that was made on somebody's machine. */
const localMerge = (change: Change): readonly Commit[] =>
  endsInMerge(change) ? change.commits.slice(-1).filter((commit) => commit.committer !== WEB_FLOW) : []

const fromLedger = (commit: Commit): Wrote => ({
  sha: commit.sha,
  message: commit.message,
  author: commit.author,
  authorName: commit.authorName,
  committer: commit.committer,
  committerName: commit.committerName,
})

function authorshipOf(commits: readonly Wrote[], openers: readonly string[]): Authorship {
  const logins = new Set(openers)
  const nameless = new Map<string, { sha: string; name: string }>()
  const byEmail = new Map(commits.flatMap((c) => (c.author && c.authorEmail ? [[lower(c.authorEmail), c.author]] : [])))
  for (const commit of commits) {
    if (commit.author !== undefined) logins.add(commit.author)
    else nameless.set(commit.sha, { sha: commit.sha, name: commit.authorName })
    if (commit.committer !== undefined) logins.add(commit.committer)
    else if (commit.committerName !== undefined && !nameless.has(commit.sha))
      nameless.set(commit.sha, { sha: commit.sha, name: commit.committerName })
    for (const login of coAuthors(commit.message, byEmail)) logins.add(login)
  }
  logins.delete(WEB_FLOW)
  return { logins: [...logins].sort(), unknown: [...nameless.values()] }
}

const lower = (text: string): string => text.toLowerCase()

/** `Co-authored-by: Name <email>`; https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors */
const CO_AUTHOR = /^co-authored-by:[^<\n]*<([^<>\s]+)>[ \t\r]*$/gim
/** https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address */
const NOREPLY = /^(?:\d+\+)?([A-Za-z0-9][A-Za-z0-9-]*(?:\[bot\])?)@users\.noreply\.github\.com$/i

/**
 * A trailer is text: it can only add people. An address that neither names its login nor wrote a commit here (a tool's,
 * often) stands for nobody; that the commit's own author is unknown is what fails closed.
 */
function coAuthors(message: string, byEmail: ReadonlyMap<string, string>): string[] {
  return [...message.matchAll(CO_AUTHOR)].flatMap(([, email = ""]) => {
    const login = NOREPLY.exec(email)?.[1] ?? byEmail.get(lower(email))
    return login === undefined ? [] : [login]
  })
}
