import { draftTarget } from "../model/target.ts"
import { toPeerError } from "../peers/errors.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { findRelease } from "./find-release.ts"

/** Takes a draft away that is no longer wanted. One that is gone already is as good; a published release stays. */
export const draftDelete: Family<"draft-delete", OnGitHub> = async ({ content }, context) => {
  const { octokit, at, handles, repo } = context
  const known = (context.handle ?? handles[draftTarget(content.release)])?.id ?? content.found
  const id =
    known === undefined ? (await findRelease(context, { repositoryId: repo.id, ...content }))?.id : Number(known)
  if (id === undefined) return { is: "done" }
  try {
    const { data } = await octokit.rest.repos.getRelease({ ...at, release_id: id })
    if (!data.draft)
      return refused("taken", `The release ${data.tag_name} was published meanwhile; Slipway did not delete it.`)
    await octokit.rest.repos.deleteRelease({ ...at, release_id: id })
  } catch (error) {
    if (toPeerError(error).is !== "gone") throw error
  }
  return { is: "done" }
}
