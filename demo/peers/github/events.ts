import { commitOf, commitsBetween, reachable } from "./git.ts"
import type { CommitRow, InstallationRow, RepositoryRow, UserRow } from "./rows.ts"
import { account, organizationSimple } from "./shapes/accounts.ts"
import { hookCommit } from "./shapes/commit.ts"
import { repository as repositoryShape, webOf } from "./shapes/repository.ts"
import { extraOf, type GitHubState, installationFor, iso, nodeId, ownerOf } from "./state.ts"

type Json = Record<string, unknown>

/** GitHub lists at most this many commits in a push. */
const PUSH_COMMITS = 2048
const NOTHING = "0".repeat(40)

/**
 * Sends a repository's event to the App, if it is installed there and subscribed to it.
 * `body` is what the event has beside the parts that all events share.
 */
export function emit(
  state: GitHubState,
  repository: RepositoryRow,
  sender: UserRow,
  event: string,
  body: Json,
  shape: Json = repositoryShape(state, repository),
): void {
  const installation = installationFor(state, repository)
  if (!installation || installation.suspended_at || !hears(installation, event)) return
  state.deliver(event, { ...body, repository: shape, ...shared(state, installation, sender) })
}

/** The parts that the events of an installation share. */
export function shared(state: GitHubState, installation: InstallationRow, sender: UserRow): Json {
  const organization =
    installation.account_type === "Organization" ? state.tables.orgs.get(installation.account_id) : undefined
  return {
    ...(organization ? { organization: organizationSimple(state, organization) } : {}),
    sender: account(state, sender),
    installation: {
      id: installation.installation_id,
      node_id: nodeId("Installation", installation.installation_id),
    },
  }
}

/** An App hears what it subscribed to; with write access to checks also check runs, whether it asked or not. */
function hears(installation: InstallationRow, event: string): boolean {
  if (event === "check_run" && installation.permissions.checks === "write") return true
  return installation.events.includes(event)
}

/** What a push moved. `before` or `after` is undefined where the ref was created or deleted. */
export type Push = {
  ref: string
  before: string | undefined
  after: string | undefined
  by: UserRow
  /** What the ref points at, where that is an annotated tag: `after` is its commit. */
  object?: string
  forced?: boolean
  /** The push is that of a merge in GitHub's pages. */
  merged?: boolean
}

/** Sends the events of a moved ref: `create` or `delete` where it came or went, and always `push`. */
export function emitPush(state: GitHubState, repository: RepositoryRow, push: Push): void {
  const isTag = push.ref.startsWith("refs/tags/")
  if (!isTag) remember(state, repository, push)
  const change = {
    ref: push.ref.replace(/^refs\/(heads|tags)\//, ""),
    ref_type: isTag ? "tag" : "branch",
    pusher_type: "user",
  }
  if (push.before === undefined) {
    const extra = { full_ref: push.ref, master_branch: repository.default_branch, description: null }
    emit(state, repository, push.by, "create", { ...change, ...extra })
  }
  if (push.after === undefined) emit(state, repository, push.by, "delete", { ...change, full_ref: push.ref })
  emit(state, repository, push.by, "push", pushBody(state, repository, push), pushRepository(state, repository))
}

function remember(state: GitHubState, repository: RepositoryRow, { ref, before, after, by, ...push }: Push): void {
  const type = !before
    ? "branch_creation"
    : !after
      ? "branch_deletion"
      : push.merged
        ? "pr_merge"
        : push.forced
          ? "force_push"
          : "push"
  extraOf(state, repository).activities.push({
    id: state.nextId(),
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    ref,
    at: iso(state.now()),
    type,
    actorId: by.id,
  })
}

function pushBody(state: GitHubState, repository: RepositoryRow, push: Push): Json {
  const before = push.before ?? NOTHING
  const after = push.after ?? NOTHING
  const { pushed } = extraOf(state, repository)
  const commits = pushedCommits(state, repository, push)
  const shapes = commits.slice(-PUSH_COMMITS).map((row) => hookCommit(state, repository, row, !pushed.has(row.sha)))
  const head = push.after ? commitOf(state, repository, push.after) : undefined
  const headShape = head ? hookCommit(state, repository, head, !pushed.has(head.sha)) : null
  for (const row of commits) pushed.add(row.sha)
  return {
    ref: push.ref,
    before,
    after: push.object ?? after,
    base_ref: null,
    created: push.before === undefined,
    deleted: push.after === undefined,
    forced: push.forced ?? false,
    compare: `${webOf(state, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: shapes,
    head_commit: headShape,
    pusher: { name: push.by.login, email: push.by.email },
  }
}

/** The commits that a push lists: new on that ref; for a new ref, new to the repository. */
function pushedCommits(state: GitHubState, repository: RepositoryRow, push: Push): CommitRow[] {
  if (push.after === undefined) return []
  if (push.before !== undefined) return commitsBetween(state, repository, push.before, push.after)
  const { pushed } = extraOf(state, repository)
  return commitsBetween(state, repository, undefined, push.after).filter((row) => !pushed.has(row.sha))
}

/** Pushes carry the repository in an older form: times in seconds, the owner with name and e-mail. */
function pushRepository(state: GitHubState, repository: RepositoryRow): Json {
  const shape = repositoryShape(state, repository)
  const seconds = (value: unknown) => Math.floor(Date.parse(String(value)) / 1000)
  const owner = ownerOf(state, repository)
  return {
    ...shape,
    owner: { ...(shape.owner as Json), name: owner.login, email: null },
    created_at: seconds(shape.created_at),
    pushed_at: seconds(shape.pushed_at),
    url: webOf(state, repository),
    master_branch: repository.default_branch,
    stargazers: 0,
    ...(repository.owner_type === "Organization" ? { organization: owner.login } : {}),
  }
}

/** Marks commits as known without an event, for history that was there before the App. */
export function markPushed(state: GitHubState, repository: RepositoryRow, sha: string): void {
  for (const known of reachable(state, repository, sha).keys()) extraOf(state, repository).pushed.add(known)
}
