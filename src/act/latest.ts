import { draftTarget } from "../model/target.ts"
import { toPeerError } from "../peers/errors.ts"
import type { Family, OnGitHub } from "./context.ts"

/**
 * Makes a release the one that GitHub shows as the repository's latest, if what it shows is one of those that are not to
 * be it: a person's choice, and a release that came out meanwhile, stay. One that comes out in the instant between looking
 * and writing loses its place until the next one; GitHub has no condition that could be sent along.
 * https://docs.github.com/en/rest/releases/releases#update-a-release, `make_latest`
 */
export const latest: Family<"latest", OnGitHub> = async ({ content }, context) => {
  const { octokit, at, handles } = context
  const shown = await shownNow(context)
  if (shown === undefined || !content.instead.includes(shown)) return { is: "done", result: { latest: shown ?? null } }
  const known = handles[draftTarget(content.release)]?.id
  const id = known ?? (await octokit.rest.repos.getReleaseByTag({ ...at, tag: content.tag })).data.id
  await octokit.rest.repos.updateRelease({ ...at, release_id: Number(id), make_latest: "true" })
  return { is: "done", result: { latest: content.tag } }
}

/** The tag of what is shown; undefined: nothing is, as where all releases are prereleases. */
async function shownNow({ octokit, at }: OnGitHub): Promise<string | undefined> {
  try {
    return (await octokit.rest.repos.getLatestRelease(at)).data.tag_name
  } catch (error) {
    if (toPeerError(error).is !== "gone") throw error
    return undefined
  }
}
