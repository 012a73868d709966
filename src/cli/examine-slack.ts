import { createSlack, type SlackClient, type SlackOptions } from "../peers/slack.ts"
import { askSelf } from "../peers/slack-self.ts"
import { examineChannels, isByName, type ToldChannel } from "./examine-channels.ts"
import type { Finding } from "./finding.ts"

/** A workspace as it was looked at; without a client nothing more can be asked there. */
interface Looked {
  readonly findings: readonly Finding[]
  readonly client?: SlackClient
  /** Whether people may be looked up by their addresses. */
  readonly mayReadEmails: boolean
}

interface Scope {
  readonly name: string
  /** A scope that serves as well. */
  readonly or?: string
  readonly why: string
}

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
const EMAILS = "users:read.email"

/** Whether an account's token is good, may do what it has to, and reaches the channels. Nothing is posted. */
export async function examineSlack(
  account: string,
  token: string,
  channels: readonly ToldChannel[],
  options: SlackOptions,
): Promise<Looked> {
  const self = await askSelf(token, options)
  if (self.is !== "ok") {
    const because = problem(`for ${account}: ${self.because}`, "Mend that, and run doctor again.")
    return { findings: [because], mayReadEmails: false }
  }
  const { team, bot, scopes } = self.value
  const mayReadEmails = scopes.includes(EMAILS)
  const known: Finding = { about: "Slack", is: "ok", says: `for ${account}: the token is ${bot}'s in ${team}` }
  const needed = [WRITE, HISTORY, ...(channels.length === 0 || channels.some(isByName) ? [NAMES] : [])]
  const missing = needed.filter(({ name, or }) => !scopes.includes(name) && !(or && scopes.includes(or)))
  if (missing.length > 0)
    return { findings: [known, ...missing.map((scope) => lacks(account, scope))], mayReadEmails: false }
  const has = [...needed.map(({ name }) => name), ...(mayReadEmails ? [EMAILS] : [])]
  const able: Finding = { about: "Slack", is: "ok", says: `for ${account}: ${has.join(", ")}` }
  const client = createSlack(options).client(token)
  return {
    findings: [known, able, ...(await examineChannels(account, channels, client))],
    client,
    mayReadEmails,
  }
}

const lacks = (account: string, { name, why }: Scope): Finding =>
  problem(
    `for ${account}: the token lacks ${name}, ${why}`,
    "Add it at https://api.slack.com/apps under OAuth & Permissions, and reinstall the app to the workspace.",
  )

const problem = (says: string, todo: string): Finding => ({ about: "Slack", is: "problem", says, todo })
