import { MANAGER } from "./people.ts"
import type { Place } from "./place.ts"

/** A pull request to be. */
export interface Proposal {
  readonly title: string
  /** Its one commit's message; the title unless given. */
  readonly message?: string
  /** Its description; what the message says below its first line unless given. */
  readonly body?: string
  readonly by: string
  readonly base?: string
  readonly files?: { readonly [path: string]: string }
}

export interface Proposed {
  readonly number: number
  readonly headSha: string
}

let files = 0

export async function propose({ github, repo }: Place, it: Proposal): Promise<Proposed> {
  files++
  const message = it.message ?? it.title
  return await github.openPullRequest({
    repo,
    by: it.by,
    title: it.title,
    body: it.body ?? message.slice(message.indexOf("\n") + 1 || message.length).trim(),
    ...(it.base ? { base: it.base } : {}),
    commits: [{ message, author: it.by, files: it.files ?? { [`changes/${files}.txt`]: `${it.title}\n` } }],
  })
}

/** Merges it in the manager's name. Returns the merge commit. */
export const merge = async ({ github, repo }: Place, { number }: { readonly number: number }): Promise<string> =>
  (await github.mergePullRequest({ repo, number, by: MANAGER })).sha
