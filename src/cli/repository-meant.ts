import { ProblemFound, WrongUsage } from "./command.ts"
import { openClone, originOf } from "./read-clone.ts"
import { repositoryNamed } from "./repository-name.ts"

/** The API of GitHub that requests in a person's name go to. */
export const gitHubApi = ({ GITHUB_API_URL: url }: NodeJS.ProcessEnv): string => url || "https://api.github.com"

/** The host of GitHub's pages, by the root of its API: github.com, or that of GitHub Enterprise. */
export const hostOf = (baseUrl: string): string =>
  URL.canParse(baseUrl) ? new URL(baseUrl).host.replace(/^api\./, "") : "github.com"

/**
 * The repository at GitHub that a request is about: the one that is named, else the one that a clone comes from. A clone of
 * another host names a repository there: one of the same name at GitHub is not meant.
 *
 * @param named `OWNER/REPO`
 * @param directory inside of the clone
 * @param baseUrl GitHub's API root
 * @throws WrongUsage where nothing names one; ProblemFound where `origin` is of another host
 */
export async function repositoryMeant(
  named: string | undefined,
  directory: string,
  baseUrl: string,
): Promise<{ readonly owner: string; readonly repo: string }> {
  if (named !== undefined) {
    const found = repositoryNamed(named)
    if (found) return found
    throw new WrongUsage(`--repository takes a repository, such as acme/shop, not ${named}`)
  }
  const { repository, webUrl } = await originOf(await openClone(directory))
  const found = repositoryNamed(repository)
  if (!found)
    throw new WrongUsage(
      "the remote `origin` of this clone names no repository of GitHub: say which by --repository OWNER/REPO",
    )
  const host = withoutPort(hostOf(baseUrl))
  const origin = new URL(webUrl).hostname
  if (origin === host || (origin === SSH_OVER_HTTPS && host === "github.com")) return found
  throw new ProblemFound(
    `the remote \`origin\` of this clone is at ${origin}, and requests go to ${host} (${baseUrl}): set GITHUB_API_URL to the API of ${origin}, if that is a GitHub, or say which repository at ${host} is meant by --repository OWNER/REPO`,
  )
}

/** https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port */
const SSH_OVER_HTTPS = "ssh.github.com"

/** Git over SSH has a port of its own. */
const withoutPort = (host: string): string => new URL(`https://${host}`).hostname
