import { actorOf, created, list, noContent, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { setRef } from "../commit.ts"
import { emitPush } from "../events.ts"
import { commitOf, reachable, refSha } from "../git.ts"
import { followHead } from "../pull-heads.ts"
import type { RefRow, RepositoryRow } from "../rows.ts"
import { apiOf } from "../shapes/repository.ts"
import { type GitHubState, nodeId, notFound, unprocessable } from "../state.ts"

const createRef: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const ref = text(call, "ref") ?? ""
  const sha = text(call, "sha") ?? ""
  if (!/^refs\/[^/]+\/.+/.test(ref)) throw unprocessable("Reference name must start with 'refs/'")
  if (findRef(state, repository, ref)) throw unprocessable("Reference already exists")
  const target = targetOf(state, repository, sha)
  setRef(state, repository, ref, sha)
  emitPush(state, repository, { ref, before: undefined, after: target, object: sha, by: actorOf(call) })
  return created(shape(state, repository, findRef(state, repository, ref) as RefRow))
}

const updateRef: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = existing(call)
  const sha = text(call, "sha") ?? ""
  const after = targetOf(state, repository, sha)
  const before = refSha(state, repository, row.ref) as string
  const forward = reachable(state, repository, after).has(before)
  if (!forward && call.request.body.force !== true) throw unprocessable("Update is not a fast forward")
  setRef(state, repository, row.ref, sha)
  if (before !== after)
    emitPush(state, repository, { ref: row.ref, before, after, by: actorOf(call), forced: !forward })
  followHead(state, repository, row.ref, actorOf(call))
  return ok(shape(state, repository, findRef(state, repository, row.ref) as RefRow))
}

const deleteRef: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const row = existing(call)
  const before = setRef(state, repository, row.ref, undefined)
  emitPush(state, repository, { ref: row.ref, before, after: undefined, by: actorOf(call) })
  return noContent
}

const getRef: RepositoryEndpoint = (call) => ok(shape(call.state, call.repository, existing(call)))

const matchingRefs: RepositoryEndpoint = (call) => {
  const prefix = `refs/${call.params.ref}`
  const rows = call.state.tables.refs.findBy("repo_id", call.repository.id)
  const matching = rows.filter((row) => row.ref.startsWith(prefix)).sort((a, b) => (a.ref < b.ref ? -1 : 1))
  return list(call, matching, (row) => shape(call.state, call.repository, row))
}

/** The commit that an object id means: itself, or what an annotated tag points at. Throws 422 for neither. */
function targetOf(state: GitHubState, repository: RepositoryRow, sha: string): string {
  if (commitOf(state, repository, sha)) return sha
  const tag = state.tables.tags.findBy("repo_id", repository.id).find((row) => row.sha === sha)
  if (!tag) throw unprocessable("Object does not exist")
  return tag.object_sha
}

function existing(call: RepositoryCall): RefRow {
  const row = findRef(call.state, call.repository, `refs/${call.params.ref}`)
  if (!row) throw call.request.method === "GET" ? notFound() : unprocessable("Reference does not exist")
  return row
}

function findRef(state: GitHubState, repository: RepositoryRow, ref: string): RefRow | undefined {
  return state.tables.refs.findBy("repo_id", repository.id).find((row) => row.ref === ref)
}

function shape(state: GitHubState, repository: RepositoryRow, row: RefRow): unknown {
  const api = apiOf(state, repository)
  const type = commitOf(state, repository, row.sha) ? "commit" : "tag"
  return {
    ref: row.ref,
    node_id: nodeId("Ref", row.id),
    url: `${api}/git/${row.ref}`,
    object: { type, sha: row.sha, url: `${api}/git/${type}s/${row.sha}` },
  }
}

export const refEndpoints: Record<string, RepositoryEndpoint> = {
  "git/create-ref": createRef,
  "git/update-ref": updateRef,
  "git/delete-ref": deleteRef,
  "git/get-ref": getRef,
  "git/list-matching-refs": matchingRefs,
}
