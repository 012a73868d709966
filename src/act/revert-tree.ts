import type { RevertRequest } from "../model/effect.ts"
import { matchesPath } from "../model/path-glob.ts"
import { type OnGitHub, refused } from "./context.ts"

/** The tree of what takes a release back, or why there is none. */
export type RevertTree = { readonly is: "tree"; readonly sha: string } | ReturnType<typeof refused>

/**
 * The content that a commit on the later release has to have so that it takes back what came since the earlier one: the
 * earlier release's own tree. Of a component it is the later release's with the component's files as the earlier one has
 * them: what other components did between the two stays, and so does a file that another one has as well.
 *
 * The same request makes the same tree, so that it tells later what Slipway made from what somebody pushed since.
 */
export async function revertTree({ from, to, own }: RevertRequest, context: OnGitHub): Promise<RevertTree> {
  const { octokit, at } = context
  const treeAt = async (sha: string) => (await octokit.rest.git.getCommit({ ...at, commit_sha: sha })).data.tree.sha
  const before = await treeAt(to.sha)
  if (!own) return { is: "tree", sha: before }
  const after = await treeAt(from.sha)
  const [good, bad] = await Promise.all([filesOf(before, context), filesOf(after, context)])
  if (!good || !bad)
    return refused("invalid", "GitHub's list of the repository's files is cut short: take it back by hand")
  const differs = (path: string) =>
    good.get(path)?.sha !== bad.get(path)?.sha || good.get(path)?.mode !== bad.get(path)?.mode
  const touched = [...new Set([...good.keys(), ...bad.keys()])].filter(
    (path) => isAmong(path, own.paths) && differs(path),
  )
  if (touched.length === 0)
    return refused("invalid", `${to.version} has the same files of its own: there is nothing to take back`)
  const changed = touched.filter((path) => !isAmong(path, own.others))
  if (changed.length === 0)
    return refused("invalid", "all that changed in its files is another component's as well: take it back by hand")
  const tree = changed.flatMap((path) => {
    const entry = good.get(path) ?? bad.get(path)
    return entry ? [{ ...entry, path, sha: good.get(path)?.sha ?? null }] : []
  })
  return { is: "tree", sha: (await octokit.rest.git.createTree({ ...at, base_tree: after, tree })).data.sha }
}

/** Whether a commit is the one that Slipway makes: it stands on the bad release, and has this tree. */
export async function isAsMade(
  { from }: RevertRequest,
  tree: string,
  commit_sha: string,
  { octokit, at }: OnGitHub,
): Promise<boolean> {
  const { data: made } = await octokit.rest.git.getCommit({ ...at, commit_sha })
  return made.tree.sha === tree && made.parents.length === 1 && made.parents[0]?.sha === from.sha
}

const isAmong = (path: string, patterns: readonly string[]): boolean => patterns.some((one) => matchesPath(path, one))

interface Entry {
  readonly mode: "100644" | "100755" | "120000" | "160000"
  readonly type: "blob" | "commit"
  readonly sha: string
}

/** Undefined: there are more than GitHub lists (100,000 entries, or 7 MB). https://docs.github.com/en/rest/git/trees#get-a-tree */
async function filesOf(tree_sha: string, { octokit, at }: OnGitHub): Promise<ReadonlyMap<string, Entry> | undefined> {
  const { data } = await octokit.rest.git.getTree({ ...at, tree_sha, recursive: "1" })
  if (data.truncated) return undefined
  return new Map(
    data.tree.flatMap(({ path, mode, type, sha }) =>
      path !== undefined && sha !== undefined && (type === "blob" || type === "commit")
        ? [[path, { mode: mode as Entry["mode"], type, sha }] as const]
        : [],
    ),
  )
}
