import { AUDIT_FILE, type Checkpoint, readCheckpoint } from "../model/checkpoint.ts"
import type { Publish } from "../model/effect.ts"
import { hashOf } from "../model/hash.ts"
import type { Json } from "../model/json.ts"
import { toPeerError } from "../peers/errors.ts"
import type { OnGitHub, Peers } from "./context.ts"
import { removeFile, uploadFile } from "./release-file.ts"

/** What an earlier attempt put there, whose answer nobody heard. */
export async function attachedBefore(
  { assets }: Pick<WithFiles, "assets">,
  { self }: Pick<OnGitHub, "self">,
): Promise<{ readonly [key: string]: Json }> {
  const there = assets.find(({ name }) => name === AUDIT_FILE)
  if (!there || there.uploader?.login !== (await self()).login) return {}
  return { head: { file: AUDIT_FILE, asset: String(there.id) } }
}

/** A draft as GitHub tells it, as far as its files go. */
interface WithFiles {
  readonly upload_url: string
  readonly assets: readonly {
    readonly id: number
    readonly name: string
    readonly uploader: { readonly login: string } | null
  }[]
}

type Attached =
  | { readonly is: "attached"; readonly result: { readonly [key: string]: Json } }
  | { readonly is: "foreign"; readonly by: string }

/**
 * Puts onto the draft where the audit trail stands, signed: behind every approval of this release, and behind the record
 * that it is being published. From then on the trail up to there cannot be rewritten without contradicting a file that
 * is not in the database. It goes up before the publication, since a release may be immutable afterwards. One request.
 *
 * After a crash in this very attempt its file is there already and stays: it was signed behind the same record. An
 * attempt before this one, or a press of Publish before, has left a file that speaks of another moment, and makes way.
 */
export async function attachAudit(
  draft: WithFiles,
  { audit, tag, sha }: Pick<Publish, "tag" | "sha"> & { readonly audit: NonNullable<Publish["audit"]> },
  context: OnGitHub,
  checkpoint: Peers["checkpoint"],
): Promise<Attached> {
  const there = draft.assets.find(({ name }) => name === AUDIT_FILE)
  if (there && there.uploader?.login !== (await context.self()).login)
    return { is: "foreign", by: there.uploader?.login ?? "somebody" }
  const release = { ...audit, tag, sha }
  if (there) {
    const said = await readFile(there.id, context)
    if (said && hashOf(said.release) === hashOf(release)) return attached(String(there.id), said)
    await removeFile(String(there.id), context)
  }
  const said = await checkpoint(context.repo, release)
  const text = `${JSON.stringify(said, null, 2)}\n`
  return attached(
    await uploadFile(draft.upload_url, { name: AUDIT_FILE, type: "application/json", text }, context),
    said,
  )
}

const attached = (asset: string, { sequence, hash, publicKey }: Checkpoint): Attached => ({
  is: "attached",
  result: { head: { file: AUDIT_FILE, asset, sequence, hash, publicKey } },
})

/** @returns undefined if it is no checkpoint, or gone: an upload that broke off leaves such a file */
async function readFile(id: number, { octokit, at }: OnGitHub): Promise<Checkpoint | undefined> {
  try {
    const headers = { accept: "application/octet-stream" }
    const { data } = await octokit.rest.repos.getReleaseAsset({ ...at, asset_id: id, headers })
    const content: unknown = data
    return content instanceof ArrayBuffer ? readCheckpoint(new TextDecoder().decode(content)) : undefined
  } catch (error) {
    if (toPeerError(error).is !== "gone") throw error
    return undefined
  }
}
