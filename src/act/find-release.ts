import { splitDraftBody } from "../model/draft-body.ts"
import type { OnGitHub } from "./context.ts"

interface Found {
  readonly id: number
  readonly draft: boolean
  readonly html_url: string
}

/**
 * The release that carries our marker, drafts included; all pages are read. Only an installation with write access
 * sees drafts, and ours has it. https://docs.github.com/en/rest/releases/releases#list-releases
 */
export async function findRelease(
  { octokit, at }: OnGitHub,
  of: { readonly repositoryId: string; readonly release: string },
): Promise<Found | undefined> {
  const pages = octokit.paginate.iterator(octokit.rest.repos.listReleases, { ...at, per_page: 100 })
  for await (const { data } of pages) {
    const found = data.find((release) => {
      const marker = splitDraftBody(release.body ?? "")?.marker
      return marker?.repo === of.repositoryId && marker.release === of.release
    })
    if (found) return found
  }
  return undefined
}
