import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"
import type { Refusal } from "../model/outcome.ts"
import { firstOf } from "../model/storable.ts"

/** Slack did not do what was asked: either asking again cannot help, or it may. */
export type SlackFailure =
  | { readonly is: "refused"; readonly code: Refusal; readonly because: string }
  | { readonly is: "retry"; readonly because: string; readonly afterSeconds?: number }

/**
 * What an error of Slack's client means for whoever asked.
 * @param channel as it was asked for, for the sentence that says what to do
 * @throws what is no error of Slack or of the network: a bug
 */
export function toSlackFailure(error: unknown, channel: string): SlackFailure {
  if (error instanceof WebAPIRateLimitedError)
    return { is: "retry", because: "Slack asks to wait: too many requests", afterSeconds: error.retryAfter }
  if (error instanceof WebAPIHTTPError) {
    const because = `Slack answered ${error.statusCode}`
    return error.statusCode >= 500 || error.statusCode === 429
      ? { is: "retry", because }
      : { is: "refused", code: "invalid", because: `${because}; is SLACK_API_URL the address of Slack's API?` }
  }
  if (error instanceof WebAPIRequestError)
    return { is: "retry", because: `Slack was not reached: ${error.original.message}` }
  if (error instanceof WebAPIPlatformError) return platform(error.data, channel)
  if (isBroken(error)) return { is: "retry", because: `Slack's answer did not come whole: ${error.message}` }
  throw error
}

/** A time-out or a lost connection while the answer's body was read: the client lets these through as they are. */
const isBroken = (error: unknown): error is Error =>
  error instanceof Error &&
  (error.name === "TimeoutError" ||
    error.name === "AbortError" ||
    (error.name === "TypeError" && error.message === "terminated"))

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
function platform(data: WebAPIPlatformError["data"], channel: string): SlackFailure {
  const refused = (code: Refusal, because: string) => ({ is: "refused" as const, code, because })
  switch (data.error) {
    case "ratelimited":
    case "rate_limited":
      return {
        is: "retry",
        because: "Slack asks to wait: too many requests",
        afterSeconds: data.response_metadata?.retryAfter ?? 30,
      }
    case "internal_error":
    case "fatal_error":
    case "request_timeout":
    case "service_unavailable":
    case "team_added_to_org":
      return { is: "retry", because: `Slack answered ${data.error}` }
    case "channel_not_found":
      return refused(
        "forbidden",
        `Slack knows no channel ${channel} that the bot may see: check \`slack.channel\` and, for a private channel, invite the bot there (/invite @slipway)`,
      )
    case "not_in_channel":
      return refused("forbidden", `the bot is not in ${channel}: invite it there (/invite @slipway in ${channel})`)
    case "is_archived":
      return refused("forbidden", `${channel} is archived: name another channel in \`slack.channel\`, or unarchive it`)
    case "missing_scope":
      return refused(
        "forbidden",
        `the Slack token lacks a scope (${scopes(data)}): add it under OAuth & Permissions and reinstall the Slack app`,
      )
    case "invalid_auth":
    case "not_authed":
    case "token_revoked":
    case "token_expired":
      return refused(
        "forbidden",
        `Slack does not accept the token (${data.error}): put the bot's current token in SLACK_BOT_TOKEN`,
      )
    case "account_inactive":
      return refused("forbidden", "the Slack bot was deactivated: reinstall the Slack app and renew SLACK_BOT_TOKEN")
    case "restricted_action":
    case "restricted_action_thread_only_channel":
    case "ekm_access_denied":
      return refused(
        "forbidden",
        `Slack does not let the bot post in ${channel} (${data.error}): ask a workspace admin`,
      )
    case "message_not_found":
    case "thread_not_found":
    case "cant_update_message":
      return refused("gone", `the message in ${channel} is no longer there, or is not the bot's (${data.error})`)
    default:
      // No code of Slack's, but whatever something between us and Slack answered.
      if (!/^[a-z0-9_]+$/.test(data.error)) return { is: "retry", because: "the answer was not Slack's: no JSON" }
      return refused("invalid", `Slack did not accept the message: ${reason(data)}`)
  }
}

const scopes = (data: WebAPIPlatformError["data"]): string =>
  typeof (data as { needed?: unknown }).needed === "string"
    ? `needed: ${(data as { needed?: string }).needed}`
    : "unnamed"

const reason = (data: WebAPIPlatformError["data"]): string =>
  firstOf([data.error, ...(data.response_metadata?.messages ?? [])].join("; "), 300)
