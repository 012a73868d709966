import type { Repository } from "../model/repository.ts"

/** What GitHub says of a repository. https://docs.github.com/en/rest/repos/repos#get-a-repository */
interface Told {
  readonly id: number
  readonly name: string
  readonly owner: { readonly login: string }
  readonly default_branch: string
  readonly private: boolean
}

/** A repository by what GitHub says of it, its names as GitHub writes them. */
export const repositoryOf = (told: Told, installation: string): Repository => ({
  id: String(told.id),
  owner: told.owner.login,
  name: told.name,
  defaultBranch: told.default_branch,
  private: told.private,
  installation,
})
