import { z } from "zod"
import type { Signal } from "../model/signal.ts"
import { Account, GHOST, Sha, Text } from "./payload.ts"

const Event = z.object({ action: z.string(), pull_request: z.object({ state: z.string() }) })

const Open = z.object({
  pull_request: z.object({
    number: z.int(),
    title: Text,
    labels: z.array(z.object({ name: Text })),
    user: Account.nullable(),
    commits: z.int(),
    head: z.object({ sha: Sha }),
    base: z.object({ ref: Text }),
  }),
})

/** What can change what merging a pull request would release. */
const ACTIONS: readonly string[] = [
  "opened",
  "reopened",
  "ready_for_review",
  "synchronize",
  "edited",
  "labeled",
  "unlabeled",
]

/** An open pull request as it is now, whether its branch is the repository's own or a fork's. */
export function proposed(payload: unknown): readonly Signal[] {
  const { action, pull_request } = Event.parse(payload)
  if (pull_request.state !== "open" || !ACTIONS.includes(action)) return []
  const { pull_request: pull } = Open.parse(payload)
  return [
    {
      kind: "proposed",
      base: pull.base.ref,
      pull: {
        number: pull.number,
        title: pull.title,
        labels: pull.labels.map(({ name }) => name),
        author: pull.user ?? GHOST,
        commits: pull.commits,
        headSha: pull.head.sha,
      },
    },
  ]
}
