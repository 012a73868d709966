import type { Handles } from "../model/outcome.ts"
import type { Release } from "../model/release.ts"
import type { Repository } from "../model/repository.ts"
import { environmentTarget } from "./run.ts"

export const releaseUrl = (repo: Repository, release: Release): string =>
  `https://github.com/${repo.owner}/${repo.name}/releases/tag/${encodeURIComponent(release.tag)}`

/** Where drafts are: their own address changes when they are published. */
export const releasesUrl = (repo: Repository): string => `https://github.com/${repo.owner}/${repo.name}/releases`

/** The check run of an environment on a release's commit, once it is known. */
export const environmentCheckUrl = (
  run: { readonly handles: Handles },
  environment: string,
  sha: string,
): string | undefined => run.handles[environmentTarget(environment, sha)]?.url
