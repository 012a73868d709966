import type { Block } from "../../src/render/block-kit.ts"
import { checkHtml, issueHtml, releaseHtml } from "../../src/render/html-github.ts"
import { type PageSection, pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import {
  checkForTerminal,
  markdownForTerminal,
  type TerminalOptions,
  threadForTerminal,
} from "../../src/render/terminal.ts"
import type { CheckView, MessageView, ThreadView } from "../../src/render/views.ts"
import type { SeenCheckRun } from "../peers/github/world.ts"
import type { SlackMessage } from "../peers/slack.ts"
import type { Told } from "./play.ts"
import type { Stage } from "./stage.ts"

/** What there is to see at the end, read back from the peers. */
export interface Exhibits {
  readonly notes: string
  /** As it waited for an approval. */
  readonly readiness: CheckView
  readonly threads: readonly ThreadView[]
  readonly html: string
}

export async function collect(stage: Stage, told: Told, summary: string): Promise<Exhibits> {
  const seen = stage.github.world()[stage.repo]
  const release = (tag: string) => seen?.releases.find((r) => r.tagName === tag)
  const checkOf = (name: string, sha: string) => {
    const run = stage.github.checkRuns(stage.repo, { sha, name })[0]
    if (!run) throw new Error(`${name} on ${sha} is gone`)
    return viewOf(run)
  }
  const threads = (await stage.slack.messages(stage.channel)).map((m) => threadOf(stage.channel, m))
  const readiness = checkOf("Slipway / readiness", told.second.sha)
  const production = checkOf("Slipway / production", told.second.sha)
  const published = [told.first.tag, told.second.tag].flatMap((tag) => {
    const found = release(tag)
    return found ? [{ name: found.name ?? tag, tag, is: "published" as const, body: found.body ?? "" }] : []
  })
  const sections: PageSection[] = [
    section("releases", "Release notes", "What people read on the releases page.", published.map(releaseHtml)),
    section(
      "readiness",
      "Readiness check",
      "Where approvers decide: the first release, and the second after its rollback.",
      [checkHtml(checkOf("Slipway / readiness", told.first.sha)), checkHtml(readiness)],
    ),
    section("production", "Environment check", "Where whoever is on call finds the way back.", [checkHtml(production)]),
    section("slack", "Slack", "One thread a release.", threads.map(threadHtml)),
    section(
      "post-mortem",
      "Post-mortem",
      "Opened by the rollback.",
      (seen?.issues ?? [])
        .filter((i) => i.author === "slipway[bot]")
        .map((i) => issueHtml({ ...i, body: i.body ?? "" })),
    ),
  ]
  return {
    notes: release(told.first.tag)?.body ?? "",
    readiness: viewOf(told.moments.waiting),
    threads,
    html: pageHtml("Slipway, from merge to rollback", summary, sections),
  }
}

const section = (id: string, heading: string, says: string, parts: readonly string[]): PageSection => ({
  id,
  heading,
  says,
  html: parts.join("\n"),
})

/** The notes, the check and the thread, as they are drawn in a terminal. */
export function forTerminal(exhibits: Exhibits, options: TerminalOptions): string {
  const title = (text: string) =>
    `\n${options.colour ? `\u001b[1m${text}\u001b[0m` : text}\n${"─".repeat(text.length)}\n`
  const thread = exhibits.threads.at(-1)
  return [
    title("The notes of the first release"),
    markdownForTerminal(exhibits.notes, options),
    title("The check run, while it waited for an approval"),
    checkForTerminal(exhibits.readiness, options),
    title("The Slack thread of the second"),
    thread ? threadForTerminal(thread, options) : "",
  ].join("\n")
}

const viewOf = (run: SeenCheckRun): CheckView => ({
  name: run.name,
  sha: run.headSha,
  conclusion: run.conclusion ?? run.status,
  title: run.title ?? "",
  summary: run.summary ?? "",
  ...(run.text ? { text: run.text } : {}),
  buttons: run.actions,
})

const threadOf = (channel: string, message: SlackMessage): ThreadView => ({
  channel: `#${channel}`,
  first: messageOf(message),
  replies: message.replies.map(messageOf),
})

/** Slack's `ts` is seconds since 1970 with a counter behind the point. */
const messageOf = ({ ts, blocks, edited }: SlackMessage): MessageView => ({
  at: new Date(Number(ts) * 1_000).toISOString(),
  blocks: blocks as unknown as Block[],
  edited,
})
