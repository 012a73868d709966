import type { Octokit } from "@octokit/rest"
import type { Probot } from "probot"
import type { Repository } from "../model/repository.ts"
import type { Urgency } from "./github-limits.ts"

/** What Slipway uses of an Octokit: Probot's and @octokit/rest's both have it. */
export type GitHubClient = Pick<Octokit, "rest" | "paginate" | "request">

/** The App as GitHub knows it. */
export interface GitHubApp {
  readonly id: string
  readonly slug: string
  /** Login of the account that owns the App: the one that is served when no other is named. */
  readonly owner: string
  /** `contents` → `write` … as the App asks for them; an installation may not have accepted all of it yet. */
  readonly permissions: { readonly [name: string]: string }
  readonly events: readonly string[]
  readonly htmlUrl: string
}

export interface GitHub {
  /**
   * A client that speaks as the installation that the repository is reached through. Makes no request.
   *
   * @param urgency `people` unless said otherwise; in the background unchanged answers are taken from the last time
   */
  for(repo: Repository, urgency?: Urgency): Promise<GitHubClient>
  /** `GET /app`, asked once a process; a failure is not remembered. Throws what Octokit throws: see `toPeerError`. */
  app(): Promise<GitHubApp>
}

/** @param probot made with `Octokit: slipwayOctokit(…)` */
export function createGitHub(probot: Probot): GitHub {
  let known: Promise<GitHubApp> | undefined
  return {
    async for(repo, urgency = "people") {
      const client = await probot.auth(Number(repo.installation))
      client.hook.before("request", (options) => {
        options.request = { ...options.request, urgency }
      })
      return client
    },
    app() {
      known ??= readApp(probot).catch((error: unknown) => {
        known = undefined
        throw error
      })
      return known
    },
  }
}

/** https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
async function readApp(probot: Probot): Promise<GitHubApp> {
  const octokit = await probot.auth()
  const { data } = await octokit.rest.apps.getAuthenticated()
  if (!data) throw new Error("GitHub answered GET /app without an App: is GITHUB_API_URL GitHub's API root?")
  return {
    id: String(data.id),
    slug: data.slug ?? "",
    owner: data.owner && "login" in data.owner ? data.owner.login : (data.owner?.slug ?? ""),
    permissions: Object.fromEntries(Object.entries(data.permissions).flatMap(([k, v]) => (v ? [[k, v]] : []))),
    events: data.events,
    htmlUrl: data.html_url,
  }
}
