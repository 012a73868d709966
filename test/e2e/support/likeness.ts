import type { SlackMessage } from "../../../demo/peers/slack.ts"
import type { Place } from "./place.ts"

const IMPACT = "Slipway / impact"

/**
 * What is left of a repository in the end, so that two of them can be compared that went through the same in another
 * order: commits by what they say, GitHub's and Slack's ids, times and names of the repository left out.
 *
 * @param commits what each commit is called, by SHA
 */
export async function likenessOf(place: Place, commits: ReadonlyMap<string, string>): Promise<object> {
  const { tags, releases, checkRuns, deployments, issues } = place.world()
  const name = place.repo.split("/")[1] ?? ""
  const said = (text: string | null): string => {
    let like = text ?? ""
    for (const [sha, what] of commits) like = like.replaceAll(sha, `[${what}]`).replaceAll(sha.slice(0, 7), `[${what}]`)
    return (
      like
        .replaceAll(/\b[0-9a-f]{7}(?:[0-9a-f]{33})?\b/g, "[commit]")
        .replaceAll(/\((?:\d+ min )?\d+ (?:min|s)\)/g, "([span])")
        .replaceAll(/slipway:release repo=\d+/g, "slipway:release repo=R")
        // Hashes of the lines, among them the compare link with the repository's name.
        .replaceAll(/slipway:release of=[\w-]+/g, "slipway:release of=LINES")
        .replaceAll(new RegExp(`\\b${name}\\b`, "g"), "REPO")
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "[time]")
        .replaceAll(/<!date[^>]*>/g, "[time]")
        .replaceAll(/(runs|archives)\/[\w/]+/g, "$1/[id]")
        .replaceAll(/#note-\d+|http:\/\/[\w.:]+/g, "")
    )
  }
  const commit = (sha: string): string => commits.get(sha) ?? sha
  // That a deployment has begun is told while it goes on, and not of one whose end was heard first.
  const isPassing = ({ text }: SlackMessage) => text.includes("is being deployed")
  const message = ({ text, replies }: SlackMessage): object => ({
    text: said(text),
    replies: replies.filter((reply) => !isPassing(reply)).map(message),
  })
  return {
    tags: Object.fromEntries(Object.entries(tags).map(([tag, sha]) => [tag, commit(sha)])),
    releases: releases
      .map(({ tagName, draft, body }) => ({ tagName, draft, body: said(body) }))
      .sort((a, b) => (a.tagName < b.tagName ? -1 : 1)),
    checks: checkRuns
      // What a pull request would release is shown while it is open, as seen then: nothing, if its merge was heard first.
      .filter(({ app, name, conclusion }) => app === "slipway" && conclusion !== "neutral" && name !== IMPACT)
      .map((run) => `${run.name} on ${commit(run.headSha)}: ${run.conclusion}, ${run.title}`)
      .sort(),
    head: said(place.readiness().title),
    deployments: deployments.map(({ sha, environment, task, creator }) => [commit(sha), environment, task, creator]),
    issues: issues.map((issue) => said(issue.title)),
    threads: (await place.threads()).map(message),
  }
}
