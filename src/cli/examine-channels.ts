import type { SlackAnswer, SlackClient } from "../peers/slack.ts"
import type { Finding } from "./finding.ts"

/** A channel that is told of releases. */
export interface ToldChannel {
  /** Its id, or its name with or without `#`. */
  readonly channel: string
  /** Which keys of the configuration name it; none where the process's own settings do. */
  readonly named: readonly string[]
}

const CHANNEL_ID = /^[CG][A-Z0-9]{6,}$/

/** Whether it has to be looked for by its name. */
export const isByName = ({ channel }: ToldChannel): boolean => !CHANNEL_ID.test(channel)

/** Whether each is there, and the bot is in it. Nothing is posted. */
export async function examineChannels(
  account: string,
  channels: readonly ToldChannel[],
  client: SlackClient,
): Promise<Finding[]> {
  const names = channels.filter(isByName).map(({ channel }) => bare(channel))
  const ids = names.length === 0 ? NONE : await client.channelIds(names)
  if (ids.is !== "ok") return [problem(`for ${account}: ${ids.because}`, "Mend that, and run doctor again.")]
  const findings: Finding[] = []
  // One after the other: Slack counts requests by the minute.
  for (const one of channels) findings.push(await examineChannel(account, one, ids.value, client))
  return findings
}

async function examineChannel(
  account: string,
  one: ToldChannel,
  ids: ReadonlyMap<string, string>,
  client: SlackClient,
): Promise<Finding> {
  const { channel, named } = one
  const where = named.length === 0 ? channel : `${channel} (${named.join(", ")})`
  const id = isByName(one) ? ids.get(bare(channel)) : channel
  if (id === undefined)
    return problem(
      `for ${account}: the bot sees no public channel ${where}`,
      "Check the name; of a private channel give the id (channel details, at the bottom) and invite the bot.",
    )
  const seen = await client.recent(id)
  if (seen.is === "retry") return problem(`for ${account}: ${where}: ${seen.because}`, "Run doctor again.")
  if (seen.is === "refused")
    return problem(
      `for ${account}: ${named.length === 0 ? "" : `${where}: `}${seen.because}`,
      `In Slack: /invite the bot to ${channel}.`,
    )
  return { about: "Slack", is: "ok", says: `for ${account}: the bot is in ${where}` }
}

const NONE: SlackAnswer<ReadonlyMap<string, string>> = { is: "ok", value: new Map() }

const bare = (name: string): string => name.replace(/^#/, "")

const problem = (says: string, todo: string): Finding => ({ about: "Slack", is: "problem", says, todo })
