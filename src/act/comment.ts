import type { EffectOf } from "../model/effect.ts"
import { commentMarker, renderComment } from "../render/comment.ts"
import type { Family, OnGitHub } from "./context.ts"

/** Says once, on a pull request or an issue, which release it is in. A pull request is commented on as an issue. */
export const comment: Family<"comment", OnGitHub> = async ({ content }, context) => {
  const { octokit, at } = context
  if (context.mayHaveHappened && (await isSaid(content, context))) return { is: "done" }
  await octokit.rest.issues.createComment({ ...at, issue_number: content.number, body: renderComment(content) })
  return { is: "done" }
}

/** Among our own comments since the release came out: a copy of the marker by somebody else is not ours. */
async function isSaid(content: EffectOf<"comment">["content"], { octokit, at, self }: OnGitHub): Promise<boolean> {
  const { login } = await self()
  const marker = commentMarker(content)
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at,
    issue_number: content.number,
    since: content.since,
    per_page: 100,
  })
  for await (const { data } of pages)
    if (data.some(({ user, body }) => user?.login === login && body?.includes(marker))) return true
  return false
}
