import { coerce, gte } from "semver"
import {
  actorOf,
  created,
  list,
  noContent,
  numberParam,
  ok,
  type RepositoryCall,
  type RepositoryEndpoint,
  text,
} from "../call.ts"
import { setRef } from "../commit.ts"
import { emit, emitPush } from "../events.ts"
import { refSha, resolveCommit } from "../git.ts"
import { atLeast, roleOf } from "../permissions.ts"
import type { ReleaseRow, RepositoryRow, UserRow } from "../rows.ts"
import { isImmutable, release } from "../shapes/release.ts"
import { extraOf, type GitHubState, invalid, iso, notFound, unprocessable } from "../state.ts"

type Json = Record<string, unknown>

/** GitHub refuses a longer release body. */
const LONGEST_BODY = 125_000

const create: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const actor = actorOf(call)
  const tag = text(call, "tag_name") ?? ""
  checkFields(call, tag)
  const draft = request.body.draft === true
  if (!draft) refuseTaken(state, repository, tag)
  const row = state.tables.releases.insert({
    repo_id: repository.id,
    tag_name: tag,
    target_commitish: text(call, "target_commitish") || repository.default_branch,
    name: text(call, "name") ?? null,
    body: text(call, "body") ?? null,
    draft: true,
    prerelease: request.body.prerelease === true,
    author_id: actor.id,
    published_at: null,
  })
  emitRelease(state, repository, actor, row, "created")
  const after = draft ? row : publish(state, repository, actor, row, text(call, "make_latest"))
  return created(release(state, repository, after))
}

const update: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const actor = actorOf(call)
  const before = find(call)
  const tag = text(call, "tag_name") ?? before.tag_name
  checkFields(call, tag)
  if (request.body.draft === true && isImmutable(state, repository, before))
    throw unprocessable("Immutable releases cannot be turned back into drafts")
  const publishes = before.draft && request.body.draft === false
  if (publishes || !before.draft) refuseTaken(state, repository, tag, before.id)
  const { prerelease } = request.body
  const edited = state.tables.releases.update(before.id, {
    tag_name: tag,
    target_commitish: text(call, "target_commitish") || before.target_commitish,
    name: text(call, "name") ?? before.name,
    body: text(call, "body") ?? before.body,
    prerelease: typeof prerelease === "boolean" ? prerelease : before.prerelease,
    draft: request.body.draft === true ? true : before.draft,
    ...(request.body.draft === true ? { published_at: null } : {}),
  }) as ReleaseRow
  const changes = changesBetween(before, edited)
  if (Object.keys(changes).length > 0) emitRelease(state, repository, actor, edited, "edited", { changes })
  if (edited.draft && !before.draft) emitRelease(state, repository, actor, edited, "unpublished")
  const makeLatest = text(call, "make_latest")
  const after = publishes ? publish(state, repository, actor, edited, makeLatest) : edited
  if (!publishes && makeLatest === "true" && !after.draft) extraOf(state, repository).latestReleaseId = after.id
  return ok(release(state, repository, after))
}

/** Publishes: GitHub creates the tag at the target where there is none, and ignores the target where there is one. */
function publish(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  row: ReleaseRow,
  makeLatest: string | undefined,
): ReleaseRow {
  const ref = `refs/tags/${row.tag_name}`
  if (!refSha(state, repository, ref)) {
    const target = resolveCommit(state, repository, row.target_commitish)
    if (!target) throw invalid({ resource: "Release", code: "invalid", field: "target_commitish" })
    setRef(state, repository, ref, target.sha)
    emitPush(state, repository, { ref, before: undefined, after: target.sha, by: actor })
  }
  const published = state.tables.releases.update(row.id, {
    draft: false,
    published_at: iso(state.now()),
  }) as ReleaseRow
  if (becomesLatest(state, repository, published, makeLatest)) extraOf(state, repository).latestReleaseId = row.id
  emitRelease(state, repository, actor, published, "published")
  emitRelease(state, repository, actor, published, published.prerelease ? "prereleased" : "released")
  return published
}

/** `legacy` goes by date and version: what is published last, unless its version is lower. */
function becomesLatest(
  state: GitHubState,
  repository: RepositoryRow,
  row: ReleaseRow,
  makeLatest: string | undefined,
): boolean {
  if (row.prerelease || makeLatest === "false") return false
  const before = makeLatest === "legacy" ? latestOf(state, repository)?.tag_name : undefined
  const [now, then] = [coerce(row.tag_name), coerce(before)]
  return !now || !then || gte(now, then)
}

function checkFields(call: RepositoryCall, tag: string): void {
  if (!tag) throw invalid({ resource: "Release", code: "missing_field", field: "tag_name" })
  const body = text(call, "body")
  if (body && [...body].length > LONGEST_BODY) {
    throw invalid({
      resource: "Release",
      code: "custom",
      field: "body",
      message: `body is too long (maximum is ${LONGEST_BODY} characters)`,
    })
  }
}

/** Two drafts may carry one tag name, as at GitHub; of published releases only one. */
function refuseTaken(state: GitHubState, repository: RepositoryRow, tag: string, except?: number): void {
  const taken = releasesOf(state, repository).some((row) => !row.draft && row.tag_name === tag && row.id !== except)
  if (taken) throw invalid({ resource: "Release", code: "already_exists", field: "tag_name" })
}

function changesBetween(before: ReleaseRow, after: ReleaseRow): Json {
  const fields = ["body", "name", "tag_name"] as const
  const changed = fields.filter((field) => before[field] !== after[field])
  return Object.fromEntries(changed.map((field) => [field, { from: before[field] ?? "" }]))
}

function emitRelease(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  row: ReleaseRow,
  action: string,
  more: Json = {},
): void {
  emit(state, repository, actor, "release", { action, release: release(state, repository, row), ...more })
}

const remove: RepositoryEndpoint = (call) => {
  const row = find(call)
  call.state.tables.releases.delete(row.id)
  emitRelease(call.state, call.repository, actorOf(call), row, "deleted")
  return noContent
}

const get: RepositoryEndpoint = (call) => {
  const row = find(call)
  if (row.draft && !seesDrafts(call)) throw notFound()
  return ok(release(call.state, call.repository, row))
}

const listAll: RepositoryEndpoint = (call) => {
  const drafts = seesDrafts(call)
  const rows = releasesOf(call.state, call.repository).filter((row) => drafts || !row.draft)
  return list(call, rows, (row) => release(call.state, call.repository, row))
}

const latest: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = latestOf(state, repository)
  if (!row) throw notFound()
  return ok(release(state, repository, row))
}

/** What the repository shows as its latest release. */
export function latestOf(state: GitHubState, repository: RepositoryRow): ReleaseRow | undefined {
  const full = releasesOf(state, repository).filter((row) => !row.draft && !row.prerelease)
  return full.find((candidate) => candidate.id === extraOf(state, repository).latestReleaseId) ?? full[0]
}

const byTag: RepositoryEndpoint = (call) => {
  const rows = releasesOf(call.state, call.repository)
  const row = rows.find((candidate) => !candidate.draft && candidate.tag_name === call.params.tag)
  if (!row) throw notFound()
  return ok(release(call.state, call.repository, row))
}

/** The releases of a repository, newest first. */
export const releasesOf = (state: GitHubState, repository: RepositoryRow): ReleaseRow[] =>
  state.tables.releases
    .findBy("repo_id", repository.id)
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id)

/** Drafts are shown to those with push access, and to Apps that may write contents. */
function seesDrafts({ state, repository, caller }: RepositoryCall): boolean {
  if (caller.kind === "installation") return caller.permissions.contents === "write"
  return caller.kind === "person" && atLeast(roleOf(state, repository, caller.user), "write")
}

function find(call: RepositoryCall): ReleaseRow {
  const row = call.state.tables.releases.get(numberParam(call, "release_id"))
  if (row?.repo_id !== call.repository.id) throw notFound()
  return row
}

export const releaseEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/create-release": create,
  "repos/update-release": update,
  "repos/delete-release": remove,
  "repos/get-release": get,
  "repos/list-releases": listAll,
  "repos/get-latest-release": latest,
  "repos/get-release-by-tag": byTag,
}
