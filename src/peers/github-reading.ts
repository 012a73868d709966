import type { GitHubClient } from "./github.ts"
import { type PersonSettings, personOctokit } from "./github-person.ts"

/**
 * A client that cannot change anything, whatever it is asked: every request but GET and HEAD is refused before it
 * leaves. It speaks as the person whose token it has.
 */
export function readingOctokit(settings: PersonSettings): GitHubClient {
  const octokit = personOctokit(settings)
  octokit.hook.before("request", ({ method, url }) => {
    if (method !== "GET" && method !== "HEAD") throw new Error(`${method} ${url} would change something: refused`)
  })
  return octokit
}
