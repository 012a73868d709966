import type { Config } from "../model/config.ts"
import { kindOf, prefixOf } from "../model/line-kind.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

const HEADS = "refs/heads/"

/**
 * The branches that `hotfix.branches` matches, by name: pushes tell of new ones, this of those that nobody told of.
 * https://docs.github.com/en/rest/git/refs#list-matching-references: one request a pattern, for what begins as it does.
 */
export async function readHotfixBranches(reader: Reader, config: Config): Promise<Read<readonly string[]>> {
  const found = new Set<string>()
  for (const prefix of new Set(config.hotfix.branches.map(prefixOf))) {
    const answer = await reader.ask((at) => reader.rest.git.listMatchingRefs({ ...at, ref: `heads/${prefix}` }))
    if (answer.is === "refused") {
      if (answer.error.is === "empty") return read([])
      return unknown(`the hotfix branches could not be read: ${whyUnknown(answer.error)}`)
    }
    for (const { ref } of answer.data) if (ref.startsWith(HEADS)) found.add(ref.slice(HEADS.length))
  }
  const { defaultBranch } = reader.repo
  return read([...found].filter((branch) => kindOf(config, branch, defaultBranch)?.is === "hotfix").sort())
}
