import { isDeepStrictEqual } from "node:util"
import { z } from "zod"
import { ownBranchOf } from "../model/own-branch.ts"
import { describedIn } from "../model/pull-says.ts"
import type { Signal } from "../model/signal.ts"
import { Account, GHOST, Id, Instant, Sha, Text } from "./payload.ts"

const Open = z.object({
  action: z.string(),
  number: z.int(),
  pull_request: z.object({ merged_at: z.string().nullable() }),
})

/** Of a fork that was deleted there is none. */
const Repo = z.object({ id: Id })

const Merged = z.object({
  repository: z.object({ full_name: Text }),
  pull_request: z.object({
    number: z.int(),
    title: Text,
    labels: z.array(z.object({ name: Text })),
    user: Account.nullable(),
    merge_commit_sha: Sha,
    merged_at: Instant,
    commits: z.int(),
    head: z.object({ sha: Sha, ref: Text.optional(), repo: Repo.nullish() }),
    base: z.object({ ref: Text, repo: Repo.optional() }),
    body: Text.nullish(),
    author_association: z.string().optional(),
  }),
})

const Edited = z.object({
  repository: z.object({ full_name: Text }),
  changes: z.object({
    title: z.unknown().optional(),
    base: z.unknown().optional(),
    body: z.object({ from: Text.nullish() }).optional(),
  }),
  pull_request: z.object({ body: Text.nullish() }),
})

/**
 * A pull request that was merged, or whose title, labels or stated overrides were put right afterwards; one that was
 * closed or reopened, since a plan's feature may be bound to its number. All else of a pull request ships nothing.
 */
export function pullRequest(payload: unknown): readonly Signal[] {
  const { action, number, pull_request } = Open.parse(payload)
  const isMerged = pull_request.merged_at !== null
  switch (action) {
    case "closed":
      return isMerged
        ? [merged(payload), { kind: "issue", number, state: "closed" }]
        : [{ kind: "issue", number, state: "not merged" }]
    case "reopened":
      return [{ kind: "issue", number, state: "open" }]
    case "labeled":
    case "unlabeled":
      return isMerged ? [merged(payload)] : []
    case "edited":
      return isMerged && saysOtherwise(payload) ? [merged(payload)] : []
    default:
      return []
  }
}

/** An edit of the description changes version and notes only where what counts of it changes. */
function saysOtherwise(payload: unknown): boolean {
  const { changes, pull_request, repository } = Edited.parse(payload)
  if (changes.title !== undefined || changes.base !== undefined) return true
  if (changes.body === undefined) return false
  const saysIn = (body: string | null | undefined) =>
    describedIn({ body: body ?? null, repository: repository.full_name }).says
  return !isDeepStrictEqual(saysIn(changes.body.from), saysIn(pull_request.body))
}

function merged(payload: unknown): Signal {
  const { pull_request: pull, repository } = Merged.parse(payload)
  const author = pull.user ?? GHOST
  const from = ownBranchOf({ repo: pull.head.repo?.id, ref: pull.head.ref }, pull.base.repo?.id, author)
  return {
    kind: "merged",
    base: pull.base.ref,
    pull: {
      number: pull.number,
      title: pull.title,
      labels: pull.labels.map(({ name }) => name),
      author,
      mergeSha: pull.merge_commit_sha,
      commits: pull.commits,
      headSha: pull.head.sha,
      mergedAt: pull.merged_at,
      ...(from === undefined ? {} : { from }),
      ...describedIn({
        body: pull.body ?? null,
        association: pull.author_association,
        repository: repository.full_name,
      }),
    },
  }
}
