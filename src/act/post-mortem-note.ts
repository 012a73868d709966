import type { EffectOf } from "../model/effect.ts"
import { noteMarker, renderPostMortemNote } from "../render/post-mortem-note.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"

/** A comment on the post-mortem issue, once. The issue stands before it in its lane, or was refused. */
export const postMortemNote: Family<"post-mortem-note", OnGitHub> = async ({ content }, context) => {
  const { octokit, at, handles, mayHaveHappened } = context
  const issue = handles[content.issue]
  if (!issue) return refused("unavailable", "There is no post-mortem issue to say it on.")
  const number = Number(issue.id)
  if (mayHaveHappened && (await isSaid(content, number, context))) return { is: "done" }
  await octokit.rest.issues.createComment({ ...at, issue_number: number, body: renderPostMortemNote(content) })
  return { is: "done" }
}

/** Among our own comments: a copy of the marker by somebody else is not ours. */
async function isSaid(
  { marker }: EffectOf<"post-mortem-note">["content"],
  number: number,
  { octokit, at, self }: OnGitHub,
): Promise<boolean> {
  const { login } = await self()
  const wanted = noteMarker(marker)
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at,
    issue_number: number,
    per_page: 100,
  })
  for await (const { data } of pages)
    if (data.some(({ user, body }) => user?.login === login && body?.includes(wanted))) return true
  return false
}
