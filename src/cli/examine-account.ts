import type { Account } from "../config/accounts.ts"
import type { SettingsWithoutApp } from "../config/environment.ts"
import type { SlackOptions } from "../peers/slack.ts"
import { createLog } from "../telemetry/log.ts"
import { examineMail } from "./examine-mail.ts"
import { examineMetrics } from "./examine-metrics.ts"
import { examineSlack } from "./examine-slack.ts"
import type { Finding } from "./finding.ts"

/** What Slipway may use on behalf of one account: its Slack, its mail server, its metrics server. */
export async function examineAccount(account: string, settings: SettingsWithoutApp): Promise<readonly Finding[]> {
  const own = settings.accounts(account)
  const found = await Promise.all([
    slackOf(account, own, slackOptions(settings)),
    examineMail({ account, ...own }, settings.requestTimeoutMs),
    examineMetrics({ account, ...own }, settings.requestTimeoutMs),
  ])
  return found.flat()
}

export const slackOptions = ({ slackApiUrl, requestTimeoutMs }: SettingsWithoutApp): SlackOptions => ({
  apiUrl: slackApiUrl,
  requestTimeoutMs,
  log: createLog({ level: "silent" }),
})

async function slackOf(account: string, { slackToken, slackChannel }: Account, options: SlackOptions) {
  const note = (says: string): Finding => ({ about: "Slack", is: "note", says })
  if (slackToken === undefined) return [note(`no token for ${account}: its releases are not announced`)]
  const channels = slackChannel === undefined ? [] : [{ channel: slackChannel, named: [] }]
  const { findings, client, mayReadEmails } = await examineSlack(account, slackToken, channels, options)
  if (!client) return findings
  return [
    ...findings,
    ...(channels.length > 0
      ? []
      : [note(`for ${account}: no channel is set, so only repositories whose slipway.yml names one are announced`)]),
    ...(mayReadEmails
      ? []
      : [
          note(
            `for ${account}: the token lacks users:read.email, so only people are mentioned whom slack.mention names`,
          ),
        ]),
  ]
}
