import type { Db } from "../store/open.ts"
import { type RepositoryState, repositoryStates } from "../store/repository-states.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { repositoryNamed } from "./repository-name.ts"

/**
 * What is known of the repository that is meant: the one that is named, or the only one that there is.
 *
 * @throws ProblemFound where there is none, or nobody can know which
 */
export async function oneRepository(db: Db, name: string | undefined): Promise<RepositoryState> {
  if (name !== undefined && !repositoryNamed(name))
    throw new WrongUsage(`--repository takes a repository, such as acme/shop, not ${name}`)
  let found: RepositoryState | undefined
  for await (const one of repositoryStates(db, name === undefined ? [] : [name])) {
    if (found) throw new ProblemFound("there are several repositories: say which by --repository OWNER/REPO")
    found = one
  }
  if (found) return found
  throw new ProblemFound(
    name === undefined
      ? "nothing is known of any repository: is Slipway installed in one?"
      : `nothing is known of ${name}: is Slipway installed there?`,
  )
}
