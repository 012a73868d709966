import { incidentMarker, renderIncident } from "../render/incident.ts"
import type { Family, OnGitHub } from "./context.ts"

/**
 * Keeps one comment on an issue: it is made once, and edited from then on. Without its id it is looked for, since an issue
 * may be labelled again long after its first comment was forgotten.
 * https://docs.github.com/en/rest/issues/comments
 */
export const incident: Family<"incident", OnGitHub> = async ({ content }, context) => {
  const { octokit, at, handle } = context
  const body = renderIncident(content)
  const known = handle?.id ?? (await find(content.issue, incidentMarker(content), context))
  const { data } =
    known === undefined
      ? await octokit.rest.issues.createComment({ ...at, issue_number: content.issue, body })
      : await octokit.rest.issues.updateComment({ ...at, comment_id: Number(known), body })
  return { is: "done", handle: { id: String(data.id), url: data.html_url } }
}

/** Among our own comments: a copy of the marker by somebody else is not ours. */
async function find(number: number, marker: string, { octokit, at, self }: OnGitHub): Promise<string | undefined> {
  const { login } = await self()
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at,
    issue_number: number,
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find(({ user, body }) => user?.login === login && body?.includes(marker))
    if (found) return String(found.id)
  }
  return undefined
}
