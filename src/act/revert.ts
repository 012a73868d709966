import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderRevert } from "../render/revert.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { isAsMade, revertTree } from "./revert-tree.ts"

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
  if (!(await branch(content, tree.sha, context)))
    return refused(
      "taken",
      `the branch ${content.head} is there already, and is not what takes this release back: delete it`,
    )
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

/** A branch of this name is an earlier attempt's, if it has what that made. @returns whether it has */
async function branch(content: Content, tree: string, context: OnGitHub): Promise<boolean> {
  const { octokit, at } = context
  const { data } = await octokit.rest.git.createCommit({
    ...at,
    message: renderRevert(content).message,
    tree,
    parents: [content.from.sha],
  })
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${content.head}`, sha: data.sha })
    return true
  } catch (error) {
    const why = toPeerError(error)
    if (why.is !== "invalid" && why.is !== "taken") throw error
    const { data: there } = await octokit.rest.git.getRef({ ...at, ref: `heads/${content.head}` })
    // guard: reverts-by-its-own
    return isAsMade(content, tree, there.object.sha, context)
  }
}

interface Shown {
  readonly number: number
  readonly html_url: string
}

/** Two clocks differ, and GitHub rounds to seconds. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * The App's own one of these branches since it was asked for, whatever became of it. A fork's branch may have the same name,
 * and so may an earlier rollback's where a database was lost.
 */
async function find(
  { head, base, repositoryId, asked }: Content,
  { octokit, at, self }: OnGitHub,
): Promise<Shown | undefined> {
  const { login } = await self()
  const since = Date.parse(asked) - CLOCKS_DIFFER_MS
  const isOurs = (pull: { user: { login: string } | null; created_at: string }) =>
    pull.user?.login === login && Date.parse(pull.created_at) >= since
  const from = `${at.owner}:${head}`
  const { data } = await octokit.rest.pulls.list({ ...at, head: from, base, state: "all", per_page: 100 })
  return data.find((pull) => isOurs(pull) && String(pull.head.repo?.id) === repositoryId && pull.head.ref === head)
}

const done = ({ number, html_url: url }: Shown): Outcome => ({
  is: "done",
  handle: { id: String(number), url },
  result: { number, url },
})
