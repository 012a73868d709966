import type { Check } from "../model/effect.ts"
import type { Outcome } from "../model/outcome.ts"
import { toPeerError } from "../peers/errors.ts"
import { type CheckOutput, renderCheck } from "../render/check-page.ts"
import type { Family, OnGitHub } from "./context.ts"

/**
 * A check run of ours on one commit. It is always completed: GitHub shows buttons on completed runs only, and one
 * that stays open turns `stale` after 14 days. https://docs.github.com/en/rest/checks/runs
 */
export const check: Family<"check", OnGitHub> = async ({ content }, context) => {
  const output = renderCheck(content)
  const known = context.handle ? Number(context.handle.id) : undefined
  const id = known ?? (context.mayHaveHappened ? await find(content, context) : undefined)
  if (id !== undefined) {
    const updated = await update(id, content, output, context)
    if (updated !== "gone") return updated
  }
  const { octokit, at } = context
  const { data } = await octokit.rest.checks.create({
    ...at,
    ...fields(content),
    head_sha: content.sha,
    output: whole(output),
  })
  return done(data)
}

/** GitHub deletes old runs above 1,000 of a name on one commit: then a new one takes its place. */
async function update(
  id: number,
  content: Check,
  output: CheckOutput,
  { octokit, at }: OnGitHub,
): Promise<Outcome | "gone"> {
  try {
    // Annotations are appended with every request and never taken away, so an update brings none: the text has all.
    const { annotations: _, ...rest } = whole(output)
    const { data } = await octokit.rest.checks.update({ ...at, check_run_id: id, ...fields(content), output: rest })
    return done(data)
  } catch (error) {
    if (toPeerError(error).is === "gone") return "gone"
    throw error
  }
}

/** Our newest run of that name on that commit: an earlier attempt's, to be brought up to date. */
async function find({ name, sha }: Check, { octokit, at, self }: OnGitHub): Promise<number | undefined> {
  const { id } = await self()
  const { data } = await octokit.rest.checks.listForRef({
    ...at,
    ref: sha,
    check_name: name,
    app_id: id,
    filter: "latest",
  })
  return data.check_runs.find((run) => run.name === name && run.head_sha === sha)?.id
}

const fields = ({ name, externalId, conclusion, buttons }: Check) => ({
  name,
  external_id: externalId,
  status: "completed" as const,
  conclusion,
  actions: buttons.map(({ label, description, identifier }) => ({ label, description, identifier })),
})

/** An update without a text would leave the old one standing. */
const whole = ({ title, summary, text, annotations }: CheckOutput) => ({
  title,
  summary,
  text: text ?? "",
  ...(annotations ? { annotations: annotations.map((it) => ({ ...it })) } : {}),
})

const done = (data: { id: number; html_url: string | null }): Outcome => ({
  is: "done",
  handle: { id: String(data.id), ...(data.html_url ? { url: data.html_url } : {}) },
})
