import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderRevert } from "../render/revert.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"

type Content = EffectOf<"merge">["content"]

/** By which a repository lets pull requests be merged is its own setting: the first that it lets is taken. */
const METHODS = ["merge", "squash", "rebase"] as const

/**
 * Merges the pull request that takes a release back, if GitHub lets it: 405 is its word for reviews, checks or a
 * solution of conflicts that are missing, 409 for a head that has moved. Only the commit that Slipway made is merged: it
 * stands on the bad release, and has the tree of the good one. Asked twice, the second answer is that it is merged.
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export const merge: Family<"merge", OnGitHub> = async ({ content }, context) => {
  const { octokit, at } = context
  const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: content.number })
  if (pull.merged) return merged()
  if (!(await isOwn(content, pull.head.sha, context)))
    return refused("invalid", "its branch has been changed since Slipway made it")
  const { title, message } = renderRevert(content)
  for (const method of METHODS) {
    try {
      await octokit.rest.pulls.merge({
        ...at,
        pull_number: content.number,
        sha: pull.head.sha,
        merge_method: method,
        ...(method === "squash" ? { commit_title: title, commit_message: message.slice(title.length).trim() } : {}),
      })
      return merged()
    } catch (error) {
      const why = toPeerError(error)
      if (why.status !== 405 && why.status !== 409) throw error
      // "Merge commits are not allowed on this repository.", and the like for the other methods.
      if (!/not allowed on this repository/i.test(why.message)) return notMerged(why.message)
    }
  }
  return notMerged("the repository lets pull requests be merged by no method")
}

async function isOwn({ from, to }: Content, head: string, { octokit, at }: OnGitHub): Promise<boolean> {
  const { data: made } = await octokit.rest.git.getCommit({ ...at, commit_sha: head })
  const { data: good } = await octokit.rest.git.getCommit({ ...at, commit_sha: to.sha })
  // guard: merges-its-own
  return made.tree.sha === good.tree.sha && made.parents.length === 1 && made.parents[0]?.sha === from.sha
}

const merged = (): Outcome => ({ is: "done", result: { merged: true } })
const notMerged = (because: string): Outcome => ({ is: "done", result: { merged: false, because } })
