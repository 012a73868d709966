/** Where Slipway's configuration stands in a repository. */
export const CONFIG_PATH = ".github/slipway.yml"
/** GitHub's own file for the notes that it generates. */
export const GITHUB_NOTES_PATH = ".github/release.yml"
/** Where a plan may also stand, if there is none at `plan.path`. */
export const OTHER_PLAN_PATH = ".github/release-plan.yml"
