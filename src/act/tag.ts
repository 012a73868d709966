import { toPeerError } from "../peers/errors.ts"
import type { OnGitHub } from "./context.ts"

/** How a tag came to stand, or why it does not stand where it has to. */
export type Tagged =
  | { readonly is: "at"; readonly created: boolean }
  | { readonly is: "elsewhere"; readonly sha: string }
  | { readonly is: "refused"; readonly because: string }

/**
 * Makes an annotated tag of a commit: the object first, which nothing shows as long as no ref names it. GitHub has no compare-and-publish, but it creates a ref only once: who creates it
 * first decides where the tag stands. Of a retry, a ref that stands on an earlier attempt's object is ours as well.
 * https://docs.github.com/en/rest/git/tags#create-a-tag-object https://docs.github.com/en/rest/git/refs#create-a-reference
 * @throws what Octokit throws for anything but 422
 */
export async function tagAt(
  context: OnGitHub,
  { tag, sha, message }: { readonly tag: string; readonly sha: string; readonly message: string },
): Promise<Tagged> {
  const { octokit, at } = context
  try {
    const { data: object } = await octokit.rest.git.createTag({ ...at, tag, message, object: sha, type: "commit" })
    await octokit.rest.git.createRef({ ...at, ref: `refs/tags/${tag}`, sha: object.sha })
    return { is: "at", created: true }
  } catch (error) {
    const why = toPeerError(error)
    if (why.is !== "taken" && why.is !== "invalid") throw error
    const stands = await commitOfTag(context, tag)
    if (stands === sha) return { is: "at", created: false }
    return stands === null ? { is: "refused", because: why.message } : { is: "elsewhere", sha: stands }
  }
}

/** An annotated tag may point at another one; nobody stacks them deeper. */
const DEEPEST = 5

/** The commit that a tag stands on, through annotated tags; null when there is no such tag. */
export async function commitOfTag({ octokit, at }: OnGitHub, tag: string): Promise<string | null> {
  try {
    let { object } = (await octokit.rest.git.getRef({ ...at, ref: `tags/${tag}` })).data
    for (let depth = 0; object.type === "tag" && depth < DEEPEST; depth++) {
      object = (await octokit.rest.git.getTag({ ...at, tag_sha: object.sha })).data.object
    }
    return object.sha
  } catch (error) {
    if (toPeerError(error).is === "gone") return null
    throw error
  }
}
