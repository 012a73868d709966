import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/**
 * The commit at the end of a branch.
 * https://docs.github.com/en/rest/git/refs#get-a-reference: unlike `branches/B`, it is light, says 409 for an empty
 * repository, and does not follow a renamed branch to its new name.
 */
export async function readHead(reader: Reader, branch: string): Promise<Read<string>> {
  const answer = await reader.ask((at) => reader.rest.git.getRef({ ...at, ref: `heads/${branch}` }))
  if (answer.is === "answer") return read(answer.data.object.sha)
  switch (answer.error.is) {
    case "empty":
      return unknown("the repository has no commits yet; the first push to it starts its history")
    case "gone":
      return unknown(
        `there is no branch \`${branch}\` on GitHub; push it, or name the release branches under \`branches\` in .github/slipway.yml`,
      )
    default:
      return unknown(`the head of \`${branch}\` could not be read: ${whyUnknown(answer.error)}`)
  }
}
