import { actAs, type Stage } from "./act.ts"

/** Closes an issue, as completed unless another reason is given. */
export async function closeIssue(
  stage: Stage,
  input: { repo: string; number: number; by: string; reason?: "completed" | "not_planned" },
): Promise<void> {
  const body = { state: "closed", state_reason: input.reason ?? "completed" }
  await actAs(stage, input.by, "PATCH", `/repos/${input.repo}/issues/${input.number}`, body)
}

/** Opens an issue. Returns its number. */
export async function openIssue(
  stage: Stage,
  input: { repo: string; title: string; by: string; body?: string },
): Promise<number> {
  const body = { title: input.title, body: input.body ?? "" }
  return (await actAs<{ number: number }>(stage, input.by, "POST", `/repos/${input.repo}/issues`, body)).number
}
