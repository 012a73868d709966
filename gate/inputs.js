// @ts-check
/**
 * What the job asks for, out of the environment that GitHub's runner gives an action: `INPUT_<NAME>` for inputs, and the
 * `GITHUB_…` variables. https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 *
 * @typedef {object} Asked
 * @property {string} checkName the check run to wait for
 * @property {number} appId the App that has to have made it
 * @property {string} sha
 * @property {string} repository `owner/name`
 * @property {string} api root of GitHub's API, without a slash at its end
 * @property {string} token
 * @property {number} timeout in milliseconds
 * @property {number} interval in milliseconds
 */

/** Names of Slipway's other checks: Slipway itself writes “environment” before an environment of such a name. */
const RESERVED = /^(?:readiness|plan|impact|freeze|environment)\b/i

/** GitHub's own runners end a job after 360 minutes; whoever waits longer never gets to say why it failed. */
const LONGEST_MINUTES = 355

/**
 * @param {{ readonly [name: string]: string | undefined }} env
 * @returns {{ asked: Asked } | { problems: string[] }} problems: everything that is wrong, each with what to do
 */
export function readInputs(env) {
  const input = (/** @type {string} */ name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim()
  /** @type {string[]} */
  const problems = []
  const environment = input("environment")
  if (environment === "") problems.push("“environment” is missing: name the environment that the job deploys to")
  const appId = Number(input("app-id"))
  if (!/^[1-9]\d{0,14}$/.test(input("app-id")))
    problems.push("“app-id” has to be the number of your Slipway App: without it anybody's check run would count")
  const sha = input("sha") || (env.GITHUB_SHA ?? "")
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
    problems.push("“sha” has to be the whole SHA of a commit: a branch or a tag can move while the job waits")
  const repository = env.GITHUB_REPOSITORY ?? ""
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) problems.push("GITHUB_REPOSITORY is not set: run this as a step of a job")
  const token = input("token")
  if (token === "") problems.push("“token” is empty: leave the input out, and the job's own token is used")
  const minutes = amount(input("timeout-minutes"), 60)
  if (!(minutes > 0 && minutes <= LONGEST_MINUTES))
    problems.push(`“timeout-minutes” has to be a number above 0 and at most ${LONGEST_MINUTES}`)
  const seconds = amount(input("interval-seconds"), 10)
  if (!(seconds >= 1 && seconds <= 300)) problems.push("“interval-seconds” has to be a number from 1 to 300")
  if (problems.length > 0) return { problems }
  return {
    asked: {
      checkName: checkNameOf(environment, input("component")),
      appId,
      sha,
      repository,
      api: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/$/, ""),
      token,
      timeout: minutes * 60_000,
      interval: seconds * 1_000,
    },
  }
}

const amount = (/** @type {string} */ text, /** @type {number} */ usual) => (text === "" ? usual : Number(text))

/**
 * The name of the check run, as Slipway itself makes it.
 * @param {string} environment
 * @param {string} component empty: the repository is one component
 */
export function checkNameOf(environment, component) {
  const place = component === "" ? environment : `${environment} (${component})`
  return `Slipway / ${RESERVED.test(place) ? `environment ${place}` : place}`
}
