import {
  actorOf,
  created,
  list,
  noContent,
  numberParam,
  ok,
  type RepositoryCall,
  type RepositoryEndpoint,
} from "../call.ts"
import { emit } from "../events.ts"
import { forward } from "../forward.ts"
import { findLabel, namesIn, putLabels, shownLabels, takeLabel } from "../label-issue.ts"
import { atLeast, roleOf } from "../permissions.ts"
import type { CommentRow, IssueRow } from "../rows.ts"
import { comment, issue } from "../shapes/issue.ts"
import { label, labels } from "../shapes/pull.ts"
import { findUser, forbidden, invalid, notFound } from "../state.ts"

/** GitHub refuses longer bodies of issues and comments. */
const LONGEST_BODY = 65_536

const create: RepositoryEndpoint = async (call) => {
  refuseLong(call, "Issue")
  const { labels: wanted, ...body } = call.request.body
  const answer = await forward(call, body)
  if (answer.status !== 201) return answer
  const { state, repository } = call
  const { number } = answer.body as { number: number }
  emitIssue(call, find(call, number), "opened")
  // "Only users with push access can set labels for new issues. Labels are silently dropped otherwise."
  if (mayLabel(call)) putLabels(state, repository, actorOf(call), find(call, number), namesIn(wanted))
  return created(issue(state, repository, find(call, number)))
}

const update: RepositoryEndpoint = async (call) => {
  refuseLong(call, "Issue")
  const before = find(call)
  const { state, repository, caller } = call
  if (
    caller.kind === "person" &&
    caller.user.id !== before.user_id &&
    !atLeast(roleOf(state, repository, caller.user), "triage")
  )
    throw forbidden("Must have admin rights to Repository.")
  const answer = await forward(call)
  if (answer.status !== 200) return answer
  const row = find(call)
  const fields = (["title", "body"] as const).filter((field) => before[field] !== row[field])
  if (fields.length > 0) {
    const changes = Object.fromEntries(fields.map((field) => [field, { from: before[field] ?? "" }]))
    emitIssue(call, row, "edited", { changes })
  }
  if (before.state !== row.state) emitIssue(call, row, row.state === "closed" ? "closed" : "reopened")
  return ok(issue(call.state, call.repository, row))
}

const mayLabel = ({ state, repository, caller }: RepositoryCall): boolean =>
  caller.kind !== "person" || atLeast(roleOf(state, repository, caller.user), "triage")

/** Lists issues and pull requests alike, as GitHub does. */
const listIssues: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const asked = request.query
  const wanted = asked.get("state") ?? "open"
  const creator = asked.get("creator")
  const names = asked.get("labels")?.split(",") ?? []
  const since = Date.parse(asked.get("since") ?? "")
  const rows = state.tables.issues
    .findBy("repo_id", repository.id)
    .filter((row) => wanted === "all" || row.state === wanted)
    .filter((row) => !creator || row.user_id === findUser(state, creator)?.id)
    .filter((row) => Number.isNaN(since) || Date.parse(row.updated_at) >= since)
    .filter((row) => names.every((name) => labels(state, repository, row.label_ids).some((item) => item.name === name)))
  const key = asked.get("sort") === "updated" ? "updated_at" : "created_at"
  const sign = asked.get("direction") === "asc" ? 1 : -1
  rows.sort((a, b) => (a[key].localeCompare(b[key]) || a.number - b.number) * sign)
  return list(call, rows, (row) => issue(state, repository, row))
}

const get: RepositoryEndpoint = (call) => ok(issue(call.state, call.repository, find(call)))

const createComment: RepositoryEndpoint = async (call) => {
  refuseLong(call, "IssueComment")
  const on = find(call)
  const answer = await forward(call)
  if (answer.status !== 201) return answer
  const row = findComment(call, (answer.body as { id: number }).id)
  emitComment(call, on, row, "created")
  return created(comment(call.state, call.repository, row))
}

const updateComment: RepositoryEndpoint = async (call) => {
  refuseLong(call, "IssueComment")
  const before = findComment(call)
  const answer = await forward(call)
  if (answer.status !== 200) return answer
  const row = findComment(call)
  emitComment(call, find(call, row.issue_number ?? 0), row, "edited", { changes: { body: { from: before.body } } })
  return ok(comment(call.state, call.repository, row))
}

const deleteComment: RepositoryEndpoint = async (call) => {
  const row = findComment(call)
  const answer = await forward(call)
  if (answer.status !== 204) return answer
  emitComment(call, find(call, row.issue_number ?? 0), row, "deleted")
  return noContent
}

const listComments: RepositoryEndpoint = (call) => {
  const on = find(call)
  const rows = call.state.tables.comments
    .findBy("repo_id", call.repository.id)
    .filter((row) => row.comment_type === "issue" && row.issue_number === on.number)
  return list(call, rows, (row) => comment(call.state, call.repository, row))
}

const getComment: RepositoryEndpoint = (call) => ok(comment(call.state, call.repository, findComment(call)))

const addLabels: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = find(call)
  putLabels(state, repository, actorOf(call), row, namesIn(call.request.body.labels))
  return ok(shownLabels(state, repository, row))
}

const removeLabel: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = find(call)
  if (!takeLabel(state, repository, actorOf(call), row, call.params.name ?? "")) throw notFound()
  return ok(shownLabels(state, repository, row))
}

const listLabels: RepositoryEndpoint = (call) =>
  list(call, call.state.tables.labels.findBy("repo_id", call.repository.id), (row) =>
    label(call.state, call.repository, row),
  )

const getLabel: RepositoryEndpoint = ({ state, repository, params }) => {
  const found = findLabel(state, repository, params.name ?? "")
  if (!found) throw notFound()
  return ok(label(state, repository, found))
}

function emitIssue(call: RepositoryCall, row: IssueRow, action: string, more: Record<string, unknown> = {}): void {
  if (row.is_pull_request) return
  const { state, repository } = call
  emit(state, repository, actorOf(call), "issues", { action, issue: issue(state, repository, row), ...more })
}

function emitComment(
  call: RepositoryCall,
  on: IssueRow,
  row: CommentRow,
  action: string,
  more: Record<string, unknown> = {},
): void {
  const { state, repository } = call
  const shapes = { issue: issue(state, repository, on), comment: comment(state, repository, row) }
  emit(state, repository, actorOf(call), "issue_comment", { action, ...shapes, ...more })
}

function refuseLong(call: RepositoryCall, resource: string): void {
  const { body } = call.request.body
  if (typeof body !== "string" || [...body].length <= LONGEST_BODY) return
  const message = `body is too long (maximum is ${LONGEST_BODY} characters)`
  throw invalid({ resource, code: "custom", field: "body", message })
}

function find(call: RepositoryCall, number = numberParam(call, "issue_number")): IssueRow {
  const row = call.state.tables.issues.findBy("repo_id", call.repository.id).find((item) => item.number === number)
  if (!row) throw notFound()
  return row
}

function findComment(call: RepositoryCall, id = numberParam(call, "comment_id")): CommentRow {
  const row = call.state.tables.comments.get(id)
  if (row?.repo_id !== call.repository.id) throw notFound()
  return row
}

export const issueEndpoints: Record<string, RepositoryEndpoint> = {
  "issues/create": create,
  "issues/update": update,
  "issues/get": get,
  "issues/list-for-repo": listIssues,
  "issues/create-comment": createComment,
  "issues/update-comment": updateComment,
  "issues/delete-comment": deleteComment,
  "issues/list-comments": listComments,
  "issues/get-comment": getComment,
  "issues/add-labels": addLabels,
  "issues/remove-label": removeLabel,
  "issues/list-labels-for-repo": listLabels,
  "issues/get-label": getLabel,
}
