import { load } from "js-yaml"
import { Refusal } from "../../http-front.ts"
import {
  actorOf,
  noContent,
  numberParam,
  ok,
  paged,
  type RepositoryCall,
  type RepositoryEndpoint,
  text,
} from "../call.ts"
import { emit } from "../events.ts"
import { commitOf, entriesOf, entryAt, refSha } from "../git.ts"
import type { CommitRow, RepositoryRow, UserRow } from "../rows.ts"
import { apiOf, webOf } from "../shapes/repository.ts"
import { workflowOf, workflowRun } from "../shapes/workflow-run.ts"
import { extraOf, type GitHubState, iso, notFound, unprocessable, type WorkflowRun } from "../state.ts"

const FOLDER = ".github/workflows"

/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event */
const dispatchWorkflow: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const path = `${FOLDER}/${call.params.workflow_id}`
  if (triggersOf(state, repository, head(state, repository), path) === undefined) throw notFound()
  const ref = text(call, "ref") ?? ""
  const sha = refSha(state, repository, `refs/tags/${ref}`) ?? refSha(state, repository, `refs/heads/${ref}`)
  if (!sha) throw unprocessable(`No ref found for: ${ref}`)
  const triggers = triggersOf(state, repository, sha, path)
  if (!triggers || !("workflow_dispatch" in triggers))
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger")
  const given = (request.body.inputs ?? {}) as Record<string, unknown>
  const declared = Object.keys((triggers.workflow_dispatch as { inputs?: object } | null)?.inputs ?? {})
  const unexpected = Object.keys(given).filter((name) => !declared.includes(name))
  if (unexpected.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  const run = start(state, repository, actorOf(call), {
    path,
    ref,
    sha,
    given,
    event: "workflow_dispatch",
    title: runName(workflowAt(state, repository, sha, path)?.["run-name"], given) ?? path,
  })
  if (request.body.return_run_details !== true) return noContent
  return ok({
    workflow_run_id: run.id,
    run_url: `${apiOf(state, repository)}/actions/runs/${run.id}`,
    html_url: `${webOf(state, repository)}/actions/runs/${run.id}`,
  })
}

/** Starts every workflow of the default branch that listens to it. */
const dispatchEvent: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const sha = head(state, repository)
  const type = text(call, "event_type") ?? ""
  const commit = commitOf(state, repository, sha) as CommitRow
  const folder = entryAt(state, repository, commit.tree_sha, FOLDER)
  for (const name of folder ? entriesOf(state, repository, folder.sha).keys() : []) {
    const path = `${FOLDER}/${name}`
    const listens = triggersOf(state, repository, sha, path)?.repository_dispatch as { types?: string[] } | undefined
    if (listens === undefined || (listens?.types && !listens.types.includes(type))) continue
    const given = (request.body.client_payload ?? {}) as Record<string, unknown>
    const ref = repository.default_branch
    start(state, repository, actorOf(call), { path, ref, sha, given, event: "repository_dispatch", title: type })
  }
  return noContent
}

const listRuns: RepositoryEndpoint = (call) => {
  const { state, repository, request, params } = call
  const asked = request.query
  const runs = extraOf(state, repository)
    .runs.filter(({ path }) => params.workflow_id === undefined || path === `${FOLDER}/${params.workflow_id}`)
    .filter(({ event }) => !asked.has("event") || event === asked.get("event"))
    .filter(({ ref }) => !asked.has("branch") || ref === asked.get("branch"))
    .filter(({ sha }) => !asked.has("head_sha") || sha === asked.get("head_sha"))
    .reverse()
  const { items, headers } = paged(call, runs)
  return {
    ...ok({ total_count: runs.length, workflow_runs: items.map((run) => workflowRun(state, repository, run)) }),
    headers,
  }
}

const getRun: RepositoryEndpoint = (call) => ok(workflowRun(call.state, call.repository, findRun(call)))

function findRun(call: RepositoryCall): WorkflowRun {
  const id = numberParam(call, "run_id")
  const run = extraOf(call.state, call.repository).runs.find((it) => it.id === id)
  if (!run) throw notFound()
  return run
}

/** What starts the workflow at a path of a commit, by event; undefined: there is no such file. */
function triggersOf(
  state: GitHubState,
  repository: RepositoryRow,
  sha: string,
  path: string,
): Record<string, unknown> | undefined {
  const workflow = workflowAt(state, repository, sha, path)
  if (!workflow) return undefined
  const { on } = workflow
  if (typeof on === "string") return { [on]: null }
  return Array.isArray(on)
    ? Object.fromEntries(on.map((name) => [name, null]))
    : ((on ?? {}) as Record<string, unknown>)
}

function workflowAt(
  state: GitHubState,
  repository: RepositoryRow,
  sha: string,
  path: string,
): { readonly [key: string]: unknown } | undefined {
  const commit = commitOf(state, repository, sha)
  const entry = commit && entryAt(state, repository, commit.tree_sha, path)
  const blob = entry && state.tables.blobs.findBy("sha", entry.sha).find((row) => row.repo_id === repository.id)
  return blob && ((load(blob.content) ?? {}) as { [key: string]: unknown })
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#run-name */
const runName = (written: unknown, given: Record<string, unknown>): string | undefined =>
  typeof written === "string"
    ? written.replaceAll(/\$\{\{ *inputs\.([\w-]+) *\}\}/g, (_, name: string) => String(given[name] ?? ""))
    : undefined

function head(state: GitHubState, repository: RepositoryRow): string {
  const sha = refSha(state, repository, `refs/heads/${repository.default_branch}`)
  if (!sha) throw new Refusal({ status: 409, body: { message: "Git Repository is empty." } })
  return sha
}

type Begun = Pick<WorkflowRun, "path" | "ref" | "sha" | "given" | "event" | "title">

/** Starts a run, and tells so. */
export function start(state: GitHubState, repository: RepositoryRow, actor: UserRow, begun: Begun): WorkflowRun {
  const at = iso(state.now())
  const run: WorkflowRun = {
    ...begun,
    id: state.nextId(),
    status: "queued",
    conclusion: null,
    attempt: 1,
    actorId: actor.id,
    at,
    updatedAt: at,
  }
  extraOf(state, repository).runs.push(run)
  tellRun(state, repository, actor, run, "requested")
  return run
}

/** Sends what became of a run. */
export function tellRun(
  state: GitHubState,
  repository: RepositoryRow,
  actor: UserRow,
  run: WorkflowRun,
  action: "requested" | "in_progress" | "completed",
): void {
  const shapes = {
    workflow: workflowOf(state, repository, run),
    workflow_run: workflowRun(state, repository, run),
  }
  emit(state, repository, actor, "workflow_run", { action, ...shapes })
}

export const actionEndpoints: Record<string, RepositoryEndpoint> = {
  "actions/create-workflow-dispatch": dispatchWorkflow,
  "actions/list-workflow-runs": listRuns,
  "actions/list-workflow-runs-for-repo": listRuns,
  "actions/get-workflow-run": getRun,
  "repos/create-dispatch-event": dispatchEvent,
}
