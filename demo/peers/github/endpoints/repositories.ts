import { Refusal } from "../../http-front.ts"
import { actorOf, list, ok, paged, type RepositoryCall, type RepositoryEndpoint } from "../call.ts"
import { emitPush } from "../events.ts"
import { forward } from "../forward.ts"
import { commitChanges, commitOf, commitsBetween, mergeBase, refSha, resolveCommit, treeChanges } from "../git.ts"
import { roleOf } from "../permissions.ts"
import type { BranchRow, CommitRow } from "../rows.ts"
import { accountById } from "../shapes/accounts.ts"
import { commit, fileChange, fullCommit, gitCommit } from "../shapes/commit.ts"
import { pull, pullCommits } from "../shapes/pull.ts"
import { apiOf, fullRepository, webOf } from "../shapes/repository.ts"
import { extraOf, nodeId, notFound } from "../state.ts"
import { permissions } from "./accounts.ts"

type Json = Record<string, unknown>

/** A person is told what they may do there. */
const get: RepositoryEndpoint = ({ state, repository, caller }) => {
  const may = caller.kind === "person" ? { permissions: permissions(roleOf(state, repository, caller.user)) } : {}
  return ok({ ...fullRepository(state, repository), ...may })
}

const getBranch: RepositoryEndpoint = (call) => {
  const row = branches(call).find((candidate) => candidate.name === call.params.branch)
  if (!row) throw new Refusal({ status: 404, body: { message: "Branch not found" } })
  const { state, repository } = call
  const api = `${apiOf(state, repository)}/branches/${row.name}`
  return ok({
    name: row.name,
    commit: commit(state, repository, commitOf(state, repository, row.sha) as CommitRow),
    _links: { self: api, html: `${webOf(state, repository)}/tree/${row.name}` },
    protected: extraOf(state, repository).rules.has(row.name),
    protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
    protection_url: `${api}/protection`,
  })
}

const listBranches: RepositoryEndpoint = (call) =>
  list(call, branches(call), (row) => ({
    name: row.name,
    commit: { sha: row.sha, url: `${apiOf(call.state, call.repository)}/commits/${row.sha}` },
    protected: extraOf(call.state, call.repository).rules.has(row.name),
  }))

const branches = ({ state, repository }: RepositoryCall): BranchRow[] =>
  state.tables.branches.findBy("repo_id", repository.id).sort((a, b) => (a.name < b.name ? -1 : 1))

const listTags: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const api = apiOf(state, repository)
  const rows = state.tables.refs.findBy("repo_id", repository.id).filter((row) => row.ref.startsWith("refs/tags/"))
  return list(
    call,
    rows.sort((a, b) => (a.ref < b.ref ? 1 : -1)),
    (row) => {
      const name = row.ref.slice("refs/tags/".length)
      const sha = refSha(state, repository, row.ref) as string
      return {
        name,
        commit: { sha, url: `${api}/commits/${sha}` },
        zipball_url: `${api}/zipball/${row.ref}`,
        tarball_url: `${api}/tarball/${row.ref}`,
        node_id: nodeId("Ref", row.id),
      }
    },
  )
}

const listCommits: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  if (state.tables.refs.findBy("repo_id", repository.id).length === 0) throw emptyRepository()
  const head = resolveCommit(state, repository, request.query.get("sha") ?? undefined)
  if (!head) throw notFound()
  const [since, until, path] = ["since", "until", "path"].map((name) => request.query.get(name))
  const rows = commitsBetween(state, repository, undefined, head.sha)
    .reverse()
    .filter((row) => !since || Date.parse(row.committer_date) >= Date.parse(since))
    .filter((row) => !until || Date.parse(row.committer_date) <= Date.parse(until))
    .filter((row) => !path || commitChanges(state, repository, row).some((change) => under(change.path, path)))
  return list(call, rows, (row) => commit(state, repository, row))
}

const under = (path: string, wanted: string): boolean => path === wanted || path.startsWith(`${wanted}/`)

const emptyRepository = () => new Refusal({ status: 409, body: { message: "Git Repository is empty." } })

/** Of its files 300 come on a page where no size is asked for, at most 100 where one is, and 3,000 in all. */
const getCommit: RepositoryEndpoint = (call) => {
  const row = resolveCommit(call.state, call.repository, call.params.ref)
  if (!row) throw noCommit(call.params.ref)
  const { files, ...rest } = fullCommit(call.state, call.repository, row)
  const size = call.request.query.has("per_page") ? 100 : 300
  const page = paged(call, files.slice(0, 3_000), { usual: size, most: size })
  return ok({ ...rest, files: page.items }, page.headers)
}

const noCommit = (name: string | undefined) =>
  new Refusal({ status: 422, body: { message: `No commit found for SHA: ${name}` } })

/** Compares from the merge base. Commits come 250 a page by default and at most; files on the first page only. */
const compare: RepositoryEndpoint = (call) => {
  const { state, repository, params } = call
  const base = resolveCommit(state, repository, params.base)
  const head = resolveCommit(state, repository, params.head)
  if (!base || !head) throw notFound()
  const common = mergeBase(state, repository, base.sha, head.sha)
  if (!common) throw notFound()
  const ahead = commitsBetween(state, repository, base.sha, head.sha)
  const behind = commitsBetween(state, repository, head.sha, base.sha)
  const page = paged(call, ahead, { usual: 250, most: 250 })
  const first = (Number(call.request.query.get("page")) || 1) === 1
  const changes = first ? treeChanges(state, repository, common.tree_sha, head.tree_sha).slice(0, 300) : []
  const web = `${webOf(state, repository)}/compare/${params.base}...${params.head}`
  return ok(
    {
      url: `${apiOf(state, repository)}/compare/${params.base}...${params.head}`,
      html_url: web,
      permalink_url: `${webOf(state, repository)}/compare/${base.sha}...${head.sha}`,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      base_commit: commit(state, repository, base),
      merge_base_commit: commit(state, repository, common),
      status: comparison(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: page.items.map((row) => commit(state, repository, row)),
      files: changes.map((change) => fileChange(state, repository, head.sha, change)),
    },
    page.headers,
  )
}

function comparison(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead"
  return behind > 0 ? "behind" : "identical"
}

/** The pull requests that brought a commit: by their merge commit, or as one of their own commits. */
const pullsOfCommit: RepositoryEndpoint = (call) => {
  const { state, repository, params } = call
  const sha = params.commit_sha ?? ""
  if (!commitOf(state, repository, sha)) throw noCommit(sha)
  const rows = state.tables.pullRequests
    .findBy("repo_id", repository.id)
    .filter((row) => row.merge_commit_sha === sha || pullCommits(state, repository, row).some((c) => c.sha === sha))
  return list(call, rows, (row) => pull(state, repository, row))
}

const branchRules: RepositoryEndpoint = (call) =>
  list(call, extraOf(call.state, call.repository).rules.get(call.params.branch ?? "") ?? [], (rule) => rule)

const branchProtection: RepositoryEndpoint = () => {
  throw new Refusal({ status: 404, body: { message: "Branch not protected" } })
}

/** Newest first; pages follow a cursor, not a number. */
const activities: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const { query } = request
  const ref = query.get("ref")
  const all = extraOf(state, repository)
    .activities.filter((one) => !ref || one.ref === ref || one.ref === `refs/heads/${ref}`)
    .toReversed()
  const start = all.findIndex((one) => String(one.id) === query.get("after")) + 1
  const end = start + Math.min(100, Number(query.get("per_page")) || 30)
  const search = new URLSearchParams(query)
  search.set("after", String(all[end - 1]?.id))
  const link = `<${state.url}${request.path}?${search}>; rel="next"`
  return ok(
    all.slice(start, end).map(({ id, before, after, ref, at, type, actorId }) => ({
      id,
      node_id: nodeId("Activity", id),
      before,
      after,
      ref,
      timestamp: at,
      activity_type: type,
      actor: accountById(state, actorId),
    })),
    end < all.length ? { link } : {},
  )
}

/** Reads are the emulator's; GitHub's answer to an empty repository is not. */
const getContent: RepositoryEndpoint = async (call) => {
  const answer = await forward(call)
  const { body } = answer
  if (answer.status !== 200) throw notFound()
  return { ...answer, body: Array.isArray(body) ? body.map(directoryEntry) : file(body as Json) }
}

/** GitHub breaks the lines of a file's content, and leaves the content of one above 1 MB out. */
function file(entry: Json): Json {
  if (typeof entry.content !== "string") return entry
  if (Number(entry.size) > 1_000_000) return { ...entry, content: "", encoding: "none" }
  return { ...entry, content: entry.content.replace(/.{1,60}/g, "$&\n") }
}

/** The emulator leaves an entry's size out of folders; GitHub writes 0. */
const directoryEntry = (entry: Json): Json => ({ ...entry, size: entry.size ?? 0 })

/** The emulator commits; the push is ours. */
const putContent: RepositoryEndpoint = async (call) => {
  const { state, repository, request } = call
  const branch = typeof request.body.branch === "string" ? request.body.branch : repository.default_branch
  const ref = `refs/heads/${branch}`
  const before = refSha(state, repository, ref)
  const answer = await forward(call)
  if (answer.status >= 300) return answer
  emitPush(state, repository, { ref, before, after: refSha(state, repository, ref), by: actorOf(call) })
  const sha = refSha(state, repository, ref) as string
  return {
    ...answer,
    body: {
      ...(answer.body as Json),
      commit: gitCommit(state, repository, commitOf(state, repository, sha) as CommitRow),
    },
  }
}

export const repositoryEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/get": get,
  "repos/get-branch": getBranch,
  "repos/list-branches": listBranches,
  "repos/list-tags": listTags,
  "repos/list-commits": listCommits,
  "repos/get-commit": getCommit,
  "repos/compare-commits": compare,
  "repos/list-pull-requests-associated-with-commit": pullsOfCommit,
  "repos/list-activities": activities,
  "repos/get-branch-rules": branchRules,
  "repos/get-branch-protection": branchProtection,
  "repos/get-content": getContent,
  "repos/create-or-update-file-contents": putContent,
}
