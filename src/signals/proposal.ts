import { z } from "zod"
import { ownBranchOf } from "../model/own-branch.ts"
import { describedIn } from "../model/pull-says.ts"
import type { Signal } from "../model/signal.ts"
import { Account, GHOST, Id, Sha, Text } from "./payload.ts"

const Event = z.object({ action: z.string(), pull_request: z.object({ state: z.string() }) })

/** Of a fork that was deleted there is none. */
const Repo = z.object({ id: Id })

const Open = z.object({
  repository: z.object({ full_name: Text }),
  pull_request: z.object({
    number: z.int(),
    title: Text,
    labels: z.array(z.object({ name: Text })),
    user: Account.nullable(),
    body: Text.nullish(),
    commits: z.int(),
    head: z.object({ sha: Sha, ref: Text.optional(), repo: Repo.nullish() }),
    base: z.object({ ref: Text, repo: Repo.optional() }),
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
  const { pull_request: pull, repository } = Open.parse(payload)
  const author = pull.user ?? GHOST
  const { head, base } = pull
  // What Slipway proposes itself releases what its own page says.
  if (ownBranchOf({ repo: head.repo?.id, ref: head.ref }, base.repo?.id, author) !== undefined) return []
  return [
    {
      kind: "proposed",
      base: base.ref,
      ...(head.ref !== undefined && head.repo && head.repo.id === base.repo?.id ? { head: head.ref } : {}),
      pull: {
        number: pull.number,
        title: pull.title,
        labels: pull.labels.map(({ name }) => name),
        author,
        commits: pull.commits,
        headSha: head.sha,
        ...describedIn({ body: pull.body ?? null, repository: repository.full_name }),
      },
    },
  ]
}
