import { Refusal } from "../../http-front.ts"
import { actorOf, created, list, numberParam, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { MergeConflict } from "../commit.ts"
import { emit } from "../events.ts"
import { bringHead, headNamed, headRepositoryOf } from "../forks.ts"
import { forward } from "../forward.ts"
import { commitsBetween, refSha } from "../git.ts"
import { emitClosed, type MergeMethod, mergePull } from "../merge.ts"
import { atLeast, roleOf } from "../permissions.ts"
import type { PullRow } from "../rows.ts"
import { commit, fileChange } from "../shapes/commit.ts"
import { fullPull, pull, pullChanges, pullCommits } from "../shapes/pull.ts"
import { extraOf, forbidden, invalid, notFound, ownerOf } from "../state.ts"

const listPulls: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const asked = request.query
  const wanted = asked.get("state") ?? "open"
  const from = (row: PullRow) => `${ownerOf(state, headRepositoryOf(state, row)).login}:${row.head_ref}`
  const rows = state.tables.pullRequests
    .findBy("repo_id", repository.id)
    .filter((row) => wanted === "all" || row.state === wanted)
    .filter((row) => !asked.has("base") || row.base_ref === asked.get("base"))
    .filter((row) => !asked.has("head") || from(row) === asked.get("head"))
  const key = asked.get("sort") === "updated" ? "updated_at" : "created_at"
  // GitHub's default direction is descending, but for an explicit sort by anything but `created`.
  const usual = !asked.has("sort") || asked.get("sort") === "created" ? "desc" : "asc"
  const sign = (asked.get("direction") ?? usual) === "asc" ? 1 : -1
  rows.sort((a, b) => (a[key].localeCompare(b[key]) || a.number - b.number) * sign)
  return list(call, rows, (row) => pull(state, repository, row))
}

const get: RepositoryEndpoint = (call) => ok(fullPull(call.state, call.repository, find(call)))

const create: RepositoryEndpoint = async (call) => {
  const { state, repository } = call
  refuseSecond(call)
  refuseNothing(call)
  const answer = await forward(call)
  if (answer.status !== 201) return answer
  const row = findNumbered(call, (answer.body as { number: number }).number)
  bringHead(state, repository, row)
  emit(state, repository, actorOf(call), "pull_request", {
    action: "opened",
    number: row.number,
    pull_request: fullPull(state, repository, row),
  })
  return created(fullPull(state, repository, row))
}

/**
 * One open pull request a pair of branches, and none from a branch that is not there. From a fork everybody may open one,
 * from a branch of the repository itself who may push to it.
 */
function refuseSecond(call: RepositoryCall): void {
  const { state, repository, caller } = call
  const [head, base] = [text(call, "head") ?? "", text(call, "base") ?? ""]
  const name = head.split(":").at(-1) ?? ""
  const from = headNamed(state, repository, head)
  if (from === repository && caller.kind === "person" && !atLeast(roleOf(state, repository, caller.user), "write"))
    throw forbidden("Must have push access to repository")
  if (!from || !refSha(state, from, `refs/heads/${name}`))
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" })
  const isFrom = (row: PullRow) => headRepositoryOf(state, row).id === from.id
  const open = state.tables.pullRequests
    .findBy("repo_id", repository.id)
    .some((row) => row.state === "open" && isFrom(row) && row.head_ref === name && row.base_ref === base)
  const message = `A pull request already exists for ${ownerOf(state, from).login}:${name}.`
  if (open) throw invalid({ resource: "PullRequest", code: "custom", message })
}

/** `head` has something that `base` has not. */
function refuseNothing(call: RepositoryCall): void {
  const { state, repository } = call
  const [head, base] = [text(call, "head") ?? "", text(call, "base") ?? ""]
  const at = (name: string) => refSha(state, repository, `refs/heads/${name.split(":").at(-1) ?? ""}`)
  const [from, to] = [at(head), at(base)]
  if (from === undefined || to === undefined || commitsBetween(state, repository, to, from).length > 0) return
  throw invalid({ resource: "PullRequest", code: "custom", message: `No commits between ${base} and ${head}` })
}

const update: RepositoryEndpoint = async (call) => {
  const { state, repository } = call
  const before = find(call)
  const base = text(call, "base") ?? before.base_ref
  const isMoved = base !== before.base_ref
  // "Cannot change the base branch of a closed pull request."
  if (isMoved && (before.state === "closed" || !refSha(state, repository, `refs/heads/${base}`)))
    throw invalid({ resource: "PullRequest", field: "base", code: "invalid" })
  const answer = await forward(call)
  if (answer.status !== 200) return answer
  const row = find(call)
  const shape = fullPull(state, repository, row)
  const actor = actorOf(call)
  const event = { number: row.number, pull_request: shape }
  const fields = (["title", "body"] as const).filter((field) => before[field] !== row[field])
  if (fields.length > 0 || isMoved) {
    const changes = {
      ...Object.fromEntries(fields.map((field) => [field, { from: before[field] ?? "" }])),
      ...(isMoved ? { base: { ref: { from: before.base_ref }, sha: { from: before.base_sha } } } : {}),
    }
    emit(state, repository, actor, "pull_request", { action: "edited", changes, ...event })
  }
  if (before.state === "open" && row.state === "closed") emitClosed(state, repository, row, actor)
  if (before.state === "closed" && row.state === "open") {
    emit(state, repository, actor, "pull_request", { action: "reopened", ...event })
  }
  return ok(shape)
}

const merge: RepositoryEndpoint = async (call) => {
  const row = find(call)
  if (row.state !== "open" || row.draft) throw notMergeable(405, "Pull Request is not mergeable")
  const expected = text(call, "sha")
  if (expected && expected !== row.head_sha) {
    throw notMergeable(409, "Head branch was modified. Review and try the merge again.")
  }
  const method = (text(call, "merge_method") ?? "merge") as MergeMethod
  const rules = extraOf(call.state, call.repository).rules.get(row.base_ref) ?? []
  if (method === "merge" && rules.some(({ type }) => type === "required_linear_history"))
    throw notMergeable(405, "Repository rule violations found\n\nThis branch must not contain merge commits.\n\n")
  try {
    const sha = await mergePull(call.state, call.repository, row, {
      method,
      by: actorOf(call),
      title: text(call, "commit_title"),
      message: text(call, "commit_message"),
    })
    return ok({ sha, merged: true, message: "Pull Request successfully merged" })
  } catch (error) {
    if (error instanceof MergeConflict) throw notMergeable(405, "Pull Request is not mergeable")
    throw error
  }
}

const notMergeable = (status: number, message: string) => new Refusal({ status, body: { message } })

const commits: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  // "Lists a maximum of 250 commits for a pull request."
  const rows = pullCommits(state, repository, find(call)).slice(0, 250)
  return list(call, rows, (row) => commit(state, repository, row))
}

const files: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = find(call)
  return list(call, pullChanges(state, repository, row), (change) =>
    fileChange(state, repository, row.head_sha, change),
  )
}

function find(call: RepositoryCall): PullRow {
  return findNumbered(call, numberParam(call, "pull_number"))
}

function findNumbered({ state, repository }: RepositoryCall, number: number): PullRow {
  const row = state.tables.pullRequests.findBy("repo_id", repository.id).find((pull) => pull.number === number)
  if (!row) throw notFound()
  return row
}

export const pullEndpoints: Record<string, RepositoryEndpoint> = {
  "pulls/list": listPulls,
  "pulls/get": get,
  "pulls/create": create,
  "pulls/update": update,
  "pulls/merge": merge,
  "pulls/list-commits": commits,
  "pulls/list-files": files,
}
