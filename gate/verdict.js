// @ts-check
/**
 * What check runs say about one commit and environment.
 *
 * @typedef {object} CheckRun the part of GitHub's check run that is looked at
 * @property {number} id
 * @property {string} name
 * @property {string} head_sha
 * @property {string} status
 * @property {string | null} conclusion
 * @property {string | null} [html_url]
 * @property {{ id: number, slug?: string } | null} app
 * @property {{ title?: string | null }} [output]
 *
 * @typedef {{ is: "passed" | "failed" | "waits", because: string, url?: string }} Verdict
 */

/** A run that has ended so is not waited for: somebody has to do something, and to run the job again. */
const LOST = ["failure", "cancelled", "timed_out", "stale", "skipped"]

/**
 * The newest run of the right App, name and commit decides. Only `success` passes; nothing else is taken for it.
 *
 * @param {readonly CheckRun[]} runs in any order
 * @param {{ checkName: string, appId: number, sha: string }} asked
 * @returns {Verdict}
 */
export function judge(runs, { checkName, appId, sha }) {
  const named = runs.filter((run) => run.name === checkName && run.head_sha === sha)
  const ours = named.filter((run) => run.app?.id === appId) // guard: gate-app
  const newest = ours.reduce(
    (a, b) => (a === undefined || b.id > a.id ? b : a),
    /** @type {CheckRun | undefined} */ (undefined),
  )
  if (!newest) return { is: "waits", because: absent(named, appId) }
  const url = newest.html_url ?? undefined
  const verdict = (/** @type {Verdict["is"]} */ is, /** @type {string} */ because) =>
    url === undefined ? { is, because } : { is, because, url }
  if (newest.status !== "completed") return verdict("waits", `the check run is ${newest.status}`)
  const title = newest.output?.title ? `: ${newest.output.title}` : ""
  if (newest.conclusion === "success") return verdict("passed", `the check run is green${title}`)
  if (newest.conclusion !== null && LOST.includes(newest.conclusion))
    return verdict("failed", `the check run is ${newest.conclusion}${title}`)
  return verdict("waits", `the check run is ${newest.conclusion ?? "without a conclusion"}${title}`)
}

/** Names those who made a run of that name and are not the App: somebody should look at that. */
function absent(/** @type {readonly CheckRun[]} */ named, /** @type {number} */ appId) {
  const others = [...new Set(named.map(({ app }) => (app ? `${app.slug ?? "?"} (id ${app.id})` : "an unknown App")))]
  return others.length === 0
    ? `the App ${appId} has made no check run of that name on this commit`
    : `a check run of that name was made by ${others.join(", ")}, which is not the App ${appId} and does not count`
}
