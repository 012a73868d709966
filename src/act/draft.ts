import { bodyHash } from "../model/body-hash.ts"
import type { Draft } from "../model/effect.ts"
import { NOTES_FILE, type NotesFile } from "../model/notes-file.ts"
import type { Handle, Outcome } from "../model/outcome.ts"
import { draftBody } from "../render/draft-body.ts"
import type { Family, OnGitHub } from "./context.ts"
import { findRelease } from "./find-release.ts"
import { attachNotes } from "./notes-file.ts"

/**
 * The one draft of a release, or the notes of a published one. Found by its stored id, else by its marker when a
 * read-back met it or an earlier attempt may have made it; never by tag or title.
 */
export const draft: Family<"draft", OnGitHub> = async ({ content }, context) => {
  const known = context.handle?.id ?? content.found
  if (known !== undefined) return write(Number(known), content, context)
  const met = context.mayHaveHappened ? await findRelease(context, content) : undefined
  if (met !== undefined) return write(met.id, content, context)
  const { body, isShortened } = draftBody(content)
  const { data } = await context.octokit.rest.repos.createRelease({
    ...context.at,
    ...fields(content),
    body,
    draft: true,
  })
  return content.attach && isShortened ? write(data.id, content, context) : done(data, body, undefined)
}

/** `draft` is not sent: were the release published by hand a moment ago, it would take it back. */
async function write(id: number, content: Draft, context: OnGitHub): Promise<Outcome> {
  const { file, isNamed } = await attachNotes(id, content, context)
  const notes = isNamed ? { ...content.notes, attached: NOTES_FILE } : content.notes
  const { body } = draftBody({ ...content, notes })
  const what = content.published ? { body } : { ...fields(content), body }
  const { data } = await context.octokit.rest.repos.updateRelease({ ...context.at, release_id: id, ...what })
  return done(data, body, file)
}

const fields = ({ tag, name, commitish, prerelease }: Draft) => ({
  tag_name: tag,
  target_commitish: commitish,
  name,
  prerelease,
})

/** GitHub's own form of the body is remembered: that is what its events will carry. */
const done = (
  data: { id: number; html_url: string; body?: string | null },
  sent: string,
  file: NotesFile | undefined,
): Outcome => ({ is: "done", handle: releaseHandle(data, data.body ?? sent, file) })

/** @param body as it stands at GitHub, by which the event of our own write is told from a person's edit */
const releaseHandle = (data: { id: number; html_url: string }, body: string, file: NotesFile | undefined): Handle => ({
  id: String(data.id),
  url: data.html_url,
  extra: { body: bodyHash(body), ...(file ? { notes: { ...file } } : {}) },
})
