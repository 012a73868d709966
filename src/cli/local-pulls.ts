import { firstLine } from "../decide/classify.ts"
import { heardInTitle } from "../decide/voices.ts"
import type { Commit, Pull } from "../model/change.ts"
import type { Voice } from "../model/voice.ts"

/** GitHub's private addresses name the login: `1234+lea@users.noreply.github.com`. */
const NOREPLY = /^(?:\d+\+)?([A-Za-z0-9-]{1,39}(?:\[bot\])?)@users\.noreply\.github\.com$/

/** The GitHub login that an e-mail address gives away; undefined for any other address. */
export const loginOf = (mail: string): string | undefined => NOREPLY.exec(mail)?.[1]

/**
 * The pull requests that a clone knows of: by `Merge pull request #12 from …`, whose body GitHub begins with the title,
 * and by the ` (#12)` of squash and rebase merges. Labels are only on GitHub.
 *
 * @param commits those of one landing stand together, its end last
 */
export function localPulls(commits: readonly NamingCommit[]): readonly Pull[] {
  const pulls: Pull[] = []
  let writer: NamingCommit | undefined
  for (const commit of commits) {
    if (writer?.landing !== commit.landing) writer = commit
    if (commit.landing !== commit.sha) continue
    const known = commit.names === undefined ? pullNamedBy(commit.sha, commit.message) : commit.names
    if (!known) continue
    const login = writer.author ?? ""
    pulls.push({
      number: known.number,
      title: known.title,
      labels: NONE,
      author: { login, id: "", type: login.endsWith("[bot]") ? "Bot" : "User" },
      mergeSha: commit.sha,
      headSha: commit.parents?.[1] ?? commit.sha,
      mergedAt: commit.at,
      heard: known.heard,
    })
  }
  return pulls
}

const NONE: readonly string[] = []

/** What a commit says of the pull request that it merges. */
export interface NamedPull {
  readonly number: number
  readonly title: string
  readonly heard: readonly Voice[]
}

/** A commit of which it may be known already which pull request it names; null: none. */
interface NamingCommit extends Commit {
  readonly names?: NamedPull | null
}

/** The pull request that a commit names; null: none. */
export function pullNamedBy(sha: string, message: string): NamedPull | null {
  const named = numberAndTitle(message)
  return named && { ...named, heard: heardInTitle(sha, named.title) }
}

function numberAndTitle(message: string): { number: number; title: string } | null {
  const line = firstLine(message)
  const merge = /^Merge pull request #(\d{1,9}) from /.exec(line)
  if (merge) return { number: Number(merge[1]), title: firstLine(message.trimStart().slice(line.length)) }
  if (!line.endsWith(")")) return null
  const squash = /^(.*?)\s*\(#(\d{1,9})\)$/.exec(line)
  return squash ? { number: Number(squash[2]), title: squash[1] ?? "" } : null
}
