import type { ReleasedComment } from "../model/message.ts"
import { evidenceLink, type Markdown } from "./check-parts.ts"

/** The invisible comment by which a comment of ours is found again. */
export const commentMarker = ({ repositoryId, release }: Pick<ReleasedComment, "repositoryId" | "release">): string =>
  `<!-- slipway:released repo=${repositoryId} id=${release} -->`

/** What a pull request or an issue is told. Nobody is mentioned: who follows it hears of it anyway. */
export const renderComment = (it: ReleasedComment): Markdown =>
  `🚀 Released in ${evidenceLink(it.tag, it.url)}${it.by === undefined ? "" : `, with #${it.by}`}.\n\n${commentMarker(it)}\n`
