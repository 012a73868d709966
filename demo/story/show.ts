import { checkHtml, issueHtml, releaseHtml } from "../../src/render/html-github.ts"
import { type PageSection, pageHtml } from "../../src/render/html-page.ts"
import { threadHtml } from "../../src/render/html-slack.ts"
import { escapeHtml } from "../../src/render/html-text.ts"
import {
  checkForTerminal,
  markdownForTerminal,
  type TerminalOptions,
  threadForTerminal,
} from "../../src/render/terminal.ts"
import type { IssueView, ThreadView } from "../../src/render/views.ts"
import type { SeenCheckRun, SeenRepository } from "../peers/github/world.ts"
import type { TakenMail } from "../peers/smtp/server.ts"
import type { GateMoment } from "./gates.ts"
import { MANAGER } from "./people.ts"
import { world } from "./place.ts"
import type { Moment, Told } from "./play.ts"
import { readIssue } from "./read-issue.ts"
import type { Stage } from "./stage.ts"
import type { Told as Step } from "./teller.ts"
import { checkView, releaseView, threadView } from "./views.ts"
import type { WatchedMoment } from "./watched.ts"

/** What there is to see at the end, read back from the peers. */
export interface Exhibits {
  readonly notes: string
  readonly moments: Told["moments"]
  readonly impacts: Told["merged"]["impacts"]
  /** The pull requests that were corrected, and told of their release. */
  readonly pulls: readonly { readonly id: string; readonly says: string; readonly view: IssueView }[]
  readonly components: Told["components"] & { readonly releases: SeenRepository["releases"] }
  readonly gates: Told["gates"]
  readonly watched: Told["watched"]
  readonly threads: readonly ThreadView[]
  /** The second release after its rollback. */
  readonly rolledBack: { readonly readiness: SeenCheckRun; readonly production: SeenCheckRun }
  readonly releases: SeenRepository["releases"]
  readonly issues: SeenRepository["issues"]
}

export async function collect(stage: Stage, told: Told): Promise<Exhibits> {
  const seen = world(stage)
  const tags = [told.first.tag, told.second.tag]
  const checkOf = (name: string) => {
    const run = stage.github.checkRuns(stage.repo, { sha: told.second.sha, name })[0]
    if (!run) throw new Error(`${name} on ${told.second.sha} is gone`)
    return run
  }
  const pull = async (id: string, says: string, number: number) => {
    const view = await readIssue(stage, number, MANAGER)
    if (!view) throw new Error(`#${number} is gone`)
    return { id, says, view }
  }
  const releases = seen.releases.filter((r) => tags.includes(r.tagName))
  const { components } = told
  return {
    notes: releases.find((r) => r.tagName === told.first.tag)?.body ?? "",
    moments: told.moments,
    impacts: told.merged.impacts,
    pulls: [
      await pull("told", "Told once, when its release was out", told.told),
      await pull("corrected", "Corrected in its description, after the merge", told.merged.corrected),
    ],
    components: {
      ...components,
      releases: world(stage.components).releases.filter((r) => components.tags.includes(r.tagName)),
    },
    gates: told.gates,
    watched: told.watched,
    threads: (await stage.slack.messages(stage.channel)).map((m) => threadView(stage.channel, m)),
    rolledBack: { readiness: checkOf("Slipway / readiness"), production: checkOf("Slipway / production") },
    releases,
    issues: seen.issues.filter((i) => i.author === "slipway[bot]"),
  }
}

/** The story and all that it left, as one page. Its anchors are those that the steps name. */
export function forBrowser(it: Exhibits, steps: readonly Step[], summary: string): string {
  const moment = (id: Moment, says: string) => part(id, says, checkHtml(checkView(it.moments[id])))
  const gate = (id: GateMoment, says: string) => part(`gate-${id}`, says, checkHtml(checkView(it.gates[id])))
  const watched = (id: WatchedMoment, says: string) =>
    part(`watched-${id}`, says, checkHtml(checkView(it.watched.pages[id])))
  const sections: PageSection[] = [
    section("story", "The story", "What was done, and what came of it.", [story(steps)]),
    section("impact", "Impact check", "On a pull request, before it is merged: what merging it would release.", [
      ...it.impacts.map((run) => checkHtml(checkView(run))),
    ]),
    section("notes", "Release notes", "What people read on the releases page.", [
      ...it.releases.map((r) => releaseHtml(releaseView(r))),
    ]),
    section("pulls", "Pull requests", "What happens on them once they are merged.", [
      ...it.pulls.map(({ id, says, view }) => part(id, says, issueHtml(view))),
    ]),
    section("readiness", "Readiness check", "One check run, on which approvers decide, moment by moment.", [
      moment("waiting", "Drafted: an author pressed Approve on their own work"),
      moment("held", "Cut by an approval, and held by somebody else"),
      moment("ready", "The hold is lifted, every gate is passed"),
      moment("published", "Published, with the gates as they were"),
      part("readiness-back", "The second release, rolled back", checkHtml(checkView(it.rolledBack.readiness))),
    ]),
    section("production", "Environment check", "Where whoever is on call finds the way back.", [
      moment("live", "The first release is live"),
      moment("failed", "The second one failed"),
      part("rolled-back", "The second one was rolled back", checkHtml(checkView(it.rolledBack.production))),
    ]),
    section("slack", "Slack", "One thread a release. The first message is always true to the present.", [
      ...it.threads.map((thread, at) => part(`thread-${ORDINALS[at] ?? at}`, THREADS[at] ?? "", threadHtml(thread))),
    ]),
    section("post-mortem", "Post-mortem", "Opened by the rollback.", [
      ...it.issues.map((i) => issueHtml({ ...i, body: i.body ?? "" })),
    ]),
    section("components", "Two components", "Another repository, whose components are released by pull requests.", [
      part("release-pull", "The release pull request of one of them", issueHtml({ ...it.components.pull, labels: [] })),
      part("components-approved", "Approved on its last commit", checkHtml(checkView(it.components.approved))),
      part("components-published", "Merged, and published", checkHtml(checkView(it.components.published))),
      part(
        "components-releases",
        "Its releases, the newest from a channel",
        it.components.releases.map((r) => releaseHtml(releaseView(r))).join("\n"),
      ),
    ]),
    section("gates", "Gates", "A third repository, where they hold.", [
      gate("weakened", "A pull request that takes a gate away, as its reviewers see it"),
      gate("reviewed", "Of low risk: its review is enough"),
      gate("waits", "A deployment that waits at production"),
      gate("hotfix", "A hotfix at production, with the gates that were declared for it"),
      gate("bypassed", "A draft that was published by hand, and taken back"),
      gate("frozen", "A pull request during a code freeze"),
    ]),
    section("watched", "Watched", "A fourth repository, with two environments, and a clock that is moved by hand.", [
      watched("verified", "Verified in staging, by its error rate"),
      watched("practising", "A drill: it leaves staging, and comes back"),
      watched("practised", "The drill passed"),
      watched("broken", "Its error rate broke a criterion of production"),
      watched("returned", "Rolled back by itself"),
      part("watched-thread", "Its thread", threadHtml(threadView(it.watched.channel, it.watched.thread))),
      part("watched-mails", "What a stakeholder was sent, as one thread", it.watched.mails.map(mailHtml).join("\n")),
    ]),
  ]
  return pageHtml("Slipway, from merge to rollback", summary, sections)
}

const ORDINALS = ["first", "second"]
const THREADS = ["The first release, which has a plan", "The second release, which has none"]

const section = (id: string, heading: string, says: string, parts: readonly string[]): PageSection => ({
  id,
  heading,
  says,
  html: parts.join("\n"),
})

const part = (id: string, says: string, html: string): string =>
  `<h3 class="moment" id="${escapeHtml(id)}">${escapeHtml(says)}</h3>\n${html}`

/** As a client shows it, in a frame that runs nothing and asks for nothing. */
const mailHtml = ({ headers, to, html }: TakenMail): string =>
  `<div class="card"><div class="bar"><b>${escapeHtml(headers.subject ?? "")}</b> <span class="quiet">to ${escapeHtml(to.join(", "))}</span></div>
<iframe class="mail" sandbox title="${escapeHtml(headers.subject ?? "")}" srcdoc="${escapeHtml(html)}"></iframe></div>`

const story = (steps: readonly Step[]): string =>
  `<ol class="card story">${steps
    .map(({ at, says, what, anchor, begins }) => {
      const heading = begins === undefined ? "" : `<li class="part"><b>${escapeHtml(begins)}</b></li>\n`
      const name = anchor ? `<a href="#${escapeHtml(anchor)}">${escapeHtml(says)}</a>` : `<b>${escapeHtml(says)}</b>`
      return `${heading}<li><span class="quiet">${at.toFixed(1)} s</span><div>${name}: ${escapeHtml(what)}</div></li>`
    })
    .join("\n")}</ol>`

/** Takes the links out that lead to the demo's peers: they are gone when the page is read. */
export const withoutLinksTo = (origins: readonly string[], html: string): string =>
  html.replaceAll(/ href=(?:"|&quot;)([^"#&]*).*?(?:"|&quot;)/g, (link, url: string) =>
    origins.some((origin) => url === origin || url.startsWith(`${origin}/`)) ? "" : link,
  )

/** The notes, the checks and the threads, as they are drawn in a terminal. */
export function forTerminal(it: Exhibits, options: TerminalOptions): string {
  const title = (text: string) =>
    `\n${options.colour ? `\u001b[1m${text}\u001b[0m` : text}\n${"─".repeat(text.length)}\n`
  // The details repeat the notes.
  const check = (run: SeenCheckRun) => {
    const { text: _, ...view } = checkView(run)
    return checkForTerminal(view, options)
  }
  const [first, second] = it.threads
  const [impact] = it.impacts
  return [
    title("The impact check of a pull request, before it was merged"),
    impact ? check(impact) : "",
    title("The notes of the first release"),
    markdownForTerminal(it.notes, options),
    title("The check run, while it waited for an approval"),
    check(it.moments.waiting),
    title("The same check run, published"),
    check(it.moments.published),
    title("The Slack thread of the first release"),
    first ? threadForTerminal(first, options) : "",
    title("The check run of production, where the second release failed"),
    check(it.moments.failed),
    title("The Slack thread of the second"),
    second ? threadForTerminal(second, options) : "",
    title("The release pull request of a component"),
    markdownForTerminal(`**${it.components.pull.title}**\n\n${it.components.pull.body}`, options),
  ].join("\n")
}
