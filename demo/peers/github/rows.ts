/**
 * The rows of the `emulate` package's GitHub store, as far as the front reads or writes them.
 * Names and meanings are the package's.
 */
export type Row = { id: number; node_id: string; created_at: string; updated_at: string }

/** One table of the emulator. */
export type Table<T extends Row> = {
  insert(data: Partial<T>): T
  get(id: number): T | undefined
  findBy<K extends keyof T>(field: K, value: T[K]): T[]
  findOneBy<K extends keyof T>(field: K, value: T[K]): T | undefined
  update(id: number, data: Partial<T>): T | undefined
  delete(id: number): boolean
  all(): T[]
}

export type AccountType = "User" | "Organization"
export type UserRow = Row & {
  login: string
  type: "User" | "Bot"
  site_admin: boolean
  name: string | null
  email: string | null
  /** On a GitHub Enterprise Server: since when a site admin keeps them out. */
  suspended_at?: string
}
export type OrganizationRow = Row & {
  login: string
  name: string | null
  default_repository_permission: string
  /** Organisation roles, and who has them, by a team too. */
  roles?: { id: number; name: string; user_ids: number[] }[]
}
export type TeamRow = Row & { org_id: number; slug: string; name: string; permission: string; parent_id?: number }
type TeamMemberRow = Row & { team_id: number; user_id: number; role: "member" | "maintainer" }
type TeamRepositoryRow = Row & { team_id: number; repo_id: number }
export type RepositoryRow = Row & {
  name: string
  full_name: string
  owner_id: number
  owner_type: AccountType
  private: boolean
  description: string | null
  default_branch: string
  open_issues_count: number
  archived: boolean
  pushed_at: string | null
  delete_branch_on_merge: boolean
  /** Absent: it is no fork. */
  forked_from_id?: number
}
type CollaboratorRow = Row & { repo_id: number; user_id: number; permission: string }
export type LabelRow = Row & {
  repo_id: number
  name: string
  color: string
  description: string | null
  default: boolean
}
export type IssueRow = Row & {
  repo_id: number
  number: number
  title: string
  body: string | null
  state: "open" | "closed"
  state_reason: string | null
  user_id: number
  label_ids: number[]
  comments: number
  closed_at: string | null
  closed_by_id: number | null
  is_pull_request: boolean
}
export type PullRow = Row & {
  repo_id: number
  number: number
  title: string
  body: string | null
  state: "open" | "closed"
  user_id: number
  label_ids: number[]
  head_ref: string
  /** The repository that it comes from. */
  head_repo_id?: number
  head_sha: string
  base_ref: string
  base_sha: string
  merged: boolean
  merged_at: string | null
  merged_by_id: number | null
  merge_commit_sha: string | null
  mergeable: boolean
  mergeable_state: string
  draft: boolean
  closed_at: string | null
  commits: number
  additions: number
  deletions: number
  changed_files: number
}
export type ReviewRow = Row & {
  repo_id: number
  pull_number: number
  user_id: number
  body: string | null
  state: string
  commit_id: string
  submitted_at: string | null
}
export type CommentRow = Row & {
  repo_id: number
  issue_number: number | null
  comment_type: string
  body: string
  user_id: number
}
export type BranchRow = Row & { repo_id: number; name: string; sha: string; protected: boolean }
export type RefRow = Row & { repo_id: number; ref: string; sha: string }
export type CommitRow = Row & {
  repo_id: number
  sha: string
  message: string
  author_name: string
  author_email: string
  author_date: string
  committer_name: string
  committer_email: string
  committer_date: string
  tree_sha: string
  parent_shas: string[]
}
export type TreeEntry = { path: string; mode: string; type: "blob" | "tree" | "commit"; sha: string; size?: number }
type TreeRow = Row & { repo_id: number; sha: string; tree: TreeEntry[] }
type BlobRow = Row & { repo_id: number; sha: string; content: string; encoding: string; size: number }
type TagObjectRow = Row & { repo_id: number; sha: string; tag: string; object_sha: string }
export type ReleaseRow = Row & {
  repo_id: number
  tag_name: string
  target_commitish: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  author_id: number
  published_at: string | null
}
export type Action = { label: string; description: string; identifier: string }
type Annotation = Record<string, unknown>
export type CheckRunRow = Row & {
  repo_id: number
  head_sha: string
  name: string
  status: "queued" | "in_progress" | "completed"
  conclusion: string | null
  started_at: string | null
  completed_at: string | null
  external_id: string
  details_url: string | null
  actions: Action[] | null
  output: { title: string | null; summary: string | null; text: string | null; annotations: Annotation[] }
  app_id: number | null
}
export type AppRow = Row & {
  app_id: number
  slug: string
  name: string
  private_key: string
  permissions: Record<string, string>
  events: string[]
}
export type InstallationRow = Row & {
  installation_id: number
  app_id: number
  account_type: AccountType
  account_id: number
  account_login: string
  repository_selection: "all" | "selected"
  repository_ids: number[]
  permissions: Record<string, string>
  events: string[]
  suspended_at: string | null
}

/** The tables, under the names by which the front speaks of them. */
export type Tables = {
  users: Table<UserRow>
  orgs: Table<OrganizationRow>
  teams: Table<TeamRow>
  teamMembers: Table<TeamMemberRow>
  teamRepos: Table<TeamRepositoryRow>
  repos: Table<RepositoryRow>
  collaborators: Table<CollaboratorRow>
  labels: Table<LabelRow>
  issues: Table<IssueRow>
  pullRequests: Table<PullRow>
  reviews: Table<ReviewRow>
  comments: Table<CommentRow>
  branches: Table<BranchRow>
  refs: Table<RefRow>
  commits: Table<CommitRow>
  trees: Table<TreeRow>
  blobs: Table<BlobRow>
  tags: Table<TagObjectRow>
  releases: Table<ReleaseRow>
  checkRuns: Table<CheckRunRow>
  apps: Table<AppRow>
  appInstallations: Table<InstallationRow>
}
