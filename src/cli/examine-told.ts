import type { Account } from "../config/accounts.ts"
import { isSlackChannel } from "../model/audiences.ts"
import type { Config } from "../model/config.ts"
import { isMailAddress } from "../model/mail-address.ts"
import type { SlackClient, SlackOptions } from "../peers/slack.ts"
import type { ToldChannel } from "./examine-channels.ts"
import { examineSlack } from "./examine-slack.ts"
import type { Finding } from "./finding.ts"
import { namedPeople } from "./named-people.ts"

interface Telling {
  readonly account: string
  readonly settings: Pick<Account, "slackToken" | "slackChannel" | "smtpUrl">
  readonly options: SlackOptions
  /** A person's ID in Slack by the address that they show on GitHub. */
  readonly member: (login: string, slack: SlackClient) => Promise<string | undefined>
}

/** Whether those whom a configuration wants to be told can be: its channels, its addresses, the people whom it asks. */
export async function examineTold(config: Config, telling: Telling): Promise<readonly Finding[]> {
  return [...(await inSlack(config, telling)), ...byMail(config, telling)]
}

async function inSlack(config: Config, telling: Telling): Promise<readonly Finding[]> {
  const { account, settings, options } = telling
  const channels = channelsOf(config, settings.slackChannel)
  if (settings.slackToken === undefined) {
    const names = channels.map(({ channel }) => channel)
    if (names.length === 0) return []
    return [{ about: "Slack", is: "note", says: `no token for ${account}: nothing is said in ${names.join(", ")}` }]
  }
  const looked = await examineSlack(account, settings.slackToken, channels, options)
  const { client, mayReadEmails } = looked
  return [...looked.findings, ...(client ? await unmentioned(config, client, mayReadEmails, telling) : [])]
}

/** Every channel that is told of something, once, with the keys that name it. */
function channelsOf({ slack, audiences = {} }: Config, usual: string | undefined): readonly ToldChannel[] {
  const channels = new Map<string, string[]>()
  const add = (channel: string, named?: string) => {
    const known = channels.get(channel) ?? []
    channels.set(channel, named === undefined || known.includes(named) ? known : [...known, named])
  }
  if (slack.channel !== undefined) add(slack.channel, "slack.channel")
  else if (usual !== undefined) add(usual)
  for (const { to } of slack.channels ?? []) add(to, "slack.channels")
  for (const [name, places] of Object.entries(audiences))
    for (const place of places.filter(isSlackChannel)) add(place, `audiences.${name}`)
  return [...channels].map(([channel, named]) => ({ channel, named }))
}

/** Each is a request to GitHub, and one to Slack. */
const PEOPLE_LOOKED_FOR = 20

async function unmentioned(
  config: Config,
  client: SlackClient,
  mayReadEmails: boolean,
  { account, member }: Telling,
): Promise<readonly Finding[]> {
  const people = namedPeople(config)
  if (people.length === 0) return []
  const note = (says: string): Finding => ({ about: "Slack", is: "note", says: `for ${account}: ${says}` })
  if (!mayReadEmails)
    return [
      note(
        `${people.join(", ")}: not in slack.mention, and the token lacks users:read.email to find them by their e-mail address: they are named, and not mentioned`,
      ),
    ]
  const looked = people.slice(0, PEOPLE_LOOKED_FOR)
  const found = await Promise.all(looked.map((login) => member(login, client)))
  const unknown = looked.filter((_, at) => found[at] === undefined)
  const more = people.length - looked.length
  return [
    ...(unknown.length === 0
      ? []
      : [
          note(
            `${unknown.join(", ")}: not in slack.mention, and nobody in Slack has the e-mail address that they show on GitHub: they are named, and not mentioned`,
          ),
        ]),
    ...(more === 0 ? [] : [note(`${more} more people were not looked for`)]),
  ]
}

function byMail({ audiences = {} }: Config, { account, settings }: Telling): readonly Finding[] {
  const names = Object.entries(audiences).flatMap(([name, places]) => (places.some(isMailAddress) ? [name] : []))
  if (names.length === 0 || settings.smtpUrl !== undefined) return []
  return [
    {
      about: "e-mail",
      is: "note",
      says: `no mail server for ${account} (SMTP_URL): nothing is sent to the addresses of ${names.map((name) => `audiences.${name}`).join(", ")}`,
    },
  ]
}
