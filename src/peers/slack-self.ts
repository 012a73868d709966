import { type SlackOptions, webClient } from "./slack.ts"
import { type SlackFailure, toSlackFailure } from "./slack-errors.ts"

export interface SlackSelf {
  readonly team: string
  readonly bot: string
  readonly scopes: readonly string[]
}

/**
 * Whose token it is, and what it may do: Slack names the scopes in a header of every answer.
 * https://docs.slack.dev/reference/methods/auth.test
 */
export async function askSelf(
  token: string,
  options: SlackOptions,
): Promise<{ readonly is: "ok"; readonly value: SlackSelf } | SlackFailure> {
  try {
    const { team, user, response_metadata } = await webClient(token, options).auth.test()
    return { is: "ok", value: { team: team ?? "?", bot: user ?? "?", scopes: response_metadata?.scopes ?? [] } }
  } catch (error) {
    return toSlackFailure(error, "")
  }
}
