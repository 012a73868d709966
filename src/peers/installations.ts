import type { Probot } from "probot"
import type { Repository } from "../model/repository.ts"
import { toPeerError } from "./errors.ts"
import { repositoryOf } from "./repository-of.ts"

export interface Installation {
  readonly id: string
  readonly account: string
  readonly suspended: boolean
  /** `contents` → `write` …, as they were accepted there; the App may ask for more since. */
  readonly permissions: { readonly [name: string]: string }
  /** Where its permissions are reviewed. */
  readonly htmlUrl: string
}

/**
 * Where the App is installed.
 * https://docs.github.com/en/rest/apps/apps#list-installations-for-the-authenticated-app
 *
 * @throws what Octokit throws: see `toPeerError`
 */
export async function listInstallations(probot: Probot): Promise<Installation[]> {
  const octokit = await probot.auth()
  const all = await octokit.paginate(octokit.rest.apps.listInstallations, { per_page: 100 })
  return all.flatMap(({ id, account, suspended_at, permissions, html_url }) =>
    account && "login" in account
      ? [
          {
            id: String(id),
            account: account.login,
            suspended: Boolean(suspended_at),
            permissions: Object.fromEntries(Object.entries(permissions).filter(([, level]) => level !== undefined)),
            htmlUrl: html_url,
          },
        ]
      : [],
  )
}

/**
 * The repositories that an installation reaches, up to 100 at a time; none if it was removed in the meantime.
 * https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation
 *
 * @throws what Octokit throws: see `toPeerError`
 */
export async function* listRepositories(probot: Probot, installation: string): AsyncGenerator<Repository[]> {
  try {
    yield* repositoryPages(probot, installation)
  } catch (error) {
    if (!isShut(error)) throw error
  }
}

/**
 * All repositories that an installation reaches, for who concludes something from one that is missing.
 *
 * @returns "shut" if it was removed or suspended, also while it was being read
 * @throws what Octokit throws for anything else
 */
export async function reachedBy(probot: Probot, installation: string): Promise<readonly Repository[] | "shut"> {
  try {
    const all: Repository[] = []
    for await (const page of repositoryPages(probot, installation)) all.push(...page)
    return all
  } catch (error) {
    if (!isShut(error)) throw error
    return "shut"
  }
}

async function* repositoryPages(probot: Probot, installation: string): AsyncGenerator<Repository[]> {
  const octokit = await probot.auth(Number(installation))
  const pages = octokit.paginate.iterator(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 })
  for await (const { data } of pages) yield data.map((repository) => repositoryOf(repository, installation))
}

function isShut(error: unknown): boolean {
  const { is } = toPeerError(error)
  return is === "gone" || is === "unauthorized"
}

/**
 * A repository by its name, as the App reaches it.
 * https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app
 *
 * @throws what Octokit throws: see `toPeerError`; `gone` where the App is not installed
 */
export async function findRepository(probot: Probot, owner: string, repo: string): Promise<Repository> {
  const app = await probot.auth()
  const installation = await app.rest.apps.getRepoInstallation({ owner, repo })
  const octokit = await probot.auth(installation.data.id)
  const { data } = await octokit.rest.repos.get({ owner, repo })
  return repositoryOf(data, String(installation.data.id))
}
