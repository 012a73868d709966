import { start, tellRun } from "../endpoints/actions.ts"
import { refSha } from "../git.ts"
import { extraOf, iso, repositoryOf, userOf, type WorkflowRun } from "../state.ts"
import type { Stage } from "./act.ts"

/** A workflow run goes on, or ends with a conclusion; `again` is its re-run. */
export function moveRun(
  { state }: Stage,
  input: { repo: string; runId: number; by: string } & (
    | { to: "in_progress" | "again" }
    | { to: "completed"; conclusion: "success" | "failure" | "cancelled" | "timed_out" }
  ),
): void {
  const repository = repositoryOf(state, input.repo)
  const run = extraOf(state, repository).runs.find(({ id }) => id === input.runId)
  if (!run) throw new Error(`${input.repo} has no workflow run ${input.runId}`)
  run.updatedAt = iso(state.now())
  run.status = input.to === "again" ? "queued" : input.to
  run.conclusion = input.to === "completed" ? input.conclusion : null
  if (input.to === "again") run.attempt += 1
  const action = input.to === "again" ? "requested" : input.to
  tellRun(state, repository, userOf(state, input.by), run, action)
}

/** Runs that dispatches started, oldest first. */
export const runsOf = ({ state }: Stage, repo: string): readonly Readonly<WorkflowRun>[] =>
  extraOf(state, repositoryOf(state, repo)).runs

/** Somebody presses “Run workflow”. */
export function startRun(
  { state }: Stage,
  { repo, by, workflow, ref }: { repo: string; by: string; workflow: string; ref: string },
): number {
  const repository = repositoryOf(state, repo)
  const sha = refSha(state, repository, `refs/tags/${ref}`) ?? refSha(state, repository, `refs/heads/${ref}`)
  if (!sha) throw new Error(`${repo} has no ${ref}`)
  const path = `.github/workflows/${workflow}`
  return start(state, repository, userOf(state, by), {
    path,
    ref,
    sha,
    given: {},
    event: "workflow_dispatch",
    title: path,
  }).id
}
