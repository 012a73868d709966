import type { Answer } from "../../http-front.ts"
import { appOf, created, numberParam, ok, paged, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { askEmulator } from "../callers.ts"
import { emit } from "../events.ts"
import { resolveCommit } from "../git.ts"
import type { Action, CheckRunRow, RepositoryRow, UserRow } from "../rows.ts"
import { annotation, checkRun, checkSuite, hookCheckRun, suiteId } from "../shapes/check-run.ts"
import { repository as repositoryShape } from "../shapes/repository.ts"
import type { GitHubState } from "../state.ts"
import { forbidden, iso, notFound, unprocessable } from "../state.ts"

type Json = Record<string, unknown>

/** GitHub's documented limits: docs.github.com/rest/checks/runs. */
const MOST = { actions: 3, label: 20, description: 40, identifier: 20, text: 65_535, annotations: 50 }

const create: RepositoryEndpoint = async (call) => {
  const app = appOf(call)
  checkLimits(call.request.body)
  const sha = text(call, "head_sha") ?? ""
  if (!resolveCommit(call.state, call.repository, sha)) throw unprocessable(`No commit found for SHA: ${sha}`)
  const row = await store(call, "POST", "")
  const { state, repository } = call
  const kept = keep(state, row, call.request.body, [])
  const mine = state.tables.checkRuns.update(kept.id, { app_id: app.app_id }) as CheckRunRow
  sendCheckRun(state, repository, mine, "created")
  if (mine.status === "completed") sendCheckRun(state, repository, mine, "completed")
  return created(checkRun(state, repository, mine))
}

const update: RepositoryEndpoint = async (call) => {
  const app = appOf(call)
  checkLimits(call.request.body)
  const before = find(call)
  if (before.app_id !== app.app_id) {
    throw forbidden(
      `Invalid app_id \`${app.app_id}\` - check run can only be modified by the GitHub App that created it.`,
    )
  }
  const row = await store(call, "PATCH", `/${before.id}`)
  const kept = keep(call.state, row, call.request.body, before.output.annotations, before.actions)
  if (before.status !== "completed" && kept.status === "completed") {
    sendCheckRun(call.state, call.repository, kept, "completed")
  }
  return ok(checkRun(call.state, call.repository, kept))
}

/** Lets the emulator keep the run, under the caller's own token. */
async function store(call: RepositoryCall, method: string, under: string): Promise<CheckRunRow> {
  const { state, repository, caller, request } = call
  const now = iso(state.now())
  const { app_id: _, ...body } = request.body
  const completes = body.status === "completed" || (body.conclusion !== undefined && body.status === undefined)
  const answer = await askEmulator(
    state,
    "token" in caller ? caller.token : undefined,
    method,
    `/repos/${repository.full_name}/check-runs${under}`,
    {
      ...body,
      // A conclusion completes the run: "Providing conclusion will automatically set the status to completed".
      ...(completes ? { status: "completed", completed_at: body.completed_at ?? now } : {}),
    },
  )
  if (answer.status >= 300) throw unprocessable(String((answer.body as Json).message))
  return state.tables.checkRuns.get((answer.body as { id: number }).id) as CheckRunRow
}

/** Keeps what the emulator drops: buttons under GitHub's names, annotations in full and added to, not replaced. */
function keep(
  state: GitHubState,
  row: CheckRunRow,
  body: Json,
  annotations: Json[],
  actions: Action[] | null = null,
): CheckRunRow {
  const output = body.output as { annotations?: Json[] } | undefined
  return state.tables.checkRuns.update(row.id, {
    actions: Array.isArray(body.actions) ? (body.actions as Action[]) : actions,
    output: { ...row.output, annotations: [...annotations, ...(output?.annotations ?? [])] },
  }) as CheckRunRow
}

function checkLimits(body: Json): void {
  const actions = (body.actions ?? []) as Partial<Action>[]
  if (actions.length > MOST.actions) throw tooLong("actions", `no more than ${MOST.actions} items are allowed`)
  for (const action of actions) {
    for (const part of ["label", "description", "identifier"] as const) {
      const value = action[part]
      if (typeof value !== "string" || value === "") throw tooLong(`actions.${part}`, "wasn't supplied")
      if ([...value].length > MOST[part])
        throw tooLong(`actions.${part}`, `is too long (maximum is ${MOST[part]} characters)`)
    }
  }
  const output = body.output as
    | { title?: unknown; summary?: unknown; text?: unknown; annotations?: unknown[] }
    | undefined
  if (!output) return
  if (typeof output.title !== "string" || typeof output.summary !== "string") {
    throw tooLong("output", "requires title and summary")
  }
  for (const part of ["summary", "text"] as const) {
    const value = output[part]
    if (typeof value === "string" && Buffer.byteLength(value) > MOST.text) {
      throw tooLong(`output.${part}`, `is too long (maximum is ${MOST.text} characters)`)
    }
  }
  if ((output.annotations?.length ?? 0) > MOST.annotations) {
    throw tooLong("output.annotations", `no more than ${MOST.annotations} items are allowed`)
  }
}

const tooLong = (field: string, what: string) => unprocessable(`Invalid request.\n\n${field} ${what}.`)

const get: RepositoryEndpoint = (call) => ok(checkRun(call.state, call.repository, find(call)))

const listForRef: RepositoryEndpoint = (call): Answer => {
  const { state, repository, request } = call
  const commit = resolveCommit(state, repository, call.params.ref)
  if (!commit) throw unprocessable(`No commit found for SHA: ${call.params.ref}`)
  const { query } = request
  const wanted = (row: CheckRunRow) =>
    row.head_sha === commit.sha &&
    (!query.has("check_name") || row.name === query.get("check_name")) &&
    (!query.has("status") || row.status === query.get("status")) &&
    (!query.has("app_id") || String(row.app_id) === query.get("app_id"))
  const rows = checkRunsOf(state, repository).filter(wanted)
  const shown = query.get("filter") === "all" ? rows : latestOf(rows)
  const page = paged(call, shown)
  return ok(
    { total_count: shown.length, check_runs: page.items.map((row) => checkRun(state, repository, row)) },
    page.headers,
  )
}

/** All check runs of a repository, newest first. */
export const checkRunsOf = (state: GitHubState, repository: RepositoryRow): CheckRunRow[] =>
  state.tables.checkRuns.findBy("repo_id", repository.id).sort((a, b) => b.id - a.id)

/** The suites of which a run was reported; those that no App ever used are left out here. */
const listSuites: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const commit = resolveCommit(state, repository, call.params.ref)
  if (!commit) throw unprocessable(`No commit found for SHA: ${call.params.ref}`)
  const rows = checkRunsOf(state, repository).filter((row) => row.head_sha === commit.sha)
  const suites = [...Map.groupBy(rows, suiteId).values()]
  const page = paged(call, suites)
  const shape = (runs: CheckRunRow[]) => ({
    ...checkSuite(state, repository, latestOf(runs)),
    repository: repositoryShape(state, repository),
  })
  return ok({ total_count: suites.length, check_suites: page.items.map(shape) }, page.headers)
}

/** The newest run of each suite and name, of runs that are newest first. */
function latestOf(rows: CheckRunRow[]): CheckRunRow[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const key = `${suiteId(row)} ${row.name}`
    return !seen.has(key) && seen.add(key)
  })
}

const listAnnotations: RepositoryEndpoint = (call) => {
  const row = find(call)
  const page = paged(call, row.output.annotations)
  return ok(
    page.items.map((item) => annotation(call.state, call.repository, row, item)),
    page.headers,
  )
}

const rerequest: RepositoryEndpoint = (call) => {
  sendCheckRun(call.state, call.repository, find(call), "rerequested")
  return created({})
}

/** Sends a check run's event; the sender is the run's App unless a person is named. */
export function sendCheckRun(
  state: GitHubState,
  repository: RepositoryRow,
  row: CheckRunRow,
  action: string,
  more: Json = {},
  by?: UserRow,
): void {
  const app = state.tables.apps.all().find((candidate) => candidate.app_id === row.app_id)
  const bot = app && state.tables.users.findOneBy("login", `${app.slug}[bot]`)
  const sender = by ?? bot
  if (!sender) throw new Error(`check run ${row.id} belongs to no App`)
  emit(state, repository, sender, "check_run", {
    action,
    check_run: hookCheckRun(state, repository, row),
    ...more,
  })
  if (action === "completed") sendSuite(state, repository, row, sender)
}

/** A suite ends with the last of its runs. */
function sendSuite(state: GitHubState, repository: RepositoryRow, row: CheckRunRow, sender: UserRow): void {
  const runs = checkRunsOf(state, repository).filter((other) => suiteId(other) === suiteId(row))
  const suite = checkSuite(state, repository, latestOf(runs))
  if (suite.status === "completed")
    emit(state, repository, sender, "check_suite", { action: "completed", check_suite: suite })
}

function find(call: RepositoryCall): CheckRunRow {
  const row = call.state.tables.checkRuns.get(numberParam(call, "check_run_id"))
  if (row?.repo_id !== call.repository.id) throw notFound()
  return row
}

export const checkEndpoints: Record<string, RepositoryEndpoint> = {
  "checks/create": create,
  "checks/update": update,
  "checks/get": get,
  "checks/list-for-ref": listForRef,
  "checks/list-suites-for-ref": listSuites,
  "checks/list-annotations": listAnnotations,
  "checks/rerequest-run": rerequest,
}
