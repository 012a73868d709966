import type { EffectOf } from "../model/effect.ts"
import { postMortemMarker, renderPostMortem } from "../render/post-mortem.ts"
import type { Family, OnGitHub, Peers } from "./context.ts"

/** GitHub makes labels that do not exist yet; it drops them silently where the App may not label. */
const LABELS = ["post-mortem", "slipway"]

/**
 * Opens the issue once, with what the audit trail has of the release by then.
 * https://docs.github.com/en/rest/issues/issues#create-an-issue
 */
export const postMortem: Family<"post-mortem", OnGitHub & Pick<Peers, "records">> = async ({ content }, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const marker = postMortemMarker(content.marker)
  const met = context.mayHaveHappened ? await find(marker, context) : undefined
  const issue = met ?? (await open(content, context))
  return {
    is: "done",
    handle: { id: String(issue.number), url: issue.html_url },
    result: { number: issue.number, url: issue.html_url },
  }
}

async function open(
  { report, marker }: EffectOf<"post-mortem">["content"],
  context: OnGitHub & Pick<Peers, "records">,
) {
  const { octokit, at, repo, records } = context
  const page = renderPostMortem(report, marker, await records(repo, report.release))
  return (await octokit.rest.issues.create({ ...at, ...page, labels: LABELS })).data
}

/** Among the issues that the App itself opened: somebody else's copy of the marker is not ours. All pages are read. */
async function find(
  marker: string,
  { octokit, at, self }: OnGitHub,
): Promise<{ number: number; html_url: string } | undefined> {
  const { login } = await self()
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    ...at,
    creator: login,
    state: "all",
    per_page: 100,
  })
  for await (const { data } of pages) {
    const found = data.find((issue) => issue.body?.includes(marker))
    if (found) return found
  }
  return undefined
}
