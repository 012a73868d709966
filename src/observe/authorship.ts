import type { Authorship, Nameless } from "../model/approval.ts"
import type { Change, Commit } from "../model/change.ts"
import { endsInMerge, isMergeCommit } from "../model/ledger.ts"
import { toCommit } from "./commits.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Commits in GitHub's web pages are committed by this account: it says nothing about who wrote or pressed. */
const WEB_FLOW = "web-flow"
/** https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request: "a maximum of 250 commits" */
const LISTED_COMMITS = 250

type Wrote = Omit<Commit, "at" | "landing">

/**
 * Who wrote a change: the opener of its pull request, authors and committers of its branch's commits, and co-authors.
 *
 * Of a pull request the branch's own commits are read, since a squash loses its authors and a rebase makes the person
 * who merged the committer. What landed without one (a direct commit, and whatever stands among a pull request's
 * commits but is none of its own) was also written by whoever pushed it: git lets anybody commit under any name. A merge
 * that was not made in GitHub's pages may hold anything, so it counts the same.
 *
 * @param change with its commits as `withPushers` has completed them
 * @param ours commits that Slipway knows to have made
 */
export async function readAuthorship(
  reader: Reader,
  change: Change,
  ours: ReadonlySet<string> = new Set(),
): Promise<Read<Authorship>> {
  const { pull } = change
  if (!pull) return read(together(change.commits.map(pushed)))
  const answer = await reader.all(
    (at) => reader.rest.pulls.listCommits({ ...at, pull_number: pull.number }),
    (items) => ({ items }),
  )
  if (answer.is !== "answer")
    return unknown(
      `the commits of #${pull.number} could not be read: ${answer.is === "refused" ? whyUnknown(answer.error) : "too many"}`,
    )
  const listed = answer.data.map(toCommit)
  const byEmail = new Map(
    answer.data.flatMap(({ author, commit }) =>
      author?.login && commit.author?.email ? [[lower(commit.author.email), author.login] as const] : [],
    ),
  )
  const isWhole = listed.length < LISTED_COMMITS || listed.length === pull.commits
  const asShown = isWhole && isAsShown(change, listed) ? { asShown: true as const } : {}
  return read({
    ...together([
      { logins: [pull.author.login], ids: [pull.author.id], unknown: [] },
      ...listed.map((commit) => committed(commit, byEmail)), // guard: branch-commits
      // guard: own-branch
      ...(pull.from === undefined
        ? []
        : listed.filter((one) => !ours.has(one.sha) && !isOfOwnBranch(one, pull.author.login)).map(foreign)),
      ...landed(change, listed),
      ...(isWhole ? [] : [beyond(pull.headSha)]),
    ]),
    ...asShown,
  })
}

/**
 * Whether nothing landed but what the pull request showed. A merge that a person made by hand may hold anything; one of
 * GitHub's own is signed by it, but for a rebase, whose commits are new, one for one, with the same messages.
 */
function isAsShown({ commits }: Change, listed: readonly Wrote[]): boolean {
  const end = commits.at(-1)
  const known = new Set(listed.map(({ sha }) => sha))
  if (!end) return false
  if (isByGitHub(end)) return commits.slice(0, -1).every(({ sha }) => known.has(sha))
  if (commits.every(({ sha }) => known.has(sha))) return true
  const isRebased = commits.length === listed.length && !commits.some(({ sha }) => known.has(sha))
  return isRebased && !isMergeCommit(end) && commits.every(({ message }, at) => message === listed[at]?.message)
}

const beyond = (sha: string): Authorship => ({
  ...NOBODY,
  unknown: [{ sha, name: `commits beyond the ${LISTED_COMMITS} that GitHub lists`, because: "unlisted" }],
})

/** What landed as a pull request, and is not told by its own commits already. */
function landed(change: Change, listed: readonly Wrote[]): readonly Authorship[] {
  const own = new Set(listed.flatMap(({ sha, message }) => [sha, message]))
  // A rebase makes new commits, but keeps their messages.
  const isOwn = ({ sha, message }: Commit) => own.has(sha) || own.has(message)
  const foreign = change.commits.slice(0, -1).filter((commit) => !isOwn(commit))
  const end = change.commits.at(-1)
  return [...foreign.map(pushed), ...(end ? [ended(end, endsInMerge(change), isOwn(end))] : [])]
}

/**
 * A branch of Slipway's own has nobody who opened its pull request and answers for it: whoever may write can push there
 * under any name, Slipway's first of all. So a commit there counts by GitHub's signature alone: Slipway's own, which the
 * API signs, or a person's. Where an Enterprise Server does not sign, what Slipway remembers to have made is its own too.
 */
const isOfOwnBranch = ({ author, verified }: Wrote, self: string): boolean =>
  verified === true && author !== undefined && (author === self || !author.endsWith("[bot]"))

const foreign = ({ sha, authorName: name }: Wrote): Authorship => ({
  ...NOBODY,
  unknown: [{ sha, name, because: "own branch" }],
})

/** Who wrote the commit that a pull request was merged as: nobody but its authors, where GitHub made it of their work. */
function ended(end: Commit, isMerge: boolean, isOwn: boolean): Authorship {
  if (isByGitHub(end)) {
    const nameless = !isMerge && end.author === undefined
    return { ...NOBODY, unknown: nameless ? [noAccount(end.sha, end.authorName)] : [] }
  }
  return isOwn && !isMerge ? NOBODY : pushed(end)
}

/**
 * A committer is a name that anybody can write; GitHub signs what it commits itself. (An Enterprise Server that does not
 * sign makes authors of those who merge: they approve others' work only.)
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
const isByGitHub = ({ committer, verified }: Commit): boolean => committer === WEB_FLOW && verified === true

const NOBODY: Authorship = { logins: [], ids: [], unknown: [] }

/** Who wrote a commit that came without a pull request. */
function pushed(commit: Commit): Authorship {
  const said = committed(commit, new Map())
  const { push, verified, sha, authorName: name } = commit
  if (push) return together([said, { logins: [push.by.login], ids: [push.by.id], unknown: [] }])
  if (verified !== true) return together([said, { ...NOBODY, unknown: [{ sha, name, because: "signature" }] }])
  return said.logins.length > 0 ? said : together([said, { ...NOBODY, unknown: [noAccount(sha, name)] }])
}

/** Whom a commit itself names: author, committer and co-authors. */
function committed(commit: Wrote, byEmail: ReadonlyMap<string, string>): Authorship {
  const { sha, author, authorId, authorName, committer, committerId, committerName } = commit
  const others = coAuthors(commit.message, byEmail) // guard: co-author
  const isByWebFlow = committer === WEB_FLOW
  // guard: second-identity
  const nameless =
    author === undefined
      ? [noAccount(sha, authorName)]
      : committer === undefined && committerName !== undefined
        ? [noAccount(sha, committerName)]
        : []
  return {
    logins: [author, committer, ...others].flatMap((l) => (l && l !== WEB_FLOW ? [l] : [])),
    ids: [author === WEB_FLOW ? undefined : authorId, isByWebFlow ? undefined : committerId].flatMap((id) => id ?? []),
    unknown: nameless,
  }
}

const noAccount = (sha: string, name: string): Nameless => ({ sha, name, because: "account" })

function together(all: readonly Authorship[]): Authorship {
  const nameless = new Map<string, Nameless>()
  for (const one of all.flatMap(({ unknown }) => unknown)) if (!nameless.has(one.sha)) nameless.set(one.sha, one)
  return {
    logins: [...new Set(all.flatMap(({ logins }) => logins))].sort(),
    ids: [...new Set(all.flatMap(({ ids }) => ids))].sort(),
    unknown: [...nameless.values()],
  }
}

const lower = (text: string): string => text.toLowerCase()

/** `Co-authored-by: Name <email>`; https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors */
const CO_AUTHOR = /^co-authored-by:[^<\r\n\u2028\u2029]*<([^<>\s]+)>[ \t\r]*$/gim
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
