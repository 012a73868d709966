import type { EffectOf } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
import type { OnGitHub } from "./context.ts"

type Asked = Pick<EffectOf<"dispatch-look">["content"], "to" | "asked" | "tag" | "sha">

interface Found {
  readonly id: number
  readonly path: string
  readonly status: string | null
  readonly conclusion: string | null
  readonly run_attempt?: number
  readonly html_url: string
}

/** Two clocks differ, and GitHub rounds to seconds. */
export const CLOCKS_DIFFER_MS = 60_000

/**
 * The run that a dispatch started, by workflow, tag and commit, the newest since it was asked for; or by the event's
 * type, the first since then. https://docs.github.com/en/rest/actions/workflow-runs
 */
export async function findRun({ to, asked, tag, sha }: Asked, { octokit, at }: OnGitHub): Promise<Found | undefined> {
  const since = Date.parse(asked) - CLOCKS_DIFFER_MS
  const { data } =
    "workflow" in to
      ? await octokit.rest.actions.listWorkflowRuns({
          ...at,
          workflow_id: to.workflow,
          event: "workflow_dispatch",
          branch: tag,
          head_sha: sha,
          per_page: 100,
        })
      : await octokit.rest.actions.listWorkflowRunsForRepo({ ...at, event: "repository_dispatch", per_page: 100 })
  const later = data.workflow_runs.filter(({ created_at: at }) => Date.parse(at) >= since)
  // GitHub lists the newest first; an event of the same type may have been sent again for a later release.
  return "workflow" in to ? later[0] : later.findLast((run) => run.display_title === to.event)
}

interface Start {
  readonly workflow: string
  /** A branch or a tag. */
  readonly ref: string
  readonly inputs: { readonly [name: string]: string }
}

/**
 * Starts a workflow. GitHub says which run that is, if it is asked to; an older GitHub Enterprise Server does not.
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 *
 * @returns the run, where GitHub says it. @throws what GitHub refused, as Octokit does
 */
export async function startRun(
  { workflow, ref, inputs }: Start,
  { octokit, at }: OnGitHub,
): Promise<{ readonly id: string; readonly url?: string } | undefined> {
  const { data } = await octokit.rest.actions.createWorkflowDispatch({
    ...at,
    workflow_id: workflow,
    ref,
    inputs: { ...inputs },
    return_run_details: true,
  })
  const started = data as unknown as { readonly workflow_run_id?: number; readonly html_url?: string } | undefined
  if (started?.workflow_run_id === undefined) return undefined
  const { workflow_run_id: id, html_url: url } = started
  return { id: String(id), ...(url === undefined ? {} : { url }) }
}

/** What is told of a run, as the result of an effect. */
export const runResult = (run: Found): { readonly [key: string]: Json } => ({
  id: String(run.id),
  name: (run.path.split("@", 1)[0] ?? "").replace(/^.*\//, ""),
  state: run.status !== "completed" ? "running" : run.conclusion === "success" ? "succeeded" : "failed",
  word: run.conclusion ?? run.status ?? "queued",
  attempt: run.run_attempt ?? 1,
  url: run.html_url,
})
