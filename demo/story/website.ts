import { checkHtml, issueHtml, releaseHtml } from "../../src/render/html-github.ts"
import { type PageSection, pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import { escapeHtml } from "../../src/render/html-text.ts"
import type { SeenRepository } from "../peers/github/world.ts"
import type { GitHubPeer } from "../peers/github.ts"
import type { Page } from "../peers/http-front.ts"
import type { SlackPeer } from "../peers/slack.ts"
import { checkView, releaseView, threadView } from "./views.ts"

interface Peers {
  readonly github: GitHubPeer
  readonly slack: SlackPeer
  /** `owner/name` */
  readonly repo: string
  readonly channel: string
  /** Who looks at the pages. */
  readonly reader: string
}

/** Pages at the addresses that GitHub and Slack name, drawn from what they hold at the moment. */
export function openWebsites(peers: Peers): void {
  const { github, slack, repo, channel } = peers
  github.setWebsite((path) => (path === "/" || path === `/${repo}` ? home(peers) : gitHubPage(peers, path)))
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

async function home({ github, slack, repo, channel }: Peers): Promise<Page> {
  const seen = github.world()[repo]
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
    list("releases", "Releases", "With their notes.", [link(at("releases"), `${seen?.releases.length ?? 0} releases`)]),
    list(
      "issues",
      "Issues",
      "Post-mortems.",
      (seen?.issues ?? []).map((i) => link(at(`issues/${i.number}`), i.title)),
    ),
    list("slack", "Slack", "One thread a release.", [link(channelUrl(slack, channel), `#${channel}`)]),
  ])
  return { status: 200, html }
}

async function gitHubPage(peers: Peers, path: string): Promise<Page> {
  const { github, repo } = peers
  const seen = github.world()[repo]
  const inside = path.startsWith(`/${repo}/`) ? decodeURI(path.slice(repo.length + 2)) : undefined
  if (!seen || inside === undefined) return person(path)
  const [kind = "", ...rest] = inside.split("/")
  const id = rest.join("/")
  switch (kind) {
    case "runs":
      return page(
        `Check run ${id}`,
        repo,
        seen.checkRuns.filter((r) => String(r.id) === id).map((r) => checkHtml(checkView(r))),
      )
    case "commit":
      return page(`Commit ${id.slice(0, 7)}`, repo, await commit(peers, seen, rest[0] ?? ""))
    case "releases":
      return page("Releases", repo, releases(seen, id.replace(/^tag\//, "")))
    case "compare":
      return page(`What is new: ${id}`, repo, releases(seen, id.split("...")[1] ?? ""))
    case "issues":
    case "pull":
      return page(`${repo}#${id}`, "", await issue(peers, Number(id)))
    case "blob":
      return page(
        rest.slice(1).join("/"),
        `${repo} at ${rest[0]}`,
        await file(peers, rest[0] ?? "", rest.slice(1).join("/")),
      )
    default:
      return page(path, "", [])
  }
}

/** @param cards none: there is no such page */
function page(title: string, says: string, cards: readonly string[]): Page {
  if (cards.length > 0)
    return {
      status: 200,
      html: pageHtml(title, says, [{ id: "it", heading: "Now", says: "", html: cards.join("\n") }]),
    }
  const none = "The demo's GitHub and Slack draw check runs, commits, releases, issues, files, people and threads."
  return { status: 404, html: pageHtml(`There is no ${title}`, none, []) }
}

const person = (path: string): Page =>
  /^\/[A-Za-z0-9-]+(?:\[bot\])?$/.test(path)
    ? page(path.slice(1), "", [`<p>${escapeHtml(path.slice(1))} works on the demo.</p>`])
    : page(path, "", [])

/** What it says, and its checks. */
async function commit({ github, repo, reader }: Peers, seen: SeenRepository, sha: string): Promise<string[]> {
  const [owner = "", name = ""] = repo.split("/")
  const found = await existing(github.as(reader).repos.getCommit({ owner, repo: name, ref: sha }))
  if (!found) return []
  return [
    text(found.data.commit.message),
    ...seen.checkRuns.filter((r) => r.headSha === sha).map((r) => checkHtml(checkView(r))),
  ]
}

const text = (it: string): string =>
  `<article class="card"><div class="markdown"><pre><code>${escapeHtml(it)}</code></pre></div></article>`

/** Newest first; all of them where no tag is named. */
const releases = (seen: SeenRepository, tag: string): string[] =>
  seen.releases
    .filter((r) => tag === "" || r.tagName === tag || r.draft)
    .toReversed()
    .map((r) => releaseHtml(releaseView(r)))

async function issue({ github, repo, reader }: Peers, number: number): Promise<string[]> {
  const [owner = "", name = ""] = repo.split("/")
  const found = await existing(github.as(reader).issues.get({ owner, repo: name, issue_number: number }))
  if (!found) return []
  const { data } = found
  const labels = data.labels.map((label) => (typeof label === "string" ? label : (label.name ?? "")))
  return [issueHtml({ number, title: data.title, body: data.body ?? "", labels })]
}

async function file({ github, repo, reader }: Peers, ref: string, path: string): Promise<string[]> {
  const [owner = "", name = ""] = repo.split("/")
  const found = await existing(github.as(reader).repos.getContent({ owner, repo: name, path, ref }))
  if (!found) return []
  const { data } = found
  return [text("content" in data ? Buffer.from(data.content, "base64").toString() : "")]
}

/** An answer, or undefined where GitHub says that there is nothing. */
async function existing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return undefined
    throw error
  }
}
