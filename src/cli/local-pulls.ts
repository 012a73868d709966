import { firstLine } from "../decide/classify.ts"
import type { Commit, Pull } from "../model/change.ts"

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
export function localPulls(commits: readonly Commit[]): readonly Pull[] {
  const pulls: Pull[] = []
  let writer: Commit | undefined
  for (const commit of commits) {
    if (writer?.landing !== commit.landing) writer = commit
    if (commit.landing !== commit.sha) continue
    const known = numberAndTitle(commit.message)
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
    })
  }
  return pulls
}

const NONE: readonly string[] = []

function numberAndTitle(message: string): { number: number; title: string } | null {
  const line = firstLine(message)
  const merge = /^Merge pull request #(\d{1,9}) from /.exec(line)
  if (merge) return { number: Number(merge[1]), title: firstLine(message.trimStart().slice(line.length)) }
  if (!line.endsWith(")")) return null
  const squash = /^(.*?)\s*\(#(\d{1,9})\)$/.exec(line)
  return squash ? { number: Number(squash[2]), title: squash[1] ?? "" } : null
}
