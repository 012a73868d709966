// @ts-check
import { setTimeout as sleep } from "node:timers/promises"

/**
 * One look at GitHub.
 *
 * @typedef {{ is: "read", runs: import("./verdict.js").CheckRun[] }} Read
 * @typedef {{ is: "again", because: string, after?: number }} Again to be asked again, after so many ms or when it suits
 * @typedef {{ is: "refused", because: string }} Refused asking again changes nothing
 */

/** A request that hangs must not outlast the pause after which it would be made again. */
const REQUEST_LIMIT = 30_000

/** What GitHub asks to wait where it limits requests and does not say for how long. */
const UNSAID_LIMIT = 60_000

/**
 * The newest check runs of that name on the commit.
 *
 * @param {import("./inputs.js").Asked} asked
 * @param {boolean} everybody runs of other Apps as well, for the sake of what is said about them
 * @returns {Promise<Read | Again | Refused>}
 */
export async function readRuns({ api, repository, sha, checkName, appId, token }, everybody = false) {
  const query = new URLSearchParams({ check_name: checkName, filter: "latest", per_page: "100" })
  // Else hundreds of runs of that name by others could push the right one off the page.
  if (!everybody) query.set("app_id", String(appId))
  const url = `${api}/repos/${repository}/commits/${sha}/check-runs?${query}`
  try {
    const response = await fetch(url, {
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "user-agent": "slipway-gate",
        "x-github-api-version": "2022-11-28",
      },
      redirect: "error",
      signal: AbortSignal.timeout(REQUEST_LIMIT),
    })
    if (!response.ok) return await refusal(response)
    const body = /** @type {{ check_runs?: unknown }} */ (await response.json())
    if (!Array.isArray(body?.check_runs))
      return { is: "again", because: "GitHub answered without a list of check runs" }
    return { is: "read", runs: body.check_runs }
  } catch (error) {
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error
    return { is: "again", because: `GitHub could not be asked: ${cause}` }
  }
}

/**
 * By GitHub's rules: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 * @param {Response} response
 * @returns {Promise<Again | Refused>}
 */
async function refusal(response) {
  const { status, headers } = response
  const text = await response.text().catch(() => "")
  if (status >= 500) return { is: "again", because: `GitHub answered ${status}` }
  const after = Number(headers.get("retry-after"))
  if (after > 0) return { is: "again", because: "GitHub limits requests", after: after * 1_000 }
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset")) * 1_000 - Date.now()
    return { is: "again", because: "the token's requests of this hour are used up", after: Math.max(reset, 1_000) }
  }
  if (status === 429 || (status === 403 && /rate limit/i.test(text)))
    return { is: "again", because: "GitHub limits requests", after: UNSAID_LIMIT }
  return {
    is: "refused",
    because: `GitHub answered ${status}: ${WAYS_OUT[status] ?? "this request is not understood"}`,
  }
}

/** @type {{ readonly [status: number]: string }} */
const WAYS_OUT = {
  401: "the token is not valid (any more)",
  403: "the token may not read check runs; give the job “permissions: { checks: read }”",
  404: "the repository is not visible with this token; give the job “permissions: { checks: read }”",
  422: "there is no such commit in this repository",
}

/** @param {number} ms */
export const pause = (ms) => sleep(ms)
