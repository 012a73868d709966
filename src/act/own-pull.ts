import type { OwnPull } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderOwnPull } from "../render/own-pull.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { makeCommit } from "./own-commit.ts"

/**
 * The one pull request of a release, or the one that adds its changelog entry. The branch first, the pull request then:
 * GitHub has one open pull request a pair of branches, so that a second attempt finds the first one's.
 */
export const ownPull: Family<"pull-request", OnGitHub> = async ({ content }, context) => {
  const { commit } = content
  if (commit.is === "withdrawn") return withdraw(commit.number, context)
  if (commit.is === "pinned") return repin(content, commit.sha, context)
  const made = await makeCommit(content, commit, context)
  if (made.is === "refused") return refused("invalid", made.because)
  if (made.is === "nothing") return { is: "done" }
  await point(content.head, made.sha, context)
  return done(content, await write(content, context), made)
}

interface Head {
  readonly sha: string
  readonly tree?: string
  readonly on?: string
}

interface Shown {
  readonly number: number
  readonly html_url: string
  readonly state: string
}

/** What was approved stands on the branch: a rewriting that was under way before the approval is undone. */
async function repin(content: OwnPull, sha: string, context: OnGitHub): Promise<Outcome> {
  if (content.purpose === "back") return bringBack(content, sha, context)
  await point(content.head, sha, context)
  return done(content, await write(content, context), { sha })
}

/** The branch stands on what was released until people put the solution of a conflict there: that is theirs to keep. */
async function bringBack(content: OwnPull, sha: string, context: OnGitHub): Promise<Outcome> {
  const { octokit, at } = context
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${content.head}`, sha })
  } catch (error) {
    const why = toPeerError(error)
    if (why.is !== "invalid" && why.is !== "taken") throw error
  }
  try {
    return done(content, await write(content, context), { sha })
  } catch (error) {
    // Of what the branch has already GitHub makes no pull request.
    if (!/No commits between/.test(toPeerError(error).message)) throw error
    return { is: "done", result: { has: true } }
  }
}

async function withdraw(number: number, { octokit, at }: OnGitHub): Promise<Outcome> {
  await octokit.rest.pulls.update({ ...at, pull_number: number, state: "closed" })
  return { is: "done" }
}

/** https://docs.github.com/en/rest/git/refs#update-a-reference: 422 where there is no such branch. */
async function point(branch: string, sha: string, { octokit, at }: OnGitHub): Promise<void> {
  try {
    await octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: true })
  } catch (error) {
    const why = toPeerError(error)
    if (why.is !== "invalid" && why.is !== "gone") throw error
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha })
  }
}

/** A pull request that somebody closed is left closed, and another one takes its place. */
async function write(content: OwnPull, context: OnGitHub): Promise<Shown> {
  const { octokit, at, handle } = context
  const { title, body } = renderOwnPull(content)
  if (handle) {
    const { data } = await octokit.rest.pulls.update({ ...at, pull_number: Number(handle.id), title, body })
    // A release's that was merged meanwhile has done its work; the next changelog entry needs another one.
    if (data.state === "open" || (data.merged && content.purpose !== "changelog")) return data
  }
  try {
    const { head, base } = content
    return (await octokit.rest.pulls.create({ ...at, title, body, head, base, maintainer_can_modify: false })).data
  } catch (error) {
    const why = toPeerError(error)
    const met = why.is === "invalid" || why.is === "taken" ? await find(content, context) : undefined
    if (!met) throw error
    return (await octokit.rest.pulls.update({ ...at, pull_number: met.number, title, body })).data
  }
}

/** The open one of these branches. A fork's branch may have the same name, even under the same owner. */
async function find({ head, base, repositoryId }: OwnPull, { octokit, at }: OnGitHub): Promise<Shown | undefined> {
  const from = `${at.owner}:${head}`
  const { data } = await octokit.rest.pulls.list({ ...at, head: from, base, state: "open", per_page: 100 })
  return data.find((pull) => String(pull.head.repo?.id) === repositoryId && pull.head.ref === head)
}

const done = ({ version }: OwnPull, { number, html_url: url }: Shown, { sha, tree, on }: Head): Outcome => ({
  is: "done",
  handle: { id: String(number), url },
  result: { number, url, version, sha, ...(tree === undefined ? {} : { tree }), ...(on === undefined ? {} : { on }) },
})
