import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { draftTarget } from "../model/target.ts"
import { toPeerError } from "../peers/errors.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { commitOfTag } from "./tag.ts"

type Content = EffectOf<"unpublish">["content"]

/**
 * Turns a release that a person published by hand back into a draft, and removes its tag where nothing was deployed
 * from it. Done twice it does no more: a draft is a draft, and a tag that is gone is gone. GitHub has no compare-and-delete:
 * what is deployed between the look and the removal is deployed from a commit that has no tag any more.
 *
 * @returns done with `tag`: `removed`, or `kept` with `because`; refused where GitHub takes nothing back
 */
export const unpublish: Family<"unpublish", OnGitHub> = async ({ content }, context) => {
  const { octokit, at, handles } = context
  const draft = handles[draftTarget(content.release)]
  if (!draft) return refused("gone", `Nothing is known of the release ${content.tag} at GitHub any more.`)
  const which = { ...at, release_id: Number(draft.id) }
  const { data: seen } = await octokit.rest.repos.getRelease(which)
  // https://docs.github.com/en/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases
  if (seen.immutable)
    return refused("invalid", `${content.tag} is an immutable release: GitHub takes neither it nor its tag back.`)
  if (!seen.draft) await octokit.rest.repos.updateRelease({ ...which, draft: true })
  const sha = await commitOfTag(context, content.tag)
  if (sha === null) return removed
  const where = await deployedTo(content, sha, context)
  if (where !== undefined) return kept(`it was deployed to ${where}`)
  return remove(content, context)
}

const removed: Outcome = { is: "done", result: { tag: "removed" } }
const kept = (because: string): Outcome => ({ is: "done", result: { tag: "kept", because } })

/** Where the tag was deployed, or its commit since it was published: a commit may have been somewhere long before. */
async function deployedTo(
  { tag, since }: Content,
  sha: string,
  { octokit, at }: OnGitHub,
): Promise<string | undefined> {
  // Newest first: https://docs.github.com/en/rest/deployments/deployments#list-deployments
  const { data: byTag } = await octokit.rest.repos.listDeployments({ ...at, ref: tag, per_page: 1 })
  const { data: byCommit } = await octokit.rest.repos.listDeployments({ ...at, sha, per_page: 100 })
  const after = byCommit.find(({ created_at: when }) => Date.parse(when) >= Date.parse(since))
  return byTag[0]?.environment ?? after?.environment
}

async function remove({ tag }: Content, context: OnGitHub): Promise<Outcome> {
  const { octokit, at } = context
  try {
    await octokit.rest.git.deleteRef({ ...at, ref: `tags/${tag}` })
    return removed
  } catch (error) {
    const why = toPeerError(error)
    if (why.is === "unreachable" || why.is === "limited") throw error
    if ((await commitOfTag(context, tag)) === null) return removed
    return kept(`GitHub did not let Slipway delete it (${why.message})`)
  }
}
