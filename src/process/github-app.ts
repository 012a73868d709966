import { Probot } from "probot"
import type { Settings } from "../config/environment.ts"
import { toPeerError } from "../peers/errors.ts"
import type { GitHub } from "../peers/github.ts"
import type { RateLimits, Waiting } from "../peers/github-limits.ts"
import { slipwayOctokit } from "../peers/github-octokit.ts"
import type { ProcessLog } from "../telemetry/log.ts"
import type { Metrics } from "../telemetry/metrics.ts"
import type { Scopes } from "./scope.ts"
import { StartRefused } from "./start-refused.ts"
import { VERSION } from "./version.ts"

/** The App at GitHub, with its credentials; nothing is asked yet. */
export function createProbot(
  settings: Settings,
  metrics: Metrics,
  log: ProcessLog,
  limits: RateLimits,
  scopes: Scopes,
): Probot {
  const { requestTimeoutMs } = settings
  return new Probot({
    appId: settings.app.id,
    privateKey: settings.app.privateKey,
    secret: settings.webhookSecrets[0],
    baseUrl: settings.githubApiUrl,
    Octokit: slipwayOctokit({
      version: VERSION,
      requestTimeoutMs,
      onRequest: metrics.githubRequest,
      onBudget: metrics.githubBudget,
      limits,
      around: scopes.request,
    }),
    log,
  })
}

/** Says once, in the log and in metrics, that GitHub is waited for, and until when. */
export const tellLimit =
  (log: ProcessLog, metrics: Pick<Metrics, "githubWaits">) =>
  ({ installation, until, for: whom }: Waiting): void => {
    metrics.githubWaits(installation, until)
    log.warn(
      { installation, until },
      whom === "everybody"
        ? "GitHub's rate limit is used up: nothing is asked there until then, and clicks wait as well"
        : "GitHub's rate limit is nearly used up: until then the rest of it is kept for clicks",
    )
  }

/**
 * Who owns the App.
 *
 * @returns undefined if GitHub cannot say now. A wrong key is answered 401, an id that no App has 404.
 * @throws StartRefused if the credentials are no App's
 */
export async function askOwner(github: GitHub, settings: Settings, log: ProcessLog): Promise<string | undefined> {
  try {
    return (await github.app()).owner
  } catch (error) {
    const problem = toPeerError(error)
    if (problem.is === "unauthorized" || problem.is === "gone")
      throw new StartRefused(
        `GitHub (${settings.githubApiUrl}) does not accept APP_ID ${settings.app.id} with this private key: ${problem.message}. Compare "App ID" on the App's page with APP_ID; if they are the same, the key is another App's or was revoked: generate a new one there. Check GITHUB_API_URL and the clock of this machine too, since the credentials are valid for minutes only.`,
      )
    log.warn({ problem: problem.message }, "GitHub cannot be asked about the App now; going on, and asking again")
    return undefined
  }
}
