import { createSlack, type SlackOptions } from "../peers/slack.ts"
import { askSelf } from "../peers/slack-self.ts"
import type { Finding } from "./finding.ts"

export interface SlackAccount {
  readonly account: string
  readonly slackToken?: string
  readonly slackChannel?: string
}

interface Scope {
  readonly name: string
  /** A scope that serves as well. */
  readonly or?: string
  readonly why: string
}

const CHANNEL_ID = /^[CG][A-Z0-9]{6,}$/

const WRITE: Scope = { name: "chat:write", why: "to announce a release, to reply in its thread, to update it" }
const HISTORY: Scope = {
  name: "channels:history",
  or: "groups:history",
  why: "to see whether a message went out before it is sent again after a failure",
}
const NAMES: Scope = {
  name: "channels:read",
  why: "to find the channel behind a name; a channel's id needs no finding",
}

/** Whether an account's token is good, may do what it has to, and reaches the channel. Nothing is posted. */
export async function examineSlack(
  { account, slackToken, slackChannel }: SlackAccount,
  options: SlackOptions,
): Promise<Finding[]> {
  if (slackToken === undefined)
    return [{ about: "Slack", is: "note", says: `no token for ${account}: its releases are not announced` }]
  const self = await askSelf(slackToken, options)
  if (self.is !== "ok") return [problem(`for ${account}: ${self.because}`, "Mend that, and run doctor again.")]
  const { team, bot, scopes } = self.value
  const known: Finding = { about: "Slack", is: "ok", says: `for ${account}: the token is ${bot}'s in ${team}` }
  const needed = [WRITE, HISTORY, ...(isNamed(slackChannel) ? [NAMES] : [])]
  const missing = needed.filter(({ name, or }) => !scopes.includes(name) && !(or && scopes.includes(or)))
  if (missing.length > 0) return [known, ...missing.map((scope) => lacks(account, scope))]
  const able: Finding = {
    about: "Slack",
    is: "ok",
    says: `for ${account}: ${needed.map(({ name }) => name).join(", ")}`,
  }
  return [known, able, await examineChannel(account, slackToken, slackChannel, options)]
}

const isNamed = (channel: string | undefined): boolean => channel === undefined || !CHANNEL_ID.test(channel)

const lacks = (account: string, { name, why }: Scope): Finding =>
  problem(
    `for ${account}: the token lacks ${name}, ${why}`,
    "Add it at https://api.slack.com/apps under OAuth & Permissions, and reinstall the app to the workspace.",
  )

async function examineChannel(
  account: string,
  token: string,
  channel: string | undefined,
  options: SlackOptions,
): Promise<Finding> {
  if (channel === undefined)
    return {
      about: "Slack",
      is: "note",
      says: `for ${account}: no channel is set, so only repositories whose slipway.yml names one are announced`,
    }
  const client = createSlack(options).client(token)
  const id = CHANNEL_ID.test(channel) ? ({ is: "ok", value: channel } as const) : await client.channelId(channel)
  if (id.is !== "ok") return problem(`for ${account}: ${id.because}`, "Mend that, and run doctor again.")
  if (id.value === null)
    return problem(
      `for ${account}: the bot sees no public channel ${channel}`,
      "Check the name; of a private channel give the id (channel details, at the bottom) and invite the bot.",
    )
  const seen = await client.recent(id.value)
  if (seen.is !== "ok") return problem(`for ${account}: ${seen.because}`, `In Slack: /invite the bot to ${channel}.`)
  return { about: "Slack", is: "ok", says: `for ${account}: the bot is in ${channel}` }
}

const problem = (says: string, todo: string): Finding => ({ about: "Slack", is: "problem", says, todo })
