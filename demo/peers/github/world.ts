import { checkRunsOf } from "./endpoints/checks.ts"
import { latestOf, releasesOf } from "./endpoints/releases.ts"
import { refSha } from "./git.ts"
import type { Action, CheckRunRow, RepositoryRow } from "./rows.ts"
import { labels } from "./shapes/pull.ts"
import { extraOf, type GitHubState } from "./state.ts"

/** A check run as tests look at it, its buttons included. */
export type SeenCheckRun = {
  id: number
  name: string
  headSha: string
  status: string
  conclusion: string | null
  externalId: string
  detailsUrl: string | null
  actions: Action[]
  title: string | null
  summary: string | null
  text: string | null
  annotations: Record<string, unknown>[]
  app: string
}

/** What a repository holds that matters to a release, in stable order. */
export type SeenRepository = {
  branches: Record<string, string>
  tags: Record<string, string>
  releases: {
    id: number
    tagName: string
    name: string | null
    body: string | null
    draft: boolean
    prerelease: boolean
    targetCommitish: string
    author: string
  }[]
  /** The tag of what is shown as the latest release. */
  latest: string | null
  checkRuns: SeenCheckRun[]
  deployments: {
    id: number
    sha: string
    ref: string
    task: string
    environment: string
    payload: unknown
    creator: string
    statuses: { state: string; description: string }[]
  }[]
  issues: { number: number; title: string; body: string | null; state: string; labels: string[]; author: string }[]
  comments: { issue: number | null; body: string; author: string }[]
}

/** The state that matters, by repository: plain JSON, for comparing two runs or looking something up. */
export function seenWorld(state: GitHubState): Record<string, SeenRepository> {
  const repositories = state.tables.repos.all().sort((a, b) => (a.full_name < b.full_name ? -1 : 1))
  return Object.fromEntries(repositories.map((row) => [row.full_name, seenRepository(state, row)]))
}

function seenRepository(state: GitHubState, repository: RepositoryRow): SeenRepository {
  const { tables } = state
  const login = (id: number) => tables.users.get(id)?.login ?? "ghost"
  return {
    branches: refsUnder(state, repository, "refs/heads/"),
    tags: refsUnder(state, repository, "refs/tags/"),
    releases: releasesOf(state, repository)
      .sort((a, b) => a.id - b.id)
      .map((row) => ({
        id: row.id,
        tagName: row.tag_name,
        name: row.name,
        body: row.body,
        draft: row.draft,
        prerelease: row.prerelease,
        targetCommitish: row.target_commitish,
        author: login(row.author_id),
      })),
    latest: latestOf(state, repository)?.tag_name ?? null,
    checkRuns: checkRunsOf(state, repository)
      .sort((a, b) => a.id - b.id)
      .map((row) => seenCheckRun(state, row)),
    deployments: extraOf(state, repository).deployments.map((item) => ({
      id: item.id,
      sha: item.sha,
      ref: item.ref,
      task: item.task,
      environment: item.environment,
      payload: item.payload,
      creator: login(item.creatorId),
      statuses: item.statuses.toReversed().map((status) => ({ state: status.state, description: status.description })),
    })),
    issues: tables.issues
      .findBy("repo_id", repository.id)
      .filter((row) => !row.is_pull_request)
      .map((row) => ({
        number: row.number,
        title: row.title,
        body: row.body,
        state: row.state,
        labels: labels(state, repository, row.label_ids).map((item) => String(item.name)),
        author: login(row.user_id),
      })),
    comments: tables.comments
      .findBy("repo_id", repository.id)
      .map((row) => ({ issue: row.issue_number, body: row.body, author: login(row.user_id) })),
  }
}

/** One check run as tests look at it. */
export function seenCheckRun(state: GitHubState, row: CheckRunRow): SeenCheckRun {
  return {
    id: row.id,
    name: row.name,
    headSha: row.head_sha,
    status: row.status,
    conclusion: row.conclusion,
    externalId: row.external_id,
    detailsUrl: row.details_url,
    actions: row.actions ?? [],
    title: row.output.title,
    summary: row.output.summary,
    text: row.output.text,
    annotations: row.output.annotations,
    app: state.tables.apps.all().find((app) => app.app_id === row.app_id)?.slug ?? "",
  }
}

function refsUnder(state: GitHubState, repository: RepositoryRow, prefix: string): Record<string, string> {
  const rows = state.tables.refs.findBy("repo_id", repository.id).filter((row) => row.ref.startsWith(prefix))
  const sorted = rows.sort((a, b) => (a.ref < b.ref ? -1 : 1))
  return Object.fromEntries(
    sorted.map((row) => [row.ref.slice(prefix.length), refSha(state, repository, row.ref) ?? row.sha]),
  )
}
