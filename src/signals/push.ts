import { z } from "zod"
import type { Commit, Push as PushOf } from "../model/change.ts"
import type { Signal } from "../model/signal.ts"
import { Account, Instant, type Reception, Sha, Text } from "./payload.ts"

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#push: longer lists are cut without a word. */
const COMMITS_LISTED = 2048
const FILES_LISTED = 3000

const Paths = z.array(Text).optional()

/** A date in a commit is its author's to choose; one that is none must not cost us the push. */
const CommitInstant = z.string().transform((text) => {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? "1970-01-01T00:00:00.000Z" : date.toISOString()
})

const Identity = z.object({ name: Text, username: Text.nullish() })

const Pushed = z.object({
  id: Sha,
  message: Text,
  timestamp: CommitInstant,
  author: Identity,
  committer: Identity,
  added: Paths,
  removed: Paths,
  modified: Paths,
})

/** Seconds in a push payload, an ISO date elsewhere; without it the reception has to do. */
const PushedAt = z
  .union([z.int().transform((seconds) => new Date(seconds * 1000).toISOString()), Instant])
  .nullish()
  .catch(undefined)

const Push = z.object({
  ref: Text,
  before: Sha,
  after: Sha,
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
  commits: z.array(Pushed),
  head_commit: z.object({ id: Sha }).nullish(),
  sender: Account.nullish(),
  repository: z.object({ pushed_at: PushedAt }),
})

type Push = z.infer<typeof Push>

/** A branch that moved, with what it brought; a tag that may be a release's. What it means is decided later. */
export function push(payload: unknown, { at }: Reception): readonly Signal[] {
  const event = Push.parse(payload)
  if (event.ref.startsWith("refs/tags/")) return tag(event)
  if (!event.ref.startsWith("refs/heads/")) return []
  const files = filesOf(event)
  const pushed = pushOf(event, at)
  return [
    {
      kind: "moved",
      branch: event.ref.slice("refs/heads/".length),
      advance: {
        before: event.before,
        after: event.after,
        forced: event.forced,
        complete: event.deleted || (files !== null && listsAllCommits(event)),
        commits: event.commits.map((commit) => commitOf(commit, event.after, pushed)),
      },
      files,
      deleted: event.deleted,
    },
  ]
}

const pushOf = ({ sender, repository }: Push, received: string): PushOf | undefined =>
  sender ? { by: { login: sender.login, id: sender.id }, at: repository.pushed_at ?? received } : undefined

/** A release's tag holds a SemVer core, whatever stands around it by the tag template; others concern nobody. */
function tag(event: Push): readonly Signal[] {
  const name = event.ref.slice("refs/tags/".length)
  if (!/\d\.\d+\.\d/.test(name)) return []
  const did = event.created ? "created" : event.deleted ? "deleted" : "moved"
  // Of an annotated tag `after` is the tag itself; the commit that it stands on is the head commit.
  const at = event.deleted ? null : (event.head_commit?.id ?? event.after)
  const by = event.sender
    ? { by: event.sender.login, ...(event.sender.type === "User" ? { isPerson: true as const } : {}) }
    : {}
  return [{ kind: "look", because: `the tag ${name} was ${did}`, tag: { name, at, ...by } }]
}

/** A list that does not end at the new head has lost its end, or stands for a branch that was set back. */
const listsAllCommits = ({ commits, after }: Push): boolean =>
  commits.length < COMMITS_LISTED && commits.at(-1)?.id === after

/** Paths that the push touched, each once; null where GitHub did not list all of them. */
function filesOf({ commits }: Push): readonly string[] | null {
  const files = new Set<string>()
  for (const { added, removed, modified } of commits) {
    if (!added || !removed || !modified) return null
    if (added.length + removed.length + modified.length >= FILES_LISTED) return null
    for (const path of [...added, ...removed, ...modified]) files.add(path)
  }
  return [...files]
}

const commitOf = (commit: z.infer<typeof Pushed>, landing: string, push?: PushOf): Commit => ({
  sha: commit.id,
  message: commit.message,
  ...(commit.author.username ? { author: commit.author.username } : {}),
  authorName: commit.author.name,
  ...(commit.committer.username ? { committer: commit.committer.username } : {}),
  committerName: commit.committer.name,
  at: commit.timestamp,
  landing,
  ...(push ? { push } : {}),
  ...(commit.added && commit.removed && commit.modified
    ? { files: [...new Set([...commit.added, ...commit.removed, ...commit.modified])] }
    : {}),
})
