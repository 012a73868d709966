/**
 * A stateful Slack for the demo and the tests: the `emulate` package's, behind a front that holds Slack's documented
 * limits, keeps message metadata back unless it is asked for, and knows who may post where.
 */
import { randomBytes } from "node:crypto"
import { createEmulator } from "emulate"
import { startFront, type Website } from "./http-front.ts"
import { type SlackIntercept, type SlackMessage, SlackServer } from "./slack/server.ts"

export { rateLimited, type SlackMessage, slackError } from "./slack/server.ts"

export type SlackPeer = Awaited<ReturnType<typeof startSlack>>

/** What `auth.test` says the token may do, unless told otherwise. */
const SCOPES = ["chat:write", "channels:read", "channels:history", "groups:read", "groups:history"]

/** Starts a fake Slack on a free port. As many as wanted may run side by side. */
export async function startSlack(options: { scopes?: string[]; people?: { name: string; email: string }[] } = {}) {
  const token = `xoxb-${randomBytes(12).toString("hex")}`
  const admin = `xoxp-${randomBytes(12).toString("hex")}`
  const emulator = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      tokens: {},
      slack: {
        team: { name: "Acme", domain: "acme" },
        users: [{ name: "slipway" }, { name: "alice" }, ...(options.people ?? [])],
        tokens: [
          { token, user: "slipway", type: "bot" },
          { token: admin, user: "alice", type: "user" },
        ],
      },
    },
  })
  // The emulator listens on IPv4 only; its own address says "localhost".
  const slack = new SlackServer(`http://127.0.0.1:${new URL(emulator.url).port}`, token, options.scopes ?? SCOPES)
  let website: Website | undefined
  const front = await startFront(
    (request) => slack.handle(request),
    (error) => slack.problems.push(`the front failed: ${error instanceof Error ? error.stack : String(error)}`),
    () => website,
  )
  slack.origin = front.origin
  return {
    /** What the app gets as SLACK_API_URL. */
    url: `${front.origin}/api/`,
    token,
    /** Draws pages at the addresses of messages; without one they are not found. */
    setWebsite(site: Website): void {
      website = site
    },
    /** Calls that Slack would not take, or that Slipway should not make; tests expect none. */
    problems: slack.problems,
    requests: slack.requests,
    resetRequests: () => void slack.requests.splice(0),
    intercept: (intercept: SlackIntercept | undefined) => {
      slack.intercept = intercept
    },
    channelId: (name: string): string => slack.channelId(name),
    /** Makes a public channel; the bot is in it unless told otherwise. Returns its id. */
    createChannel: (name: string, more: { botIsMember?: boolean } = {}) =>
      slack.createChannel(name, more.botIsMember === false ? admin : token, more.botIsMember !== false),
    archive: (name: string) => slack.ask("conversations.archive", { channel: slack.channelId(name) }),
    messages: (channel: string): Promise<SlackMessage[]> => slack.messages(channel),
    async close(): Promise<void> {
      await front.close()
      await emulator.close()
    },
  }
}
