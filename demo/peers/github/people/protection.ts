import { moveDeployment } from "../endpoints/deployments.ts"
import { askForAnswer } from "../endpoints/protection.ts"
import { resolveCommit } from "../git.ts"
import { type Deployment, extraOf, iso, repositoryOf, userOf, type WaitingJob, type WorkflowRun } from "../state.ts"
import type { Stage } from "./act.ts"

/** Switches the App's protection rule of an environment on, as an admin does in the environment's settings, or off. */
export function protect({ state }: Stage, repo: string, environment: string, isOn = true): void {
  const { protectedBy } = extraOf(state, repositoryOf(state, repo))
  if (isOn) protectedBy.add(environment.toLowerCase())
  else protectedBy.delete(environment.toLowerCase())
}

/** The App reaches the API by way of this address: what is asked of it names that one. */
export function reachAt({ state }: Stage, url: string): void {
  state.reachedAt = url
}

/**
 * Starts a run of a workflow whose one job deploys to an environment. Where the App's rule is on there, the job waits
 * and the App is asked; else it goes on at once. Returns the run's id.
 */
export function startDeploying(
  { state }: Stage,
  input: { repo: string; by: string; ref: string; environment: string; event?: WorkflowRun["event"] },
): number {
  const repository = repositoryOf(state, input.repo)
  const actor = userOf(state, input.by)
  const sha = resolveCommit(state, repository, input.ref)?.sha
  if (!sha) throw new Error(`${input.repo} has no ref ${input.ref}`)
  const at = iso(state.now())
  const run: WorkflowRun = {
    id: state.nextId(),
    path: ".github/workflows/deploy.yml",
    event: input.event ?? "workflow_dispatch",
    title: "deploy",
    ref: input.ref,
    sha,
    status: "queued",
    conclusion: null,
    attempt: 1,
    given: {},
    actorId: actor.id,
    at,
    updatedAt: at,
    waiting: [],
  }
  extraOf(state, repository).runs.push(run)
  deployAgain({ state }, { ...input, runId: run.id })
  return run.id
}

/** The job of such a run begins: the first time, or as a re-run, which GitHub makes a deployment of its own for. */
export function deployAgain(
  { state }: Pick<Stage, "state">,
  input: { repo: string; by: string; runId: number; environment: string },
): void {
  const repository = repositoryOf(state, input.repo)
  const run = runOf(state, input)
  const { deployments, protectedBy } = extraOf(state, repository)
  const at = iso(state.now())
  const { environment } = input
  const item: Deployment = {
    id: state.nextId(),
    sha: run.sha,
    ref: run.ref,
    task: "deploy",
    payload: {},
    environment,
    originalEnvironment: environment,
    description: null,
    transient: false,
    production: environment === "production",
    creatorId: userOf(state, input.by).id,
    appId: null,
    statuses: [],
    at,
    updatedAt: at,
  }
  deployments.push(item)
  if (!protectedBy.has(environment.toLowerCase())) {
    run.status = "in_progress"
    moveDeployment(state, repository, item, "in_progress")
    return
  }
  const job: WaitingJob = { environment, deploymentId: item.id, reports: [] }
  run.status = "waiting"
  run.waiting = [...(run.waiting ?? []), job]
  moveDeployment(state, repository, item, "waiting")
  askForAnswer(state, repository, userOf(state, input.by), run, job)
}

/** The job of such a run ends; of a run that waits: somebody cancels it. */
export function endDeploying(
  { state }: Stage,
  input: { repo: string; runId: number; state: "success" | "failure" | "error" },
): void {
  const repository = repositoryOf(state, input.repo)
  const run = runOf(state, input)
  Object.assign(run, { status: "completed", conclusion: input.state === "success" ? "success" : "failure" })
  const mine = extraOf(state, repository).deployments.filter(
    ({ sha, ref, at }) => sha === run.sha && ref === run.ref && at >= run.at,
  )
  const asked = run.waiting?.map(({ deploymentId }) => deploymentId) ?? []
  const item = mine.findLast(({ id }) => asked.includes(id)) ?? mine.at(-1)
  if (!item) throw new Error(`run ${run.id} deploys nothing`)
  run.waiting = run.waiting?.map((job) => ({ ...job, verdict: job.verdict ?? "rejected" })) ?? []
  moveDeployment(state, repository, item, input.state)
}

/** What became of the jobs of a run that waited for the App: its verdict, comment and reports. */
export const answersOf = ({ state }: Stage, repo: string, runId: number): readonly Readonly<WaitingJob>[] =>
  runOf(state, { repo, runId }).waiting ?? []

/** Sends the App's question of a waiting run once more, as another delivery. */
export function askAgain({ state }: Stage, input: { repo: string; by: string; runId: number }): void {
  const run = runOf(state, input)
  for (const job of run.waiting ?? [])
    askForAnswer(state, repositoryOf(state, input.repo), userOf(state, input.by), run, job)
}

function runOf(state: Stage["state"], { repo, runId }: { repo: string; runId: number }): WorkflowRun {
  const run = extraOf(state, repositoryOf(state, repo)).runs.find(({ id }) => id === runId)
  if (!run) throw new Error(`${repo} has no workflow run ${runId}`)
  return run
}
