/** How much of a rate limit was left when GitHub last answered. */
export interface Budget {
  /** Id of the installation that asked; `app`: the App itself. */
  readonly installation: string
  /** GitHub counts apart: `core`, `search`, `graphql` … */
  readonly resource: string
  readonly limit: number
  readonly remaining: number
  /** When it is whole again. */
  readonly resetAt: Date
}

/**
 * What an answer's headers say of the budget.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
 *
 * @returns undefined where they say nothing: GitHub Enterprise Server has no limits unless they are switched on
 */
export function budgetOf(installation: string, headers: Headers): Budget | undefined {
  const number = (name: string): number => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN)
  const [limit, remaining, reset] = [number("limit"), number("remaining"), number("reset")]
  if (![limit, remaining, reset].every((value) => Number.isSafeInteger(value) && value >= 0)) return undefined
  // A label of a metric: one of GitHub's few names, whatever stands between us and GitHub.
  const resource = /^[a-z_]{1,40}$/.exec(headers.get("x-ratelimit-resource") ?? "")?.[0] ?? "core"
  return { installation, resource, limit, remaining, resetAt: new Date(reset * 1_000) }
}
