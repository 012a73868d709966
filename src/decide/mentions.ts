import type { Config } from "../model/config.ts"
import { sameLogin } from "./approvals.ts"

/** People by their ID in Slack, where the configuration knows it. */
export const mentioned = (
  { slack }: Pick<Config, "slack">,
  logins: readonly string[],
): readonly { readonly login: string; readonly slack?: string }[] =>
  logins.map((login) => {
    const id = Object.entries(slack.mention).find(([name]) => sameLogin(name, login))?.[1]
    return { login, ...(id === undefined ? {} : { slack: id }) }
  })
