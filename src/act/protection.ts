import type { EffectOf } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { isSameEnvironment } from "../model/protection.ts"
import { toPeerError } from "../peers/errors.ts"
import { renderProtectionNote } from "../render/protection-note.ts"
import type { Family, OnGitHub } from "./context.ts"

type Content = EffectOf<"protection-answer">["content"]

/**
 * Approves or rejects what waits at an environment. GitHub takes one answer; a second one is refused. So an answer that it
 * refuses, or one that may have reached it before a crash, is held against the run's pending deployments: where the
 * environment is none of them any more, it was answered, or the run is over.
 * https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
 */
export const protectionAnswer: Family<"protection-answer", OnGitHub> = async ({ content }, context) => {
  if (context.mayHaveHappened && !(await isPending(content, context))) return ANSWERED
  try {
    await send(content, context, content.note.is === "approved" ? "approved" : "rejected")
    return DONE
  } catch (error) {
    if (toPeerError(error).is === "invalid" && !(await isPending(content, context))) return ANSWERED
    throw error
  }
}

/**
 * Says what is waited for. GitHub lists these comments nowhere: one that may have been said is not said again, since what
 * it says stands on the check run as well.
 */
export const protectionComment: Family<"protection-comment", OnGitHub> = async ({ content }, context) => {
  if (context.mayHaveHappened) return DONE
  await send(content, context)
  return DONE
}

const DONE: Outcome = { is: "done" }
const ANSWERED: Outcome = { is: "done", result: { waited: false } }

async function send({ run, environment, note }: Content, { octokit, at }: OnGitHub, state?: "approved" | "rejected") {
  const comment = renderProtectionNote(note)
  await octokit.request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule", {
    ...at,
    run_id: Number(run),
    environment_name: environment,
    comment,
    ...(state === undefined ? {} : { state }),
  })
}

/** https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run */
async function isPending({ run, environment }: Content, { octokit, at }: OnGitHub): Promise<boolean> {
  const { data } = await octokit.rest.actions.getPendingDeploymentsForRun({ ...at, run_id: Number(run) })
  return data.some((pending) => isSameEnvironment(pending.environment.name ?? "", environment))
}
