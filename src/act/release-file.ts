import { toPeerError } from "../peers/errors.ts"
import type { OnGitHub } from "./context.ts"

/** A text that becomes a file on a release. */
export interface ReleaseFile {
  readonly name: string
  readonly type: string
  readonly text: string
}

/**
 * To where the release itself says, which on GitHub Enterprise Server is not where github.com has it.
 * https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
 * @param url the release's `upload_url`
 * @returns the id of the asset
 */
export async function uploadFile(url: string, file: ReleaseFile, { octokit, at }: OnGitHub): Promise<string> {
  const { data } = await octokit.request({
    method: "POST",
    url: url.replace(/\{[^{}]*\}$/, "{?name}"),
    name: file.name,
    headers: { "content-type": `${file.type}; charset=utf-8` },
    data: file.text,
    request: at.request,
  })
  return String(data.id)
}

/** One that is gone already is as good. */
export async function removeFile(asset: string, { octokit, at }: OnGitHub): Promise<void> {
  try {
    await octokit.rest.repos.deleteReleaseAsset({ ...at, asset_id: Number(asset) })
  } catch (error) {
    if (toPeerError(error).is !== "gone") throw error
  }
}
