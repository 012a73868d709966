import type { EffectOf } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { type Family, type OnGitHub, refused } from "./context.ts"
import { findRun, runResult, startRun } from "./workflow-runs.ts"

type Content = EffectOf<"dispatch">["content"]

/**
 * Starts the workflow on the release's tag, or sends the event; once. What an attempt without an answer may have started
 * is looked for first. https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export const dispatch: Family<"dispatch", OnGitHub> = async ({ content }, context) => {
  if (context.handle) return { is: "done", handle: context.handle }
  const before = context.mayHaveHappened ? await findRun(content, context) : undefined
  if (before) return done(runResult(before))
  try {
    return "workflow" in content.to
      ? await start(content.to.workflow, content, context)
      : await send(content.to.event, content, context)
  } catch (error) {
    const why = toPeerError(error)
    if (why.is === "gone" || why.is === "invalid") return refused("invalid", advice(content, why.message))
    throw error
  }
}

async function start(workflow: string, { tag, inputs }: Content, context: OnGitHub): Promise<Outcome> {
  const run = await startRun({ workflow, ref: tag, inputs }, context)
  return done(run ? { ...run, name: workflow, state: "running", word: "queued", attempt: 1 } : {})
}

/** https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event */
async function send(event_type: string, { inputs }: Content, { octokit, at }: OnGitHub): Promise<Outcome> {
  await octokit.rest.repos.createDispatchEvent({ ...at, event_type, client_payload: { ...inputs } })
  return done({})
}

const done = (result: { readonly [key: string]: Json }): Outcome => ({
  is: "done",
  handle: { id: typeof result.id === "string" ? result.id : "sent" },
  result,
})

function advice({ to, inputs, tag }: Content, because: string): string {
  if (!("workflow" in to)) return `The event ${to.event} could not be sent. (${because})`
  const names = Object.keys(inputs).join(", ")
  return `${to.workflow} could not be started on ${tag}: it has to be on the default branch and in the tag, with the trigger workflow_dispatch and the inputs ${names}. (${because})`
}

/** What became of a dispatch whose time has passed, as far as GitHub knows. */
export const dispatchLook: Family<"dispatch-look", OnGitHub> = async ({ content }, context) => {
  const { octokit, at } = context
  const run =
    content.run === undefined
      ? await findRun(content, context)
      : (await octokit.rest.actions.getWorkflowRun({ ...at, run_id: Number(content.run) })).data
  return { is: "done", ...(run ? { result: runResult(run) } : {}) }
}
