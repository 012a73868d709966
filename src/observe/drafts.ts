import { splitDraftBody } from "../model/draft-body.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** A draft release of ours: GitHub's id of it, and its body with what people wrote. */
export interface FoundDraft {
  readonly id: string
  readonly body: string
  readonly tag: string
}

/**
 * The drafts that carry our marker, by release id; the oldest where one was copied. All pages: a draft made long ago
 * stands far behind. https://docs.github.com/en/rest/releases/releases#list-releases shows drafts to who may push.
 */
export async function readDrafts(reader: Reader): Promise<Read<{ readonly [release: string]: FoundDraft }>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listReleases({ ...at }),
    (items) => ({ items }),
  )
  if (answer.is === "refused") return unknown(`the releases could not be read: ${whyUnknown(answer.error)}`)
  if (answer.is === "too many") return unknown("there are too many releases to read")
  const found: { [release: string]: FoundDraft } = {}
  for (const { id, draft, body, tag_name } of answer.data.toSorted((a, b) => b.id - a.id)) {
    const marker = draft ? splitDraftBody(body ?? "")?.marker : undefined
    if (marker?.repo === reader.repo.id) found[marker.release] = { id: String(id), body: body ?? "", tag: tag_name }
  }
  return read(found)
}
