import { checkRunsOf, sendCheckRun } from "../endpoints/checks.ts"
import type { CheckRunRow, RepositoryRow } from "../rows.ts"
import { suiteId, workflowId } from "../shapes/check-run.ts"
import { extraOf, type GitHubState, repositoryOf, userOf } from "../state.ts"
import { actAs, call, type Stage } from "./act.ts"
import { otherAppToken } from "./installations.ts"

/** A check that another App reports. */
export type CheckInput = {
  repo: string
  sha: string
  name: string
  status?: "queued" | "in_progress" | "completed"
  conclusion?: string
  /** Slug of the App that reports. */
  app?: string
  /** The workflow that the job belongs to. */
  workflow?: string
  /** More jobs of the same suite are still to come, and have no run yet. */
  more?: boolean
  title?: string
  summary?: string
  detailsUrl?: string
}

/** Reports a check as GitHub Actions or another App does: a run that is open is brought on, else a new one made. */
export async function reportCheck(stage: Stage, input: CheckInput): Promise<number> {
  const repository = repositoryOf(stage.state, input.repo)
  const slug = input.app ?? "github-actions"
  const token = otherAppToken(stage.state, repository, slug)
  const app = stage.state.tables.apps.findOneBy("slug", slug)
  const external_id = workflowId(input.workflow)
  const open = checkRunsOf(stage.state, repository).find(
    (row) =>
      row.app_id === app?.app_id &&
      row.head_sha === input.sha &&
      row.name === input.name &&
      row.external_id === external_id &&
      row.status !== "completed",
  )
  const { openSuites } = extraOf(stage.state, repository)
  const suite = suiteId({ head_sha: input.sha, app_id: app?.app_id ?? null, external_id })
  if (input.more) openSuites.add(suite)
  else openSuites.delete(suite)
  const status = input.status ?? "completed"
  const body = {
    name: input.name,
    external_id,
    status,
    ...(status === "completed" ? { conclusion: input.conclusion ?? "success" } : {}),
    ...(input.detailsUrl ? { details_url: input.detailsUrl } : {}),
    ...(input.title ? { output: { title: input.title, summary: input.summary ?? "" } } : {}),
  }
  const path = `/repos/${input.repo}/check-runs`
  const answer = open
    ? await call<{ id: number }>(stage, token, "PATCH", `${path}/${open.id}`, body)
    : await call<{ id: number }>(stage, token, "POST", path, { ...body, head_sha: input.sha })
  return answer.id
}

/** Sets a commit status in a person's name. */
export async function setStatus(
  stage: Stage,
  input: {
    repo: string
    sha: string
    context: string
    state: string
    by: string
    targetUrl?: string
    description?: string
  },
): Promise<void> {
  await actAs(stage, input.by, "POST", `/repos/${input.repo}/statuses/${input.sha}`, {
    state: input.state,
    context: input.context,
    ...(input.targetUrl ? { target_url: input.targetUrl } : {}),
    ...(input.description ? { description: input.description } : {}),
  })
}

/**
 * Presses a button of a check run. Throws where GitHub would show no such button: it shows them on completed runs only.
 * Who may press is the App's business, so anybody may here.
 */
export async function click(
  { state }: Stage,
  input: { repo: string; checkRunId: number; identifier: string; by: string },
): Promise<void> {
  const { repository, row } = findRun(state, input.repo, input.checkRunId)
  if (row.status !== "completed") {
    throw new Error(`${row.name} is ${row.status}: GitHub shows buttons on completed check runs only`)
  }
  const buttons = (row.actions ?? []).map((action) => action.identifier)
  if (!buttons.includes(input.identifier)) {
    throw new Error(`${row.name} has no button ${input.identifier}, but: ${buttons.join(", ") || "none"}`)
  }
  press(state, repository, row, input.identifier, input.by)
}

/** Sends the event of a button that need not be there: for clicks that raced an update, and for forged ones. */
export async function clickAnyway(
  { state }: Stage,
  input: { repo: string; checkRunId: number; identifier: string; by: string },
): Promise<void> {
  const { repository, row } = findRun(state, input.repo, input.checkRunId)
  press(state, repository, row, input.identifier, input.by)
}

function press(state: GitHubState, repository: RepositoryRow, row: CheckRunRow, identifier: string, by: string): void {
  if (row.app_id !== state.app.row.app_id) throw new Error("only the App that made a check run hears its buttons")
  sendCheckRun(state, repository, row, "requested_action", { requested_action: { identifier } }, userOf(state, by))
}

/** Presses "Re-run" on a check run of ours. */
export async function rerequest(
  { state }: Stage,
  input: { repo: string; checkRunId: number; by: string },
): Promise<void> {
  const { repository, row } = findRun(state, input.repo, input.checkRunId)
  sendCheckRun(state, repository, row, "rerequested", {}, userOf(state, input.by))
}

function findRun(state: GitHubState, repo: string, id: number): { repository: RepositoryRow; row: CheckRunRow } {
  const repository = repositoryOf(state, repo)
  const row = state.tables.checkRuns.get(id)
  if (row?.repo_id !== repository.id) throw new Error(`${repo} has no check run ${id}`)
  return { repository, row }
}

/** A workflow attests what it built: `actions/attest-build-provenance` signs with Sigstore and gives GitHub the bundle. */
export function attest({ state }: Stage, repo: string, digest: string, bundle: Record<string, unknown>): void {
  extraOf(state, repositoryOf(state, repo)).attestations.push({ digest, bundle })
}
