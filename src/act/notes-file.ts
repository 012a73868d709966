import { createHash } from "node:crypto"
import type { Draft } from "../model/effect.ts"
import { NOTES_FILE, type NotesFile, notesFileOf } from "../model/notes-file.ts"
import { draftBody } from "../render/draft-body.ts"
import { renderNotes } from "../render/notes.ts"
import type { OnGitHub } from "./context.ts"
import { removeFile, uploadFile } from "./release-file.ts"

/** The file that has the notes of a release whole; `isNamed`: the notes in its body are to lead there. */
interface Attached {
  readonly file: NotesFile | undefined
  readonly isNamed: boolean
}

/**
 * Sees to it that notes which do not fit into their release are with it as a file, and that there is none where they
 * fit. It is uploaded before the body that names it, so that what the body says is true whenever it is read. A file of
 * that name that somebody else put there stays, and the notes do without. Costs nothing for notes that fit.
 */
export async function attachNotes(id: number, content: Draft, context: OnGitHub): Promise<Attached> {
  const isSame = context.handle?.id === String(id)
  const known = isSame ? notesFileOf(context.handle) : undefined
  // GitHub may let nobody change the files of what is published; a draft that follows its branch says so each merge.
  if (content.published || !content.attach) return { file: known, isNamed: content.published && known !== undefined }
  if (!draftBody(content).isShortened) {
    if (known) await removeFile(known.id, context)
    return { file: undefined, isNamed: false }
  }
  const text = `# ${content.tag}\n\n${renderNotes(content.notes)}`
  const sha256 = createHash("sha256").update(text).digest("hex")
  if (known?.sha256 === sha256) return { file: known, isNamed: true }
  const uploaded = await exchange(id, text, sha256, known, context)
  return uploaded === undefined
    ? { file: undefined, isNamed: false }
    : { file: { id: uploaded, sha256 }, isNamed: true }
}

/** @returns the id of the asset; undefined where somebody else's file has that name */
async function exchange(
  id: number,
  text: string,
  sha256: string,
  known: NotesFile | undefined,
  context: OnGitHub,
): Promise<string | undefined> {
  const { octokit, at } = context
  const release = (await octokit.rest.repos.getRelease({ ...at, release_id: id })).data
  const there = release.assets.find(({ name }) => name === NOTES_FILE)
  if (there?.state === "uploaded" && there.digest === `sha256:${sha256}`) return String(there.id)
  if (there && String(there.id) !== known?.id && there.uploader?.login !== (await context.self()).login)
    return undefined
  if (there) await removeFile(String(there.id), context)
  return await uploadFile(release.upload_url, { name: NOTES_FILE, type: "text/markdown", text }, context)
}
