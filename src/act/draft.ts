import { bodyHash } from "../model/body-hash.ts"
import type { Draft } from "../model/effect.ts"
import type { Handle, Outcome } from "../model/outcome.ts"
import { renderDraftBody } from "../render/draft-body.ts"
import type { Family, OnGitHub } from "./context.ts"
import { findRelease } from "./find-release.ts"

/**
 * The one draft of a release, or the notes of a published one. Found by its stored id, else by its marker when a
 * read-back met it or an earlier attempt may have made it; never by tag or title.
 */
export const draft: Family<"draft", OnGitHub> = async ({ content }, context) => {
  const body = renderDraftBody(content)
  const known = context.handle?.id ?? content.found
  if (known !== undefined) return write(Number(known), content, body, context)
  const met = context.mayHaveHappened ? await findRelease(context, content) : undefined
  if (met !== undefined) return write(met.id, content, body, context)
  const { data } = await context.octokit.rest.repos.createRelease({
    ...context.at,
    ...fields(content),
    body,
    draft: true,
  })
  return done(data, body)
}

/** `draft` is not sent: were the release published by hand a moment ago, it would take it back. */
async function write(id: number, content: Draft, body: string, { octokit, at }: OnGitHub): Promise<Outcome> {
  const what = content.published ? { body } : { ...fields(content), body }
  const { data } = await octokit.rest.repos.updateRelease({ ...at, release_id: id, ...what })
  return done(data, body)
}

const fields = ({ tag, name, commitish, prerelease }: Draft) => ({
  tag_name: tag,
  target_commitish: commitish,
  name,
  prerelease,
})

/** GitHub's own form of the body is remembered: that is what its events will carry. */
const done = (data: { id: number; html_url: string; body?: string | null }, sent: string): Outcome => ({
  is: "done",
  handle: releaseHandle(data, data.body ?? sent),
})

/** @param body as it stands at GitHub, by which the event of our own write is told from a person's edit */
const releaseHandle = (data: { id: number; html_url: string }, body: string): Handle => ({
  id: String(data.id),
  url: data.html_url,
  extra: { body: bodyHash(body) },
})
