import { count } from "../../render/words.ts"
import { auditedRepositories } from "../../store/audit.ts"
import { cutAudit } from "../../store/cut-audit.ts"
import { type ExitCode, ProblemFound, type Terminal } from "../command.ts"
import { plain } from "../paint.ts"
import { follow, type Opened } from "./trail.ts"

/** @returns 1 where a trail does not hold: what is broken is not cut off, since it would look whole afterwards */
export async function cut(
  { db, key }: Opened,
  options: { readonly repository: string; readonly before: Date; readonly keys: readonly string[] },
  terminal: Terminal,
): Promise<ExitCode> {
  const { repository, before, keys } = options
  if (!key)
    throw new ProblemFound(
      "cutting off signs a checkpoint, for which the App's credentials have to be in the environment",
    )
  const repositories = await auditedRepositories(db, repository)
  if (repositories.length === 0) throw new ProblemFound(`the database knows no repository ${repository}`)
  for (const of of repositories) {
    const { breaks, cut: wrong } = await follow(db, of, new Set([...keys, key.publicKey]), [])
    if (breaks.length + wrong.length > 0)
      throw new ProblemFound(
        `the trail of ${of.name} does not hold, and stays as it is: \`slipway audit verify ${of.name}\` says where it breaks`,
      )
    const gone = await cutAudit(db, { key: of.key, before, at: terminal.now, signer: key })
    terminal.out(`${plain(of.name)}: ${count(gone, "record")} cut off\n`)
  }
  return 0
}
