import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderRevert } from "../render/revert.ts"
import type { Family, OnGitHub } from "./context.ts"
import { revertTree } from "./revert-tree.ts"

type Content = EffectOf<"revert">["content"]

/**
 * Opens the pull request that takes back what came between two releases. Its one commit has what the earlier release has
 * (see `revertTree`) and stands on the later one, so that GitHub merges it as it merges any branch made there: what landed since stays, and
 * where both touched the same lines people solve the conflict.
 *
 * The branch is named by the rollback, and GitHub has one open pull request a pair of branches: by both a second attempt
 * finds what the first one left.
 */
export const revert: Family<"revert", OnGitHub> = async ({ content }, context) => {
  if (context.handle) return done({ number: Number(context.handle.id), html_url: context.handle.url ?? "" })
  const met = context.mayHaveHappened ? await find(content, context) : undefined
  if (met) return done(met)
  const tree = await revertTree(content, context)
  if (tree.is === "refused") return tree
  await branch(content, tree.sha, context)
  const { octokit, at } = context
  const { title, body } = renderRevert(content)
  try {
    const { head, base } = content
    return done(
      (await octokit.rest.pulls.create({ ...at, title, body, head, base, maintainer_can_modify: false })).data,
    )
  } catch (error) {
    const why = toPeerError(error)
    const open = why.is === "invalid" || why.is === "taken" ? await find(content, context) : undefined
    if (!open) throw error
    return done(open)
  }
}

/** A branch of this name is an earlier attempt's: nobody else is asked for this rollback. */
async function branch(content: Content, tree: string, { octokit, at }: OnGitHub): Promise<void> {
  const { data } = await octokit.rest.git.createCommit({
    ...at,
    message: renderRevert(content).message,
    tree,
    parents: [content.from.sha],
  })
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${content.head}`, sha: data.sha })
  } catch (error) {
    const why = toPeerError(error)
    if (why.is !== "invalid" && why.is !== "taken") throw error
  }
}

interface Shown {
  readonly number: number
  readonly html_url: string
}

/** The one of these branches, whatever became of it. A fork's branch may have the same name. */
async function find({ head, base, repositoryId }: Content, { octokit, at }: OnGitHub): Promise<Shown | undefined> {
  const from = `${at.owner}:${head}`
  const { data } = await octokit.rest.pulls.list({ ...at, head: from, base, state: "all", per_page: 100 })
  return data.find((pull) => String(pull.head.repo?.id) === repositoryId && pull.head.ref === head)
}

const done = ({ number, html_url: url }: Shown): Outcome => ({
  is: "done",
  handle: { id: String(number), url },
  result: { number, url },
})
