import type { Asset } from "./asset.ts"
import { AUDIT_FILE } from "./checkpoint.ts"
import type { Handle } from "./outcome.ts"

/** What the file on a release is called that has its notes whole, where they are too long for the release itself. */
export const NOTES_FILE = "release-notes.md"

/** That file, as Slipway uploaded it. */
export interface NotesFile {
  /** Of the asset: another upload has another id. */
  readonly id: string
  /** Of its text. */
  readonly sha256: string
}

/** Remembered beside a draft's id: which of its files is Slipway's own. */
export function notesFileOf(draft: Handle | undefined): NotesFile | undefined {
  const kept = draft?.extra?.notes
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return undefined
  const { id, sha256 } = kept as { readonly [key: string]: unknown }
  return typeof id === "string" && typeof sha256 === "string" ? { id, sha256 } : undefined
}

/**
 * The files that others put on a draft. The notes are told by id, not by name: who replaces them has put a file of their
 * own. What has the name of the audit's file is nobody's: a release with a foreign one is not published.
 */
export function othersFiles<File extends Pick<Asset, "id" | "name">>(
  draft: Handle | undefined,
  files: readonly File[],
): readonly File[] {
  const mine = notesFileOf(draft)?.id
  return files.filter(({ id, name }) => id !== mine && name !== AUDIT_FILE)
}
