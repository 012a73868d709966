import { putLabels } from "../label-issue.ts"
import { repositoryOf, userOf } from "../state.ts"
import { actAs, type Stage } from "./act.ts"

/** Closes an issue, as completed unless another reason is given. */
export async function closeIssue(
  stage: Stage,
  input: { repo: string; number: number; by: string; reason?: "completed" | "not_planned" },
): Promise<void> {
  const body = { state: "closed", state_reason: input.reason ?? "completed" }
  await actAs(stage, input.by, "PATCH", `/repos/${input.repo}/issues/${input.number}`, body)
}

/** Puts a label on an issue, or takes it off. */
export async function labelIssue(
  stage: Stage,
  input: { repo: string; number: number; by: string; label: string; off?: boolean },
): Promise<void> {
  const path = `/repos/${input.repo}/issues/${input.number}/labels`
  if (input.off) await actAs(stage, input.by, "DELETE", `${path}/${encodeURIComponent(input.label)}`)
  else await actAs(stage, input.by, "POST", path, { labels: [input.label] })
}

/** Edits the text of an issue. */
export async function editIssue(
  stage: Stage,
  input: { repo: string; number: number; by: string; title?: string; body?: string },
): Promise<void> {
  const { repo, number, by, ...body } = input
  await actAs(stage, by, "PATCH", `/repos/${repo}/issues/${number}`, body)
}

/** Opens an issue by a form whose file names labels: GitHub puts them on in the name of whoever opened it. */
export async function openByForm(
  stage: Stage,
  input: { repo: string; title: string; by: string; body?: string; labels: readonly string[] },
): Promise<number> {
  const { state } = stage
  const number = await openIssue(stage, input)
  const repository = repositoryOf(state, input.repo)
  const row = state.tables.issues.findBy("repo_id", repository.id).find((item) => item.number === number)
  if (row) putLabels(state, repository, userOf(state, input.by), row, input.labels)
  return number
}

/** Opens an issue. Returns its number. */
export async function openIssue(
  stage: Stage,
  input: { repo: string; title: string; by: string; body?: string },
): Promise<number> {
  const body = { title: input.title, body: input.body ?? "" }
  return (await actAs<{ number: number }>(stage, input.by, "POST", `/repos/${input.repo}/issues`, body)).number
}
