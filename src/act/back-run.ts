import type { BackRun, EffectOf } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { CLOCKS_DIFFER_MS, runResult, startRun } from "./workflow-runs.ts"

type Run = Parameters<typeof runResult>[0]

/**
 * Starts the workflow that deploys an earlier release; once. GitHub says which run it started where it is asked to, and
 * makes the run before it answers; what an attempt without an answer may have started is looked for first.
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export const backRun: Family<"back-run", OnGitHub> = async ({ content }, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const before = context.mayHaveHappened ? await find(content, context) : undefined
  if (before) return done(runResult(before))
  try {
    const started = await startRun(content, context)
    if (started) return done({ ...started, state: "running" })
    // An older GitHub Enterprise Server does not say which.
    const found = await find(content, context)
    return found ? done(runResult(found)) : { is: "done", handle: { id: "sent" } }
  } catch (error) {
    const why = toPeerError(error)
    if (why.is === "gone" || why.is === "invalid") return refused("invalid", advice(content, why.message))
    throw error
  }
}

/** How the run is: by its id, or, where nobody was told that, the one that the dispatch must have started. */
export const backRunLook: Family<"back-run-look", OnGitHub> = async ({ content }, context) => {
  const { octokit, at } = context
  const run =
    content.run === undefined
      ? await find(content, context)
      : (await octokit.rest.actions.getWorkflowRun({ ...at, run_id: Number(content.run) })).data
  return { is: "done", ...(run ? { result: runResult(run) } : {}) }
}

const done = (result: { readonly [key: string]: Json }): Outcome => ({
  is: "done",
  handle: { id: String(result.id), ...(typeof result.url === "string" ? { url: result.url } : {}) },
  result,
})

/**
 * The run of our own dispatch: of this workflow, started by us, since it was asked for. Its title says whose it is where the
 * workflow's `run-name` has our mark in it. Where it has none it is the first since then that is not known to be of
 * another rollback: a workflow of that kind is not started a second time when the first may have been.
 */
async function find(
  { workflow, asked, mark }: EffectOf<"back-run-look">["content"],
  { octokit, at, self, handles }: OnGitHub,
): Promise<Run | undefined> {
  const { login } = await self()
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    ...at,
    workflow_id: workflow,
    event: "workflow_dispatch",
    per_page: 100,
  })
  const since = Date.parse(asked) - CLOCKS_DIFFER_MS
  const ours = data.workflow_runs.filter(
    ({ created_at, actor }) => Date.parse(created_at) >= since && (actor?.login ?? login) === login,
  )
  const known = new Set(
    Object.entries(handles).flatMap(([target, { id }]) => (/^(?:back-run|dispatch):/.test(target) ? [id] : [])),
  )
  // GitHub lists the newest first.
  const open = ours.filter(({ id }) => !known.has(String(id))).toReversed()
  const named = open.find(({ display_title }) => marksIn(display_title).includes(mark))
  return named ?? open.find(({ display_title }) => marksIn(display_title).length === 0)
}

const marksIn = (title: string): readonly string[] => title.match(/slipway-\d{1,20}-\d{1,9}(?!\d)/g) ?? []

function advice({ workflow, ref, inputs }: BackRun, because: string): string {
  const names = Object.keys(inputs).join(", ")
  const given = names === "" ? "" : ` and the inputs ${names}`
  return `${workflow} could not be started on ${ref}: it has to be on the default branch and there, with the trigger workflow_dispatch${given}. (${because})`
}
