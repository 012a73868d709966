import { editManifest } from "../manifests/edit-manifest.ts"
import type { OwnCommit, OwnPull } from "../model/effect.ts"
import { withRelease } from "../render/changelog.ts"
import { renderOwnPull } from "../render/own-pull.ts"
import type { OnGitHub } from "./context.ts"
import { readFileAt } from "./file-at.ts"

type Built = Extract<OwnCommit, { is: "built" }>

/** A commit on top of the release branch, or why there is none. */
export type Made =
  | { readonly is: "made"; readonly sha: string; readonly tree: string; readonly on: string }
  | { readonly is: "nothing" }
  | { readonly is: "refused"; readonly because: string }

/**
 * Writes version files and changelog as one commit through the Git data API: atomic, and where no author, committer or
 * signature is given GitHub signs it for the App, so that branches that require signatures take it.
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
 *
 * The same content on the same commit makes the same tree; an attempt whose end is not known finds its own commit again.
 */
export async function makeCommit(pull: OwnPull, built: Built, context: OnGitHub): Promise<Made> {
  const { octokit, at } = context
  const on = built.on ?? (await octokit.rest.git.getRef({ ...at, ref: `heads/${pull.base}` })).data.object.sha
  const files = await edited(pull, built, on, context)
  if (files.is !== "files") return files
  if (files.changed.size === 0 && pull.purpose === "changelog") return { is: "nothing" }
  const base = (await octokit.rest.git.getCommit({ ...at, commit_sha: on })).data.tree.sha
  const tree = await writeTree(base, files.changed, context)
  const known = context.mayHaveHappened ? await commitOf(pull.head, context) : undefined
  if (known?.tree === tree && known.on === on) return { is: "made", ...known }
  const { data } = await octokit.rest.git.createCommit({
    ...at,
    message: renderOwnPull(pull).message,
    tree,
    parents: [on],
  })
  return { is: "made", sha: data.sha, tree, on }
}

type Edited = { readonly is: "files"; readonly changed: ReadonlyMap<string, string> } | Exclude<Made, { is: "made" }>

async function edited(pull: OwnPull, built: Built, on: string, context: OnGitHub): Promise<Edited> {
  const paths = [
    ...new Set([...built.manifests.map(({ path }) => path), ...(built.changelog ? [built.changelog] : [])]),
  ]
  const read = new Map<string, string>()
  for (const path of paths) {
    const file = await readFileAt(context, path, on)
    if (file.is === "strange") return { is: "refused", because: file.because }
    if (file.is === "text") read.set(path, file.text)
  }
  const changed = new Map<string, string>()
  for (const manifest of built.manifests) {
    const text = changed.get(manifest.path) ?? read.get(manifest.path)
    if (text === undefined) return { is: "refused", because: absent(manifest.path, on) }
    const beside = [...read].map(([path, content]) => ({ path, text: content }))
    const edit = editManifest(manifest, text, pull.version, beside)
    if (edit.is === "refused") return edit
    if (edit.is === "edited") changed.set(manifest.path, edit.text)
  }
  return withChangelog(built, read, changed)
}

const absent = (path: string, on: string): string =>
  `${path} does not exist at ${on.slice(0, 7)}: add it with a version, or take it out of publish.manifests`

function withChangelog(built: Built, read: ReadonlyMap<string, string>, changed: Map<string, string>): Edited {
  const { changelog } = built
  if (changelog === undefined) return { is: "files", changed }
  for (const { notes, date } of built.entries) {
    const written = withRelease(changed.get(changelog) ?? read.get(changelog) ?? null, notes, date)
    if (written.is === "refused") return { is: "refused", because: `${changelog}: ${written.because}` }
    if (written.is === "written") changed.set(changelog, written.text)
  }
  return { is: "files", changed }
}

/** https://docs.github.com/en/rest/git/trees#create-a-tree: contents go along, no blob is made before. */
async function writeTree(
  base: string,
  changed: ReadonlyMap<string, string>,
  { octokit, at }: OnGitHub,
): Promise<string> {
  if (changed.size === 0) return base
  const tree = [...changed].map(([path, content]) => ({
    path,
    mode: "100644" as const,
    type: "blob" as const,
    content,
  }))
  return (await octokit.rest.git.createTree({ ...at, base_tree: base, tree })).data.sha
}

/** The commit at the end of a branch; undefined where there is no such branch. */
async function commitOf(branch: string, { octokit, at }: OnGitHub) {
  const refs = await octokit.rest.git.listMatchingRefs({ ...at, ref: `heads/${branch}` })
  const sha = refs.data.find(({ ref }) => ref === `refs/heads/${branch}`)?.object.sha
  if (sha === undefined) return undefined
  const { data } = await octokit.rest.git.getCommit({ ...at, commit_sha: sha })
  return { sha, tree: data.tree.sha, on: data.parents.length === 1 ? (data.parents[0]?.sha ?? "") : "" }
}
