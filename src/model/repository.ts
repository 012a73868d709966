/** A repository as webhooks name it. `id` is GitHub's numeric id as text: it survives a rename and a transfer. */
export interface Repository {
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly defaultBranch: string
  readonly private: boolean
  /** The installation of the App through which the repository is reached, as text. */
  readonly installation: string
  /** Where people read it (`html_url`); absent: on github.com. GitHub Enterprise Server has addresses of its own. */
  readonly url?: string
}

export const fullName = (repo: Repository): string => `${repo.owner}/${repo.name}`
