import type { Reply } from "../model/message.ts"
import { type Block, context, fallbackText, type SlackMessage, section } from "./block-kit.ts"
import { showInstant } from "./instant.ts"
import { codeSlack, escapeSlack } from "./slack-text.ts"
import { shortSha } from "./words.ts"

/** How each kind of reply is drawn. */
export type Renderers<Kind extends Reply> = {
  readonly [Is in Kind["is"]]: (reply: Extract<Kind, { readonly is: Is }>) => SlackMessage
}

/** One sentence with a grey line below; the fallback text says both. */
export function line(sentence: string, small: readonly string[], buttons?: Block): SlackMessage {
  const grey = small.filter((part) => part !== "")
  const blocks = [section(sentence), ...(grey.length > 0 ? [context(grey)] : []), ...(buttons ? [buttons] : [])]
  return { text: fallbackText([sentence, ...grey].join(" · ")), blocks }
}

/**
 * People and groups of Slack by their IDs, which the configuration has checked; who has none there is named only.
 * https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
 */
function mention(login: string, slack: string | undefined): string {
  if (slack === undefined || !/^[UWS][A-Z0-9]{5,20}$/.test(slack)) return who(login)
  return slack.startsWith("S") ? `<!subteam^${slack}>` : `<@${slack}>`
}

const PEOPLE_SHOWN = 10

/** People by name, with the true count of those that are not shown. Nobody but they is mentioned. */
export function people(asks: readonly { readonly login: string; readonly slack?: string }[], more: number): string {
  const names = asks.slice(0, PEOPLE_SHOWN).map(({ login, slack }) => mention(login, slack))
  const left = asks.length - names.length + more
  return `${names.join(", ")}${left > 0 && names.length > 0 ? ` and ${left} more` : ""}`
}

export const code = (version: string): string => codeSlack(version)
export const sha = (commit: string): string => codeSlack(shortSha(commit))
export const at = (iso: string): string => escapeSlack(showInstant(iso))
/** A login holds no blank; what is done by no person (the plan's code freeze) is named in words. */
export const who = (by: string): string => (by.includes(" ") ? escapeSlack(by) : `@${escapeSlack(by)}`)
