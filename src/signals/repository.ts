import { z } from "zod"
import type { Signal } from "../model/signal.ts"

const Event = z.object({ action: z.string() })
const Edited = z.object({ changes: z.object({ default_branch: z.unknown().optional() }) })

/** The repository itself changed: its name or owner (pages link to it), or the branch that releases come from. */
export function repository(payload: unknown): readonly Signal[] {
  switch (Event.parse(payload).action) {
    case "renamed":
      return [{ kind: "look", because: "the repository was renamed" }]
    case "transferred":
      return [{ kind: "look", because: "the repository was transferred" }]
    case "unarchived":
      return [{ kind: "look", because: "the repository was unarchived" }]
    case "edited":
      return Edited.parse(payload).changes.default_branch === undefined
        ? []
        : [{ kind: "look", because: "the default branch changed" }]
    case "deleted":
      return [{ kind: "uninstalled" }]
    default:
      return []
  }
}
