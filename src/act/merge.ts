import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderRevert } from "../render/revert.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { isAsMade, revertTree } from "./revert-tree.ts"

type Content = EffectOf<"merge">["content"]

/** By which a repository lets pull requests be merged is its own setting: the first that it lets is taken. */
const METHODS = ["merge", "squash", "rebase"] as const

/**
 * Merges the pull request that takes a release back, if GitHub lets it: 405 is its word for reviews, checks or a
 * solution of conflicts that are missing, 409 for a head that has moved. Only the commit that Slipway made is merged, into
 * the branch that it was made for: it stands on the bad release, and has what `revertTree` says. Asked twice, the second
 * answer is that it is merged.
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export const merge: Family<"merge", OnGitHub> = async ({ content }, context) => {
  const { octokit, at } = context
  const { data: pull } = await octokit.rest.pulls.get({ ...at, pull_number: content.number })
  // guard: merges-into-its-branch
  if (pull.base.ref !== content.base)
    return refused("invalid", `it would be merged into ${pull.base.ref}, not into ${content.base}`)
  const tree = await revertTree(content, context)
  if (tree.is === "refused") return tree
  // guard: merges-its-own
  if (!(await isAsMade(content, tree.sha, pull.head.sha, context)))
    return refused("invalid", "its branch has been changed since Slipway made it")
  return pull.merged ? merged() : tryMethods(content, pull.head.sha, context)
}

/**
 * A method that the repository, a ruleset or a rule of linear history does not allow is a 405 like any other, so on each
 * the next one is tried; what the first says that is not of methods is the reason.
 */
async function tryMethods(content: Content, sha: string, { octokit, at }: OnGitHub): Promise<Outcome> {
  const { title, message } = renderRevert(content)
  const words = { commit_title: title, commit_message: message.slice(title.length).trim() }
  const whys: string[] = []
  for (const merge_method of METHODS) {
    try {
      const named = merge_method === "squash" ? words : {}
      await octokit.rest.pulls.merge({ ...at, pull_number: content.number, sha, merge_method, ...named })
      return merged()
    } catch (error) {
      const why = toPeerError(error)
      if (why.status !== 405 && why.status !== 409) throw error
      whys.push(why.message)
      // Its head has moved: no other method merges it either.
      if (why.status === 409) break
    }
  }
  return notMerged(
    whys.find((why) => !/not allowed on this repository/i.test(why)) ?? whys[0] ?? "GitHub did not say why",
  )
}

const merged = (): Outcome => ({ is: "done", result: { merged: true } })
const notMerged = (because: string): Outcome => ({ is: "done", result: { merged: false, because } })
