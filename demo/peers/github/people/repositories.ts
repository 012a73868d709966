import { type Files, setRef, WEB_FLOW, writeCommit, writeTree } from "../commit.ts"
import { emit, markPushed } from "../events.ts"
import { shareObjects } from "../forks.ts"
import { refSha } from "../git.ts"
import { type Role, roleNamed } from "../permissions.ts"
import type { OrganizationRow, RepositoryRow, UserRow } from "../rows.ts"
import { account, organizationSimple } from "../shapes/accounts.ts"
import { findOrganization, findRepository, type GitHubState, ownerOf, repositoryOf, userOf } from "../state.ts"

/** What a new repository is to be. */
export type NewRepository = {
  owner: string
  name: string
  defaultBranch?: string
  /** Files of its first commit; an empty object makes an empty repository. A README where absent. */
  files?: Files
  private?: boolean
  /** Author of the first commit. */
  by?: string
}

/** Adds a repository with one commit, without webhooks: it was there before the App. */
export async function createRepository(state: GitHubState, wanted: NewRepository): Promise<RepositoryRow> {
  const fullName = `${wanted.owner}/${wanted.name}`
  if (findRepository(state, fullName)) throw new Error(`${fullName} exists already`)
  const organization = findOrganization(state, wanted.owner)
  const owner = organization ?? userOf(state, wanted.owner)
  const repository = state.tables.repos.insert({
    ...REPOSITORY_DEFAULTS,
    name: wanted.name,
    full_name: fullName,
    owner_id: owner.id,
    owner_type: organization ? "Organization" : "User",
    private: wanted.private ?? false,
    default_branch: wanted.defaultBranch ?? "main",
  })
  const files = wanted.files ?? { "README.md": `# ${wanted.name}\n` }
  if (Object.keys(files).length === 0) return repository
  const by = wanted.by ? userOf(state, wanted.by) : undefined
  const commit = await writeCommit(state, repository, {
    message: "Initial commit",
    tree: await writeTree(state, repository, undefined, files),
    parents: [],
    author: by
      ? { name: by.name ?? by.login, email: by.email ?? "" }
      : { name: wanted.owner, email: `${wanted.owner}@users.noreply.github.com` },
    committer: WEB_FLOW,
  })
  setRef(state, repository, `refs/heads/${repository.default_branch}`, commit.sha)
  markPushed(state, repository, commit.sha)
  return state.tables.repos.get(repository.id) as RepositoryRow
}

/** Makes a person's fork of a public repository, with its default branch. Returns its full name. */
export function forkRepository(state: GitHubState, repo: string, by: string): string {
  const parent = repositoryOf(state, repo)
  const owner = userOf(state, by)
  const fork = state.tables.repos.insert({
    ...REPOSITORY_DEFAULTS,
    name: parent.name,
    full_name: `${owner.login}/${parent.name}`,
    owner_id: owner.id,
    owner_type: "User",
    private: false,
    default_branch: parent.default_branch,
    forked_from_id: parent.id,
  })
  shareObjects(state, parent, fork)
  const ref = `refs/heads/${parent.default_branch}`
  const sha = refSha(state, parent, ref)
  if (!sha) throw new Error(`${repo} is empty, and cannot be forked`)
  setRef(state, fork, ref, sha)
  markPushed(state, fork, sha)
  return fork.full_name
}

/** What the emulator's own formatters expect of a repository. */
const REPOSITORY_DEFAULTS = {
  node_id: "repository",
  description: null,
  open_issues_count: 0,
  archived: false,
  pushed_at: null,
  delete_branch_on_merge: false,
  has_issues: true,
  allow_rebase_merge: true,
  allow_squash_merge: true,
  allow_merge_commit: true,
  topics: [],
  languages: {},
}

/** Renames a repository and sends `repository.renamed`. */
export function renameRepository(state: GitHubState, repo: string, name: string, by: string): void {
  const before = repositoryOf(state, repo)
  const full_name = `${before.full_name.split("/")[0]}/${name}`
  const row = state.tables.repos.update(before.id, { name, full_name }) as RepositoryRow
  const changes = { repository: { name: { from: before.name } } }
  emit(state, row, userOf(state, by), "repository", { action: "renamed", changes })
}

/** Gives a repository to another organisation, whose installation then hears `repository.transferred`. */
export function transferRepository(state: GitHubState, repo: string, to: string, by: string): void {
  const before = repositoryOf(state, repo)
  const [from, organization] = [ownerOf(state, before), findOrganization(state, to)]
  if (!organization) throw new Error(`the fake GitHub has no organisation ${to}`)
  const row = state.tables.repos.update(before.id, {
    full_name: `${to}/${before.name}`,
    owner_id: organization.id,
    owner_type: "Organization",
  }) as RepositoryRow
  const owner =
    before.owner_type === "Organization"
      ? { organization: organizationSimple(state, from as OrganizationRow) }
      : { user: account(state, from as UserRow) }
  emit(state, row, userOf(state, by), "repository", { action: "transferred", changes: { owner: { from: owner } } })
}

/** Makes another branch the default one and sends `repository.edited`. */
export function setDefaultBranch(state: GitHubState, repo: string, branch: string, by: string): void {
  const before = repositoryOf(state, repo)
  const row = state.tables.repos.update(before.id, { default_branch: branch }) as RepositoryRow
  const changes = { default_branch: { from: before.default_branch } }
  emit(state, row, userOf(state, by), "repository", { action: "edited", changes })
}

/** Lets somebody into a repository with a role; `none` takes them out. */
export function addCollaborator(state: GitHubState, repo: string, login: string, role: Role): void {
  const { collaborators } = state.tables
  const repository = repositoryOf(state, repo)
  const user = userOf(state, login)
  const known = collaborators.findBy("repo_id", repository.id).find((row) => row.user_id === user.id)
  const permission = { write: "push", read: "pull" }[role as string] ?? role
  if (known) collaborators.delete(known.id)
  if (roleNamed(role) !== "none") collaborators.insert({ repo_id: repository.id, user_id: user.id, permission })
}
