import { z } from "zod"
import { digestsIn } from "../model/artifact.ts"
import { stateOfStatus } from "../model/evidence.ts"
import { percentOf } from "../model/percentages.ts"
import type { Signal } from "../model/signal.ts"
import { Id, Instant, Link, Sha, Text } from "./payload.ts"

const Status = z.object({
  id: Id,
  sha: Sha,
  context: Text,
  state: z.string(),
  description: z.string().nullish(),
  target_url: Link,
  updated_at: Instant,
})

/** A commit status: evidence. Slipway sets none, so none is an echo. */
export function status(payload: unknown): readonly Signal[] {
  const event = Status.parse(payload)
  return [
    {
      kind: "evidence",
      sha: event.sha,
      report: {
        kind: "status",
        name: event.context,
        id: event.id,
        state: stateOfStatus(event.state),
        word: event.state,
        ...digestsIn(event.description),
        ...(event.target_url ? { url: event.target_url } : {}),
        ...percentOf(event.description),
        at: event.updated_at,
      },
    },
  ]
}
