import { type PageSection, pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import { escapeHtml } from "../../src/render/html-text.ts"
import type { GitHubPeer } from "../peers/github.ts"
import type { Page } from "../peers/http-front.ts"
import type { SlackPeer } from "../peers/slack.ts"
import { page } from "./page.ts"
import { type Place, world } from "./place.ts"
import { repositoryPage } from "./repository-page.ts"
import { threadView } from "./views.ts"

interface Peers {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  /** `owner/name` of each. */
  readonly repos: readonly string[]
  readonly channel: string
  /** Who looks at the pages. */
  readonly reader: string
}

/** Pages at the addresses that GitHub and Slack name, drawn from what they hold at the moment. */
export function openWebsites(peers: Peers): void {
  const { github, slack, channel } = peers
  github.setWebsite((path, query) => gitHubPage(peers, path, query))
  slack.setWebsite(async (path) => {
    const ts = /^\/archives\/[^/]+\/p(\d+)$/.exec(path)?.[1]
    const messages = await slack.messages(channel)
    const shown = messages.filter(
      (m) => ts === undefined || [m, ...m.replies].some((it) => it.ts.replace(".", "") === ts),
    )
    return page(
      `#${channel}`,
      "The channel, one thread a release.",
      shown.map((m) => threadHtml(threadView(channel, m))),
    )
  })
}

/** The address of the channel's page. */
export const channelUrl = (slack: SlackPeer, channel: string): string =>
  `${new URL(slack.url).origin}/archives/${slack.channelId(channel)}`

function home(peers: Peers & Place): Page {
  const { github, repo, slack, channel } = peers
  const seen = world(peers)
  const link = (url: string, text: string) => `<li><a href="${escapeHtml(url)}">${escapeHtml(text)}</a></li>`
  const at = (path: string) => `${github.url}/${repo}/${path}`
  const list = (id: string, heading: string, says: string, items: readonly string[]): PageSection => ({
    id,
    heading,
    says,
    html: `<ul>${items.join("")}</ul>`,
  })
  const checks = github.checkRuns(repo).filter(({ name }) => name.startsWith("Slipway / "))
  const html = pageHtml(repo, "What the demo's GitHub and Slack hold now.", [
    list(
      "checks",
      "Checks",
      "Newest first.",
      checks.map((c) => link(at(`runs/${c.id}`), `${c.name}: ${c.title}`)),
    ),
    list("releases", "Releases", "With their notes.", [link(at("releases"), `${seen.releases.length} releases`)]),
    list(
      "issues",
      "Issues",
      "Post-mortems.",
      seen.issues.map((i) => link(at(`issues/${i.number}`), i.title)),
    ),
    list("slack", "Slack", "One thread a release.", [link(channelUrl(slack, channel), `#${channel}`)]),
  ])
  return { status: 200, html }
}

async function gitHubPage(peers: Peers, path: string, query: URLSearchParams): Promise<Page> {
  const at = path === "/" ? `/${peers.repos[0]}` : path
  const repo = peers.repos.find((name) => at === `/${name}` || at.startsWith(`/${name}/`))
  if (repo === undefined) return person(path)
  const reader = { ...peers, repo }
  return at === `/${repo}` ? home(reader) : await repositoryPage(reader, at.slice(repo.length + 2), query)
}

const person = (path: string): Page =>
  /^\/[A-Za-z0-9-]+(?:\[bot\])?$/.test(path)
    ? page(path.slice(1), "", [`<p>${escapeHtml(path.slice(1))} works on the demo.</p>`])
    : page(path, "", [])
