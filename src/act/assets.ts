import { assetKeys, assetOf } from "../model/asset.ts"
import { othersFiles } from "../model/notes-file.ts"
import type { Handle } from "../model/outcome.ts"
import type { OnGitHub } from "./context.ts"

/**
 * Whether the files on a draft are still those that were seen: who publishes promises exactly them. All pages are read.
 * https://docs.github.com/en/rest/releases/assets#list-release-assets
 *
 * @param seen `assetKeys` of the reading that the gate rests on; undefined: no file was asked for
 */
export async function stillThere(
  draft: Handle,
  seen: readonly string[] | undefined,
  { octokit, at }: OnGitHub,
): Promise<boolean> {
  if (seen === undefined) return true
  const data = await octokit.paginate(octokit.rest.repos.listReleaseAssets, {
    ...at,
    release_id: Number(draft.id),
    per_page: 100,
  })
  return assetKeys(othersFiles(draft, data.map(assetOf))).join("\n") === seen.join("\n")
}
