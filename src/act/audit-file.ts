import { AUDIT_FILE } from "../model/checkpoint.ts"
import type { Publish } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
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
 * is not in the database. It goes up before the publication, since a release may be immutable afterwards. One request; an
 * attempt before this one that came to nothing has left a file, which speaks of another moment and makes way.
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
  if (there) await removeFile(String(there.id), context)
  const said = await checkpoint(context.repo, { ...audit, tag, sha })
  const text = `${JSON.stringify(said, null, 2)}\n`
  const id = await uploadFile(draft.upload_url, { name: AUDIT_FILE, type: "application/json", text }, context)
  const { sequence, hash, publicKey } = said
  return { is: "attached", result: { head: { file: AUDIT_FILE, asset: id, sequence, hash, publicKey } } }
}
