import { randomBytes } from "node:crypto"
import { Refusal } from "../http-front.ts"
import type { Deliveries } from "./deliveries.ts"
import type { GitHubEmulator } from "./emulator.ts"
import type { AppRow, InstallationRow, OrganizationRow, RepositoryRow, Tables, UserRow } from "./rows.ts"

/** A commit status: the emulator has none. */
export type Status = {
  id: number
  sha: string
  state: "error" | "failure" | "pending" | "success"
  context: string
  description: string | null
  targetUrl: string | null
  creatorId: number
  at: string
}

/** A deployment's status: the emulator has none. */
export type DeploymentStatus = {
  id: number
  state: string
  description: string
  environment: string
  environmentUrl: string
  logUrl: string
  creatorId: number
  at: string
}

/** A deployment: the emulator has none. */
export type Deployment = {
  id: number
  sha: string
  ref: string
  task: string
  payload: unknown
  environment: string
  originalEnvironment: string
  description: string | null
  transient: boolean
  production: boolean
  creatorId: number
  appId: number | null
  statuses: DeploymentStatus[]
  at: string
  updatedAt: string
}

/** A ref that was moved: the emulator keeps no such list. */
export type Activity = {
  id: number
  before: string
  after: string
  ref: string
  at: string
  type: "push" | "force_push" | "branch_creation" | "branch_deletion" | "pr_merge"
  actorId: number
}

/** A file of a release: the emulator has none. */
export type Asset = {
  id: number
  releaseId: number
  name: string
  /** `open` while it is being uploaded. */
  state: "uploaded" | "open"
  contentType?: string
  content: Buffer
  /** False: uploaded before GitHub reckoned digests. */
  hasDigest: boolean
  uploaderId: number
  at: string
}

/** A run of a workflow that an event of the API started: the emulator has none. */
export type WorkflowRun = {
  id: number
  /** `.github/workflows/release.yml` */
  path: string
  event: "workflow_dispatch" | "repository_dispatch" | "deployment" | "release"
  title: string
  /** Branch or tag. */
  ref: string
  sha: string
  status: "queued" | "waiting" | "in_progress" | "completed"
  conclusion: string | null
  attempt: number
  /** Inputs, or the client's payload. */
  given: Record<string, unknown>
  actorId: number
  at: string
  updatedAt: string
  /** Its jobs that wait, or have waited, for the App's protection rule. */
  waiting?: WaitingJob[]
}

/** A job that waits at an environment for the App's answer. */
export type WaitingJob = {
  environment: string
  deploymentId: number
  verdict?: "approved" | "rejected"
  comment?: string
  /** Status reports, oldest first. */
  reports: string[]
}

/** An environment whose settings somebody saved: the emulator has none. */
export type EnvironmentRow = { name: string; canAdminsBypass?: boolean }

/** A ruleset: the emulator has none. */
export type RulesetRow = {
  id: number
  name: string
  target: "branch" | "tag"
  enforcement: "active" | "evaluate" | "disabled"
  conditions: { ref_name: { include: string[]; exclude: string[] } }
  rules: { type: string }[]
  bypassActors: { actor_id: number | null; actor_type: string; bypass_mode: "always" }[]
}

/** An analysis of code scanning: the emulator has none. */
export type AnalysisRow = {
  id: number
  sha: string
  ref: string
  tool: string
  category: string
  /** Empty: it could be read. */
  error: string
  at: string
}

/** An alert of code scanning or Dependabot: the emulator has none. */
export type AlertRow = {
  number: number
  of: "code-scanning" | "dependabot"
  severity: "low" | "medium" | "high" | "critical"
  state: "open" | "fixed" | "dismissed"
  ref: string
  sha: string
  at: string
  updatedAt: string
  fixedAt: string | null
}

/** What the front keeps about a repository beside the emulator's tables. */
export type RepositoryExtra = {
  statuses: Status[]
  deployments: Deployment[]
  /** Rules by branch name, as `GET rules/branches/{branch}` lists them. */
  rules: Map<string, Record<string, unknown>[]>
  /** What moved its branches, oldest first, as `GET activity` lists it. */
  activities: Activity[]
  /** Check suites of which more runs are still to come. */
  openSuites: Set<number>
  /** Commits that GitHub made in its own pages, and signed. */
  signed: Set<string>
  /** Commits that some push has already brought, for `distinct`. */
  pushed: Set<string>
  /** Oldest first. */
  runs: WorkflowRun[]
  /** Of its releases, oldest first. */
  assets: Asset[]
  latestReleaseId: number | undefined
  /** What vouches for artifacts that were built from it. */
  attestations: { digest: string; bundle: Record<string, unknown> }[]
  /** Environments, in small letters, whose jobs wait for the App. */
  protectedBy: Set<string>
  /** By name in small letters. */
  environments: Map<string, EnvironmentRow>
  rulesets: RulesetRow[]
  analyses: AnalysisRow[]
  alerts: AlertRow[]
  /** Whether Dependabot looks at it. */
  dependabot: boolean
  /** Whether releases are locked when they are published. */
  immutableReleases: boolean
  /** The end of the last write to git: one push at a time, as git itself has it. */
  lastWrite: Promise<unknown>
}

/** The account that owns the App, and what the App asks for. */
type AppIdentity = { row: AppRow; ownerLogin: string }

/** Everything that the front's endpoints work on. */
export type GitHubState = {
  /** Root of API and links alike, without a trailing slash. */
  url: string
  /** Where the App reaches the API, if that is by way of another address. */
  reachedAt?: string
  emulator: GitHubEmulator
  tables: Tables
  app: AppIdentity
  extras: Map<number, RepositoryExtra>
  now(): Date
  nextId(): number
  /** Sends a webhook: GitHub's event name and the whole payload. */
  deliver(event: string, payload: Record<string, unknown>): void
  /** What was delivered, and how that was answered. */
  deliveries: Deliveries
}

/** `date` as GitHub writes it: whole seconds, UTC. */
export const iso = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

/** A node id: opaque to everybody, so a readable one will do. */
export const nodeId = (kind: string, id: number): string => Buffer.from(`${kind}:${id}`).toString("base64url")

/** A fresh secret with GitHub's prefix for its kind. */
export const freshToken = (prefix: string): string => `${prefix}_${randomBytes(18).toString("hex")}`

/** The front's own knowledge of a repository, made on first use. */
export function extraOf(state: GitHubState, repository: RepositoryRow): RepositoryExtra {
  const found = state.extras.get(repository.id)
  if (found) return found
  const extra: RepositoryExtra = {
    statuses: [],
    deployments: [],
    rules: new Map(),
    activities: [],
    openSuites: new Set(),
    signed: new Set(),
    pushed: new Set(),
    runs: [],
    assets: [],
    latestReleaseId: undefined,
    attestations: [],
    protectedBy: new Set(),
    environments: new Map(),
    rulesets: [],
    analyses: [],
    alerts: [],
    dependabot: true,
    immutableReleases: false,
    lastWrite: Promise.resolve(),
  }
  state.extras.set(repository.id, extra)
  return extra
}

/** Does `write` when every earlier write to the repository's git is done, so that none builds on a stale branch. */
export function inTurn<T>(state: GitHubState, repository: RepositoryRow, write: () => Promise<T>): Promise<T> {
  const extra = extraOf(state, repository)
  const turn = extra.lastWrite.then(write, write)
  extra.lastWrite = turn.catch(() => {})
  return turn
}

/** The repository of that full name (`owner/name`, case does not matter, as at GitHub), or undefined. */
export function findRepository(state: GitHubState, fullName: string): RepositoryRow | undefined {
  const exact = state.tables.repos.findOneBy("full_name", fullName)
  if (exact) return exact
  const wanted = fullName.toLowerCase()
  return state.tables.repos.all().find((repository) => repository.full_name.toLowerCase() === wanted)
}

/** The repository of that full name; throws an Error for the demo or test that named it. */
export function repositoryOf(state: GitHubState, fullName: string): RepositoryRow {
  const found = findRepository(state, fullName)
  if (!found) throw new Error(`the fake GitHub has no repository ${fullName}; create it with createRepository`)
  return found
}

/** The user or bot of that login; throws an Error for the demo or test that named it. */
export function userOf(state: GitHubState, login: string): UserRow {
  const found = findUser(state, login)
  if (!found) throw new Error(`the fake GitHub has no user ${login}; create it with createUser`)
  return found
}

/** The user or bot of that login (case does not matter), or undefined. */
export function findUser(state: GitHubState, login: string): UserRow | undefined {
  const exact = state.tables.users.findOneBy("login", login)
  if (exact) return exact
  const wanted = login.toLowerCase()
  return state.tables.users.all().find((user) => user.login.toLowerCase() === wanted)
}

/** The organisation of that login, or undefined. */
export function findOrganization(state: GitHubState, login: string): OrganizationRow | undefined {
  const wanted = login.toLowerCase()
  return state.tables.orgs.all().find((organization) => organization.login.toLowerCase() === wanted)
}

/** The account that owns a repository. */
export function ownerOf(state: GitHubState, repository: RepositoryRow): UserRow | OrganizationRow {
  const { orgs, users } = state.tables
  const owner =
    repository.owner_type === "Organization" ? orgs.get(repository.owner_id) : users.get(repository.owner_id)
  if (!owner) throw new Error(`${repository.full_name} has no owner`)
  return owner
}

/** The installation of an App on the account that owns the repository, or undefined. */
export function installationFor(
  state: GitHubState,
  repository: RepositoryRow,
  appId = state.app.row.app_id,
): InstallationRow | undefined {
  return state.tables.appInstallations
    .all()
    .find(
      (installation) =>
        installation.app_id === appId &&
        installation.account_id === repository.owner_id &&
        installation.account_type === repository.owner_type &&
        (installation.repository_selection === "all" || installation.repository_ids.includes(repository.id)),
    )
}

/** The bot user as which an App acts. */
export function botOf(state: GitHubState, app: AppRow): UserRow {
  const login = `${app.slug}[bot]`
  return findUser(state, login) ?? insertUser(state, { login, type: "Bot", name: app.name, email: null })
}

/** Adds a user to the emulator's table. */
export function insertUser(
  state: GitHubState,
  user: { login: string; type: "User" | "Bot"; name: string | null; email: string | null },
): UserRow {
  const { users } = state.tables
  const row = users.insert({ ...user, site_admin: false })
  return users.update(row.id, { node_id: nodeId("User", row.id) }) ?? row
}

/** GitHub's 404. */
export const notFound = (message = "Not Found"): Refusal => new Refusal({ status: 404, body: { message } })

/** GitHub's 422 with its list of errors. */
export const invalid = (...errors: Record<string, unknown>[]): Refusal =>
  new Refusal({ status: 422, body: { message: "Validation Failed", errors } })

/** GitHub's 422 with a sentence only. */
export const unprocessable = (message: string): Refusal => new Refusal({ status: 422, body: { message } })

/** GitHub's 403 with a sentence. */
export const forbidden = (message: string, headers: Record<string, string> = {}): Refusal =>
  new Refusal({ status: 403, body: { message }, headers })
