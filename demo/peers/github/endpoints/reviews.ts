import { actorOf, list, numberParam, ok, type RepositoryCall, type RepositoryEndpoint } from "../call.ts"
import { forward } from "../forward.ts"
import type { PullRow, ReviewRow } from "../rows.ts"
import { accountById } from "../shapes/accounts.ts"
import { apiOf, webOf } from "../shapes/repository.ts"
import { nodeId, notFound, unprocessable } from "../state.ts"

const create: RepositoryEndpoint = async (call) => {
  const pull = find(call)
  if (call.request.body.event === "APPROVE" && pull.user_id === actorOf(call).id) {
    throw unprocessable("Can not approve your own pull request")
  }
  const answer = await forward(call)
  if (answer.status >= 300) return answer
  const row = call.state.tables.reviews.get((answer.body as { id: number }).id)
  if (!row) throw notFound()
  return ok(review(call, row))
}

/** Oldest first, as GitHub lists them. */
const listReviews: RepositoryEndpoint = (call) => {
  const pull = find(call)
  const rows = call.state.tables.reviews.findBy("repo_id", call.repository.id)
  return list(
    call,
    rows.filter((row) => row.pull_number === pull.number),
    (row) => review(call, row),
  )
}

function review({ state, repository }: RepositoryCall, row: ReviewRow): Record<string, unknown> {
  const pull = `${apiOf(state, repository)}/pulls/${row.pull_number}`
  const web = `${webOf(state, repository)}/pull/${row.pull_number}#pullrequestreview-${row.id}`
  return {
    id: row.id,
    node_id: nodeId("PullRequestReview", row.id),
    user: accountById(state, row.user_id),
    body: row.body ?? "",
    state: row.state,
    html_url: web,
    pull_request_url: pull,
    _links: { html: { href: web }, pull_request: { href: pull } },
    ...(row.submitted_at ? { submitted_at: row.submitted_at } : {}),
    commit_id: row.commit_id,
    author_association: "MEMBER",
  }
}

function find(call: RepositoryCall): PullRow {
  const number = numberParam(call, "pull_number")
  const rows = call.state.tables.pullRequests.findBy("repo_id", call.repository.id)
  const row = rows.find((candidate) => candidate.number === number)
  if (!row) throw notFound()
  return row
}

export const reviewEndpoints: Record<string, RepositoryEndpoint> = {
  "pulls/create-review": create,
  "pulls/list-reviews": listReviews,
}
