import { z } from "zod"
import type { Signal } from "../model/signal.ts"
import { Account, Id, Text } from "./payload.ts"

const Action = z.enum(["created", "edited", "published", "unpublished", "deleted", "prereleased", "released"])

const Release = z.object({
  action: z.string(),
  release: z.object({ id: Id, tag_name: Text, draft: z.boolean(), body: Text.nullish(), author: Account.nullish() }),
  sender: Account,
})

/** Somebody touched a release, perhaps we ourselves: which writes were ours is known by their content, not here. */
export function release(payload: unknown): readonly Signal[] {
  const event = Release.parse(payload)
  const action = Action.safeParse(event.action)
  if (!action.success) return []
  return [
    {
      kind: "release-edited",
      action: action.data,
      releaseId: event.release.id,
      tag: event.release.tag_name,
      draft: event.release.draft,
      body: action.data === "deleted" ? null : (event.release.body ?? ""),
      by: event.sender.login,
      ...(event.release.author?.id === event.sender.id ? { byAuthor: true as const } : {}),
    },
  ]
}
