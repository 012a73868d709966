import type { Handles } from "../model/outcome.ts"
import type { Release } from "../model/release.ts"
import { fullName, type Repository } from "../model/repository.ts"
import { environmentTarget } from "./run.ts"

/** A page below the repository's own; empty: that one. On github.com, unless webhooks named another address. */
export function pageUrl(repo: Repository, path = ""): string {
  const home = repo.url ?? `https://github.com/${fullName(repo)}`
  return path === "" ? home : `${home}/${path}`
}

/** Scheme and host of the GitHub that the repository is on. */
export const hostUrl = (repo: Repository): string => new URL(pageUrl(repo)).origin

/** `#812` of the repository itself, `owner/name#812` of another one on the same GitHub. */
export function issueUrl(repo: Repository, ref: string): string {
  const [where = "", number = ""] = ref.split("#")
  return where === "" ? pageUrl(repo, `issues/${number}`) : `${hostUrl(repo)}/${where}/issues/${number}`
}

/** A path with each of its segments made safe for an address. */
export const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/")

export const releaseUrl = (repo: Repository, release: Release): string =>
  pageUrl(repo, `releases/tag/${encodeURIComponent(release.tag)}`)

/** Where drafts are: their own address changes when they are published. */
export const releasesUrl = (repo: Repository): string => pageUrl(repo, "releases")

/** The check run of an environment on a release's commit; before it is known, where GitHub lists those of the commit. */
export const environmentCheckUrl = (
  run: { readonly handles: Handles; readonly repo: Repository },
  environment: string,
  sha: string,
): string => run.handles[environmentTarget(environment, sha)]?.url ?? pageUrl(run.repo, `commit/${sha}/checks`)
