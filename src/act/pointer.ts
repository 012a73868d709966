import { toPeerError } from "../peers/errors.ts"
import type { Family, OnGitHub } from "./context.ts"

/**
 * Brings a ref to a commit, whatever it stood on: it is Slipway's own, and follows. Done twice is harmless; of two that make it
 * at once, the second moves it. A tag is a lightweight one: an annotated tag would be another object each time.
 * https://docs.github.com/en/rest/git/refs#create-a-reference takes any name below `refs/` with two slashes
 */
export const pointer: Family<"pointer", OnGitHub> = async ({ content: { ref, sha } }, context) => {
  const handle = { id: ref, extra: { sha } }
  const stands = await commitAt(context, ref)
  if (stands === sha) return { is: "done", handle }
  if (stands === undefined && (await create(context, ref, sha))) return { is: "done", handle }
  const { octokit, at } = context
  await octokit.rest.git.updateRef({ ...at, ref, sha, force: true })
  return { is: "done", handle }
}

async function commitAt({ octokit, at }: OnGitHub, ref: string): Promise<string | undefined> {
  try {
    return (await octokit.rest.git.getRef({ ...at, ref })).data.object.sha
  } catch (error) {
    if (toPeerError(error).is === "gone") return undefined
    throw error
  }
}

/** @returns false: somebody else made it meanwhile */
async function create({ octokit, at }: OnGitHub, ref: string, sha: string): Promise<boolean> {
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/${ref}`, sha })
    return true
  } catch (error) {
    if (toPeerError(error).is === "taken") return false
    throw error
  }
}
