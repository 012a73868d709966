import type { Person } from "./change.ts"

const PREFIX = "slipway/"

/** The branch that Slipway keeps the release pull request of a release branch (and component) on. */
export const releaseBranch = (branch: string, component: string): string =>
  `${PREFIX}release/${branch}${suffix(component)}`

/** The branch on which the changelog follows a release that is out. */
export const changelogBranch = (branch: string, component: string): string =>
  `${PREFIX}changelog/${branch}${suffix(component)}`

/** The branch that brings a hotfix back: it stands on the release's commit. */
export const backBranch = (tag: string): string => `${PREFIX}back/${tag}`

/** The branch that takes a release back. Rollbacks are numbered anew where a database was lost: its commit is named as well. */
export const revertBranch = (rollback: string, bad: string): string =>
  `${PREFIX}rollback/${rollback}-${bad.slice(0, 7)}`

/** Git keeps a ref's name as a path: `…/main` and `…/main/api` cannot be there at once, `…/main--api` can. */
const suffix = (component: string): string =>
  component === "" ? "" : `--${component.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}`

/**
 * The head branch of a pull request, if Slipway may have made it; undefined: somebody else's. A fork can have a branch
 * of any name, and a person can push one here, so neither a name nor a repository alone says whose it is.
 *
 * @param head the repository (GitHub's id; undefined: deleted) and branch that it comes from
 * @param base the repository that it goes to
 */
export function ownBranchOf(
  head: { readonly repo: string | undefined; readonly ref: string | undefined },
  base: string | undefined,
  author: Pick<Person, "type">,
): string | undefined {
  const { repo, ref } = head
  if (ref === undefined || base === undefined || repo !== base || author.type !== "Bot") return undefined
  return /^slipway\/(?:release|changelog)\/./.test(ref) ? ref : undefined
}
