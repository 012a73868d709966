import type { Block } from "../../src/render/block-kit.ts"
import type { CheckView, IssueView, MessageView, ReleaseView, ThreadView } from "../../src/render/views.ts"
import type { SeenCheckRun, SeenRepository } from "../peers/github/world.ts"
import type { SlackMessage } from "../peers/slack.ts"

export const checkView = (run: SeenCheckRun): CheckView => ({
  name: run.name,
  sha: run.headSha,
  conclusion: run.conclusion ?? run.status,
  title: run.title ?? "",
  summary: run.summary ?? "",
  ...(run.text ? { text: run.text } : {}),
  buttons: run.actions,
})

export const releaseView = (it: SeenRepository["releases"][number]): ReleaseView => ({
  name: it.name ?? it.tagName,
  tag: it.tagName,
  is: it.draft ? "draft" : it.prerelease ? "prerelease" : "published",
  body: it.body ?? "",
})

/** What was said on an issue or a pull request, oldest first. */
export const commentsOn = (seen: SeenRepository, number: number): NonNullable<IssueView["comments"]> =>
  seen.comments.filter(({ issue }) => issue === number).map(({ author: by, body }) => ({ by, body }))

export const threadView = (channel: string, message: SlackMessage): ThreadView => ({
  channel: `#${channel}`,
  first: messageView(message),
  replies: message.replies.map(messageView),
})

/** Slack's `ts` is seconds since 1970 with a counter behind the point. */
const messageView = ({ ts, blocks, edited }: SlackMessage): MessageView => ({
  at: new Date(Number(ts) * 1_000).toISOString(),
  blocks: blocks as unknown as Block[],
  edited,
})
